import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import type { Change } from "@rollcall/core/contract/runs.ts";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { personHistoryOptions } from "../../api/people.ts";
import { EmptyState } from "../../components/EmptyState.tsx";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { useFieldLabels } from "../../components/use-field-labels.ts";
import { ValueChanges } from "../../components/ValueChange.tsx";
import { paths } from "../../paths.ts";
import { formatDateTime } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import { ChangeKind } from "../runs/ChangeKind.tsx";
import { reasonWords, withheldWords } from "../runs/run-words.ts";

/** What changed when, the newest first: old → new, by which run or by hand. */
export function PersonHistory({ id }: { readonly id: string }) {
  const labelOf = useFieldLabels();
  const history = useInfiniteQuery(personHistoryOptions(id));
  if (history.isPending) return <LoadingCards />;
  if (history.isError && history.data === undefined) {
    return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  }
  const changes = history.data.pages.flatMap((page) => page.data);
  if (changes.length === 0) {
    return (
      <Card>
        <EmptyState icon={IconHistory} title="Nothing has changed yet">
          Each change by a run or by hand is kept here with the old and the new value.
        </EmptyState>
      </Card>
    );
  }
  return (
    <Stack gap="md" component="ol" m={0} p={0} style={{ listStyle: "none" }}>
      {changes.map((change) => (
        <li key={change.id}>
          <HistoryEntry change={change} labelOf={labelOf} />
        </li>
      ))}
      {history.hasNextPage && (
        <li>
          <Button variant="default" loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
            Show older changes
          </Button>
        </li>
      )}
    </Stack>
  );
}

type EntryProps = { readonly change: Change; readonly labelOf: (field: string) => string };

function HistoryEntry({ change, labelOf }: EntryProps) {
  return (
    <Card>
      <Group gap="xs" mb="sm">
        <Title order={2}>
          <time dateTime={change.at}>{formatDateTime(change.at)}</time>
        </Title>
        <ChangeKind kind={change.kind} />
        {change.runId === null ? (
          <Text>by hand{change.actor === null ? "" : `, ${change.actor}`}</Text>
        ) : (
          <Link to={paths.run(change.runId)}>by a run</Link>
        )}
      </Group>
      {change.reason !== null && change.reason !== "by hand" && <Text mb="xs">{reasonWords(change.reason)}.</Text>}
      {change.withheld !== null && <Text mb="xs">{withheldWords(change.withheld)}.</Text>}
      <ValueChanges fields={change.fields} labelOf={labelOf} />
    </Card>
  );
}
