import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "./problem-error.ts";

/** Answers are fresh for a few seconds; what the server refused is not asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ProblemError) || [0, 502, 503, 504].includes(error.problem.status)),
      retryDelay: (failures) => 300 * 2 ** failures,
    },
  },
});
