import { Button, Group, List, Stack, Text } from "@mantine/core";
import { problemOf } from "../api/problem-error.ts";
import { Notice } from "../ui/Notice.tsx";

type Props = {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** Pointers that are shown at their own fields and not repeated here. */
  readonly shownElsewhere?: readonly string[];
};

/** A problem in words: what happened, what to do, where; announced to screen readers. */
export function Problem({ error, onRetry, shownElsewhere = [] }: Props) {
  const problem = problemOf(error);
  const others = problem.errors.filter(({ pointer }) => !shownElsewhere.includes(pointer));
  return (
    <Notice tone="bad" title={problem.detail} role="alert">
      <Stack gap="xs" mt={4}>
        {others.length > 0 && (
          <List size="sm">
            {others.map(({ pointer, message }) => (
              <List.Item key={`${pointer} ${message}`}>{message}</List.Item>
            ))}
          </List>
        )}
        <Text size="sm">{problem.nextStep}</Text>
        <Group gap="md">
          {onRetry !== undefined && (
            <Button size="xs" variant="default" onClick={onRetry}>
              Try again
            </Button>
          )}
          <Text size="xs" c="dimmed">
            {problem.code}
            {problem.requestId !== "" && <>, request {problem.requestId}</>}
          </Text>
        </Group>
      </Stack>
    </Notice>
  );
}
