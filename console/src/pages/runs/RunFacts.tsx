import { Card, Title } from "@mantine/core";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { useQuery } from "@tanstack/react-query";
import { undoneByOptions } from "../../api/runs.ts";
import { paths } from "../../paths.ts";
import { Fact, Facts } from "../../ui/Facts.tsx";
import { formatDateTime, formatNumber } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import { tookWords, triggerWords } from "./run-words.ts";

/** When, why, how long; and the runs this one is about. */
export function RunFacts({ run }: { readonly run: Run }) {
  const undoneBy = useQuery(undoneByOptions(run));
  const took = tookWords(run);
  const { startedAt, finishedAt, ofRunId, progress, attempt } = run;
  return (
    <Card component="section" aria-labelledby="facts-title">
      <Title order={2} id="facts-title" mb="sm">
        About this run
      </Title>
      <Facts>
        <Fact label="Integration">
          <Link to={paths.integration(run.integrationId)}>{run.integrationName}</Link>
        </Fact>
        <Fact label="Why it ran">{triggerWords(run)}</Fact>
        {ofRunId !== null && (
          <Fact label={run.kind === "undo" ? "Takes back" : "Retries"}>
            <Link to={paths.run(ofRunId)}>
              {run.kind === "undo" ? "the undone run" : "the run with the failed records"}
            </Link>
          </Fact>
        )}
        {undoneBy.data !== undefined && undoneBy.data !== null && (
          <Fact label="Undone by">
            <Link to={paths.run(undoneBy.data.id)}>the undo of {formatDateTime(undoneBy.data.queuedAt)}</Link>
          </Fact>
        )}
        <Fact label="Queued">{formatDateTime(run.queuedAt)}</Fact>
        <Fact label="Started">{startedAt === null ? "not yet" : formatDateTime(startedAt)}</Fact>
        <Fact label="Finished">{finishedAt === null ? "not yet" : formatDateTime(finishedAt)}</Fact>
        {run.kind === "sync" && (
          <Fact label="Read by">
            <Reader run={run} />
          </Fact>
        )}
        {took !== null && <Fact label="Took">{took}</Fact>}
        {run.kind === "sync" && <Fact label="Pages read">{formatNumber(progress.pages)}</Fact>}
        {run.coverage !== null && (
          <Fact label="Seen everybody">{run.coverage.complete ? "Yes, proven" : "No, see what could not be read"}</Fact>
        )}
        {attempt > usualAttempts(run) && <Fact label="Begun">{attempt} times; it went on where it had stopped</Fact>}
        <Fact label="Number">
          <code>{run.id}</code>
        </Fact>
      </Facts>
    </Card>
  );
}

/** Who reads the vendor; a runner's name leads to the runners. */
function Reader({ run: { reader, runner } }: { readonly run: Run }) {
  if (reader === "server") return <>this server</>;
  if (runner === null) return <>a local runner; none has it now</>;
  return (
    <>
      the runner{" "}
      <Link to={paths.runners()} underline="always">
        {runner.name}
      </Link>
    </>
  );
}

/** What a runner has read, a worker takes over to plan and apply it. */
function usualAttempts({ reader }: Run): number {
  return reader === "runner" ? 2 : 1;
}
