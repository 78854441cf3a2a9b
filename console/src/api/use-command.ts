import { useMutation, useQueryClient } from "@tanstack/react-query";

/**
 * A change: sends it, then makes everything shown below the given paths fresh (all of it when none is given). Errors are thrown to the caller of
 * `mutateAsync`, or stand in `error`.
 */
export function useCommand<Input, Answer>(
  send: (input: Input) => Promise<Answer>,
  refreshes: readonly string[] = [],
  onDone?: (answer: Answer) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (answer) => {
      onDone?.(answer);
      const isTouched = (path: unknown) =>
        refreshes.length === 0 || (typeof path === "string" && refreshes.some((each) => path.startsWith(each)));
      return client.invalidateQueries({ predicate: ({ queryKey }) => isTouched(queryKey[0]) });
    },
  });
}
