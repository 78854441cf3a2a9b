import { type Run, runCountsSchema } from "@rollcall/core/contract/runs.ts";
import { planAt } from "./open-plan.ts";
import type { RunProgress, RunRow } from "./run-row.ts";

/** A row with the names that a screen shows beside it. */
export type NamedRunRow = RunRow & {
  readonly integrationName: string;
  readonly requestedByName: string | null;
  readonly decidedByName: string | null;
  readonly runnerName: string | null;
};

/** The run as the API gives it at `now`: the plan's expiry, the rate and the time left are worked out here. */
export function runDocument(row: NamedRunRow, now: Date): Run {
  return {
    id: row.id,
    integrationId: row.integrationId,
    integrationName: row.integrationName,
    kind: row.kind,
    ofRunId: row.ofRunId,
    trigger: row.trigger,
    requestedBy: row.requestedByName,
    status: row.status,
    stage: row.stage,
    dryRun: row.dryRun,
    reader: row.reader,
    runner: row.runnerId === null || row.runnerName === null ? null : { id: row.runnerId, name: row.runnerName },
    attempt: row.attempt,
    queuedAt: row.queuedAt.toISOString(),
    startedAt: instant(row.startedAt),
    finishedAt: instant(row.finishedAt),
    cancelRequestedAt: instant(row.cancelRequestedAt),
    coverage: row.coverage,
    counts: runCountsSchema.parse(row.counts),
    progress: progressAt(row, now),
    plan: planAt(row, now),
    planExpiresAt: instant(row.planExpiresAt),
    guard: row.guard,
    decision:
      row.decidedAt === null
        ? null
        : { by: row.decidedByName, at: row.decidedAt.toISOString(), reason: row.decisionReason },
    error: row.error,
  };
}

/** Records a second since fetching began, and the seconds until the vendor's total at that rate; null where unknown. */
export function progressAt(
  { progress, status, stage }: { readonly progress: Partial<RunProgress>; status: Run["status"]; stage: Run["stage"] },
  now: Date,
): Run["progress"] {
  const { pages = 0, records = 0, expected = null, startedAt, startedAtRecords = 0 } = progress;
  const seconds = startedAt === undefined ? 0 : (now.getTime() - Date.parse(startedAt)) / 1000;
  const fetching = status === "running" && stage === "fetching" && seconds > 0;
  const rate = fetching ? (records - startedAtRecords) / seconds : 0;
  const left = expected === null ? null : Math.max(0, expected - records);
  return {
    pages,
    records,
    expected,
    ratePerSecond: rate > 0 ? Math.round(rate * 10) / 10 : null,
    secondsLeft: rate > 0 && left !== null ? Math.ceil(left / rate) : null,
  };
}

function instant(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
