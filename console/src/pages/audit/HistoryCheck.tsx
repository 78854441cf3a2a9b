import { Card, Group, List, Stack, Text, Title } from "@mantine/core";
import type { HistoryCheck as Outcome } from "@rollcall/core/contract/access.ts";
import { IconShieldCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { checkHistory } from "../../api/audit.ts";
import { Problem } from "../../components/Problem.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { Link } from "../../ui/Link.tsx";
import { Notice } from "../../ui/Notice.tsx";

/** Whether somebody has tampered with the history of what runs changed. */
export function HistoryCheck() {
  const check = useMutation({ mutationFn: () => checkHistory() });
  return (
    <Card component="section" aria-labelledby="history-check" mb="lg">
      <Stack gap="md">
        <Group justify="space-between" gap="md">
          <div>
            <Title order={2} id="history-check">
              Is the history untouched?
            </Title>
            <Text size="sm" c="dimmed" maw="72ch">
              What a run changes is sealed when it is applied, and every seal covers the one before. The check computes
              all seals again and finds what was edited, added or removed in the database afterwards.
            </Text>
          </div>
          <PermissionButton
            permission="audit.read"
            variant="default"
            leftSection={<IconShieldCheck size={16} aria-hidden />}
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            Check the history
          </PermissionButton>
        </Group>
        {check.isError && <Problem error={check.error} onRetry={() => check.mutate()} />}
        {check.isSuccess && <CheckOutcome outcome={check.data} />}
      </Stack>
    </Card>
  );
}

const shown = 20;

function CheckOutcome({ outcome: { ok, broken, brokenEdits } }: { readonly outcome: Outcome }) {
  if (ok) {
    return (
      <Notice tone="good" title="The history is as it was written" role="status">
        <Text size="sm">
          Every change, of runs and by hand, still gives the seal that was made when it was written.
        </Text>
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title="The history is not as it was written" role="alert">
      <Text size="sm">
        Somebody changed the database past Rollcall, or a backup was put back in part. Find out who has access to the
        database, and compare with a backup from before.
      </Text>
      <List size="sm" mt="xs">
        {broken.slice(0, shown).map(({ runId, broken: how }) => (
          <List.Item key={runId}>
            <Link to={paths.run(runId)} underline="always">
              Run {runId}
            </Link>
            : {brokenWords[how]}
          </List.Item>
        ))}
      </List>
      {broken.length > shown && <Text size="sm">And {broken.length - shown} more runs.</Text>}
      {brokenEdits.length > 0 && (
        <List size="sm" mt="xs">
          {brokenEdits.slice(0, shown).map(({ changeId, personId }) => (
            <List.Item key={changeId}>
              {personId === null ? (
                `Change ${changeId}`
              ) : (
                <Link to={paths.person(personId, "history")} underline="always">
                  Change {changeId} of a person
                </Link>
              )}
              : what was done by hand was edited.
            </List.Item>
          ))}
        </List>
      )}
      {brokenEdits.length > shown && <Text size="sm">And {brokenEdits.length - shown} more changes by hand.</Text>}
    </Notice>
  );
}

const brokenWords = {
  change: "a change of it was edited.",
  chain: "a change was added or removed, or an earlier run was changed.",
} as const satisfies Record<Outcome["broken"][number]["broken"], string>;
