import type { Run, RunCounts } from "@rollcall/core/contract/runs.ts";

/** A run as the database has it, with camel-case names; instants are dates. */
export type RunRow = {
  readonly id: string;
  readonly integrationId: string;
  readonly kind: Run["kind"];
  readonly ofRunId: string | null;
  readonly trigger: Run["trigger"];
  readonly requestedBy: string | null;
  readonly dryRun: boolean;
  /** When set, the run acts on these vendor keys alone and judges nobody absent. */
  readonly onlyKeys: readonly string[] | null;
  readonly status: Run["status"];
  readonly stage: Run["stage"];
  /** Who reads the vendor: our workers, or a runner on the customer's machine. */
  readonly reader: "server" | "runner";
  readonly runnerId: string | null;
  readonly revision: number | null;
  readonly attempt: number;
  readonly lease: string | null;
  readonly heartbeatAt: Date | null;
  readonly cancelRequestedAt: Date | null;
  readonly checkpoint: unknown;
  readonly progress: Partial<RunProgress>;
  readonly coverage: Run["coverage"];
  readonly counts: Partial<RunCounts>;
  readonly error: Run["error"];
  readonly plan: Run["plan"];
  readonly planExpiresAt: Date | null;
  readonly guard: Run["guard"];
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decisionReason: string | null;
  readonly appliedAt: Date | null;
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

/** How far the fetching is. `startedAt` (ISO 8601) and `startedAtRecords` say from where the rate is counted. */
export type RunProgress = {
  readonly pages: number;
  readonly records: number;
  /** What the vendor says there is, when it says so. */
  readonly expected: number | null;
  readonly startedAt: string;
  /** Records already there at `startedAt`; more than 0 after a resume. */
  readonly startedAtRecords?: number;
};

/** The columns of `run` under the names of RunRow, for select and returning; `run` must be in scope under its name. */
export const runColumns = `
  run.id, run.integration_id as "integrationId", run.kind, run.of_run_id as "ofRunId", run.trigger,
  run.requested_by as "requestedBy", run.dry_run as "dryRun", run.only_keys as "onlyKeys", run.status, run.stage,
  run.reader, run.runner_id as "runnerId", run.revision, run.attempt, run.lease, run.heartbeat_at as "heartbeatAt",
  run.cancel_requested_at as "cancelRequestedAt", run.checkpoint, run.progress, run.coverage, run.counts, run.error,
  run.plan, run.plan_expires_at as "planExpiresAt", run.guard, run.decided_by as "decidedBy",
  run.decided_at as "decidedAt", run.decision_reason as "decisionReason", run.applied_at as "appliedAt",
  run.queued_at as "queuedAt", run.started_at as "startedAt", run.finished_at as "finishedAt"`;
