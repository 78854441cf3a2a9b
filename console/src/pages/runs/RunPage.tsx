import { Alert, Stack } from "@mantine/core";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useCallback } from "react";
import { runOptions, runPath } from "../../api/runs.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { LoadingCards } from "../../components/LoadingTable.tsx";
import { PageHeader } from "../../components/PageHeader.tsx";
import { paths } from "../../paths.ts";
import { formatDateTime } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import { CountsPicture } from "./CountsPicture.tsx";
import { PlanDecision } from "./PlanDecision.tsx";
import { RunActions } from "./RunActions.tsx";
import { RunFacts } from "./RunFacts.tsx";
import { RunGaps } from "./RunGaps.tsx";
import { RunProgress } from "./RunProgress.tsx";
import { RunStatus } from "./RunStatus.tsx";
import { RunTabs } from "./RunTabs.tsx";
import { asksForDecision, isUnderWay } from "./run-decisions.ts";
import { kindWords, statusWords } from "./run-words.ts";
import { useLiveRun } from "./use-live-run.ts";

/** One run: how far it is, what it did or would do, why, and what can be done about it. */
export function RunPage() {
  const { id = "" } = useParams({ strict: false });
  const run = useQuery(runOptions(id));
  if (run.isPending) return <LoadingCards />;
  if (run.isError && run.data === undefined) {
    return (
      <>
        <PageHeader title="Run" crumbs={[{ label: "Runs", to: paths.runs() }]} />
        <ErrorState error={run.error} onRetry={() => void run.refetch()} />
      </>
    );
  }
  return <RunView key={id} run={run.data} />;
}

function RunView({ run }: { readonly run: Run }) {
  const client = useQueryClient();
  const underWay = isUnderWay(run);
  const onFinished = useCallback(
    ({ id }: Run) => {
      const below = runPath(id);
      // The run itself just came with the event; what it changed is old now.
      void client.invalidateQueries({
        predicate: ({ queryKey: [path, kind] }) => !(path === below && kind === "item"),
      });
    },
    [client],
  );
  const live = useLiveRun(run.id, underWay, onFinished);
  const { meaning } = statusWords(run);
  const kind = kindWords(run);
  const gaps = run.coverage?.gaps ?? [];
  return (
    <>
      <PageHeader
        title={kind === null ? `Run of ${run.integrationName}` : `${kind} of ${run.integrationName}`}
        crumbs={[{ label: "Runs", to: paths.runs() }]}
        documentTitle={`Run of ${run.integrationName}, ${formatDateTime(run.queuedAt)}`}
        badge={<RunStatus run={run} />}
        description={
          <span aria-live="polite">
            {formatDateTime(run.queuedAt)}. {meaning}
          </span>
        }
        actions={<RunActions run={run} />}
      />
      <Stack gap="lg">
        {underWay && <RunProgress run={run} live={live} />}
        {run.error !== null && <RunFailure error={run.error} integrationId={run.integrationId} />}
        {asksForDecision(run) && <PlanDecision run={run} />}
        {gaps.length > 0 && <RunGaps gaps={gaps} />}
        {(!underWay || run.counts.fetched > 0) && run.error === null && <CountsPicture counts={run.counts} />}
        {!underWay && <RunTabs run={run} />}
        <RunFacts run={run} />
      </Stack>
    </>
  );
}

type FailureProps = { readonly error: NonNullable<Run["error"]>; readonly integrationId: string };

function RunFailure({ error, integrationId }: FailureProps) {
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={error.message}>
      {error.nextStep}{" "}
      <Link to={paths.integration(integrationId)} underline="always">
        Open the integration
      </Link>
      <br />
      <code>{error.code}</code>
    </Alert>
  );
}
