import type { Run, RunCounts } from "@rollcall/core/contract/runs.ts";
import { errorTable, ProductError } from "@rollcall/core/errors.ts";
import { copyRows } from "../../postgres/copy-into.ts";
import { json } from "../../postgres/copy-row.ts";
import type { Database, Queryable, Transaction } from "../../postgres/database.ts";
import { affected, maybeOne, one } from "../../postgres/query.ts";
import { storableJson } from "../../postgres/storable.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { noteRunEnd } from "../notifications/note-run-end.ts";
import { fenceRun } from "./run-fence-store.ts";
import { lockRun } from "./run-request-store.ts";
import { type RunProgress, type RunRow, runColumns } from "./run-row.ts";

export type Claim =
  | { readonly kind: "claimed"; readonly run: RunRow }
  /** Finished, or cancelled before it began: there is nothing to do. */
  | { readonly kind: "finished"; readonly status: Run["status"] }
  /** Its runner reads the vendor; nothing is to be done here before it has. */
  | { readonly kind: "with-runner" }
  /** Given up by this claim: the run was begun `maxAttempts` times and never finished. */
  | { readonly kind: "exhausted" }
  | { readonly kind: "missing" };

/** How often a run is begun or taken over before it is given up: its worker dies over it each time. */
export const maxAttempts = 100;

/**
 * Takes a run for `lease` (a new UUID): from waiting, or over from a worker that is dead or thought to be. Whoever held it
 * before can write nothing any more. The engine gives a run's only task to one worker at a time, so its taker need not
 * wait for the old heartbeat to age; and should the old one live, its lease is void.
 */
export async function claimRun(transaction: Transaction, runId: string, lease: string): Promise<Claim> {
  await fenceRun(transaction, runId);
  const run = await lockRun(transaction, runId);
  if (run === undefined) {
    return { kind: "missing" };
  }
  if (run.status !== "queued" && run.status !== "running") {
    return { kind: "finished", status: run.status };
  }
  if (run.reader === "runner" && (run.stage === "waiting" || run.stage === "fetching")) {
    return { kind: "with-runner" };
  }
  if (run.attempt >= maxAttempts) {
    await failUnfinishedRun(transaction, runId, exhausted(runId));
    return { kind: "exhausted" };
  }
  const claimed = await one<RunRow>(
    transaction,
    `update run set status = 'running', lease = $2, attempt = attempt + 1, heartbeat_at = now(),
       started_at = coalesce(started_at, now())
     where id = $1 returning ${runColumns}`,
    [runId, lease],
  );
  return { kind: "claimed", run: claimed };
}

/** Shows that the holder of the lease lives, and tells it whether it still holds the run and whether to cancel. */
export async function heartbeat(
  on: Queryable,
  runId: string,
  lease: string,
): Promise<{ readonly alive: boolean; readonly cancelRequested: boolean }> {
  const row = await maybeOne<{ readonly cancelRequested: boolean }>(
    on,
    `update run set heartbeat_at = now() where id = $1 and lease = $2 and status = 'running'
     returning cancel_requested_at is not null as "cancelRequested"`,
    [runId, lease],
  );
  return { alive: row !== undefined, cancelRequested: row?.cancelRequested ?? false };
}

/**
 * Locks the run until the end of the transaction and proves that the lease still holds it.
 *
 * @throws ProductError `run.superseded`
 */
export async function assertLease(transaction: Transaction, runId: string, lease: string): Promise<void> {
  const held = await maybeOne(
    transaction,
    "select 1 from run where id = $1 and lease = $2 and status = 'running' for update",
    [runId, lease],
  );
  if (held === undefined) {
    throw superseded(runId);
  }
}

/**
 * Proves that the lease holds the run, and keeps it so until the end of the transaction without locking the run's row (run-fence-store.ts).
 *
 * @throws ProductError `run.superseded`
 */
export async function holdLease(transaction: Transaction, runId: string, lease: string): Promise<void> {
  await fenceRun(transaction, runId);
  const held = await maybeOne(transaction, "select 1 from run where id = $1 and lease = $2 and status = 'running'", [
    runId,
    lease,
  ]);
  if (held === undefined) {
    throw superseded(runId);
  }
}

/**
 * Saves from where another worker would go on. Belongs into the transaction that stages what the checkpoint claims.
 *
 * @throws ProductError `run.superseded`
 */
export async function saveCheckpoint(
  transaction: Transaction,
  runId: string,
  lease: string,
  at: { readonly stage: Run["stage"]; readonly checkpoint: unknown; readonly progress?: RunProgress },
): Promise<void> {
  const saved = await affected(
    transaction,
    `update run set stage = $3, checkpoint = $4, progress = coalesce($5, progress), heartbeat_at = now()
     where id = $1 and lease = $2 and status = 'running'`,
    [runId, lease, at.stage, storableJson(at.checkpoint), at.progress === undefined ? null : storableJson(at.progress)],
  );
  if (saved === 0) {
    throw superseded(runId);
  }
}

/** How a run ended. What is absent stays as it is. */
export type RunEnd = {
  readonly status: Exclude<Run["status"], "queued" | "running">;
  readonly coverage?: NonNullable<Run["coverage"]>;
  readonly counts?: Partial<RunCounts>;
  readonly error?: NonNullable<Run["error"]>;
  readonly plan?: Run["plan"];
  readonly planExpiresAt?: Date;
  readonly guard?: NonNullable<Run["guard"]>;
  /** The lists of users it knew of. */
  readonly lists?: readonly string[];
  readonly appliedAt?: Date;
  readonly chainPrevious?: Uint8Array;
  readonly chainHash?: Uint8Array;
};

/**
 * Finishes the run in the transaction of the facts that its end claims.
 *
 * @throws ProductError `run.superseded`
 */
export async function finishRun(transaction: Transaction, runId: string, lease: string, end: RunEnd): Promise<void> {
  const finished = await affected(
    transaction,
    `update run set status = $3, stage = 'finished', finished_at = clock_timestamp(), lease = null, checkpoint = null,
       coverage = coalesce($4, coverage), counts = coalesce($5, counts), error = coalesce($6, error),
       plan = coalesce($7, plan), plan_expires_at = coalesce($8, plan_expires_at), guard = coalesce($9, guard),
       applied_at = coalesce($10, applied_at), chain_previous = coalesce($11, chain_previous),
       chain_hash = coalesce($12, chain_hash), lists = coalesce($13, lists)
     where id = $1 and lease = $2 and status = 'running'`,
    [
      runId,
      lease,
      end.status,
      document(end.coverage),
      document(end.counts),
      document(end.error),
      end.plan ?? null,
      end.planExpiresAt ?? null,
      document(end.guard),
      end.appliedAt ?? null,
      end.chainPrevious ?? null,
      end.chainHash ?? null,
      end.lists ?? null,
    ],
  );
  if (finished === 0) {
    throw superseded(runId);
  }
  await noteRunEnd(transaction, runId);
}

/** Something about one record of a run that did not stop it. Its sentence is made from the code when it is read. */
export type NewRunError = {
  readonly kind: "rejected" | "field" | "disputed" | "skipped";
  readonly code: string;
  readonly vendorKey?: string | null;
  readonly pointer?: string | null;
  readonly field?: string | null;
  readonly expected?: string | null;
  /** Redacted to kind and length; never a vendor's value. */
  readonly found?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
};

/** Adds errors by COPY; the caller has asserted its lease in the same transaction. */
export async function addRunErrors(
  transaction: Transaction,
  runId: string,
  errors: Iterable<NewRunError>,
): Promise<number> {
  const columns = ["run_id", "kind", "vendor_key", "code", "pointer", "field", "expected", "found", "details"];
  return await copyRows(transaction, "run_error", columns, runErrorRows(runId, errors));
}

function* runErrorRows(runId: string, errors: Iterable<NewRunError>) {
  for (const { kind, vendorKey, code, pointer, field, expected, found, details } of errors) {
    yield [runId, kind, vendorKey, code, pointer, field, expected, found, json(details ?? {})];
  }
}

/** Fails a run whatever its lease, when nobody is left who could finish it properly; true when it was unfinished. */
export async function failUnfinishedRun(
  on: Queryable,
  runId: string,
  error: NonNullable<Run["error"]>,
): Promise<boolean> {
  if (on.kind === "database") {
    return await inTransaction(on, (transaction) => failUnfinishedRun(transaction, runId, error));
  }
  await fenceRun(on, runId);
  const failed = await affected(
    on,
    `update run set status = 'failed', stage = 'finished', finished_at = now(), lease = null, checkpoint = null, error = $2
     where id = $1 and status in ('queued', 'running')`,
    [runId, storableJson(error)],
  );
  if (failed === 1) {
    // A plan that was proposed and never applied is no history.
    await affected(on, "delete from change where run_id = $1", [runId]);
    await noteRunEnd(on, runId);
  }
  return failed === 1;
}

/**
 * Shows that a worker is on the run, whichever lease it has, and tells whether somebody asked to cancel it. `over` when
 * the run is finished. Asked often, it writes only every other second.
 */
export async function watchRun(
  database: Database,
  runId: string,
): Promise<{ readonly cancelRequested: boolean; readonly over: boolean }> {
  const row = await maybeOne<{ readonly cancelRequested: boolean; readonly over: boolean }>(
    database,
    `with beat as (
       update run set heartbeat_at = now()
       where id = $1 and status = 'running' and heartbeat_at < now() - interval '2 seconds')
     select cancel_requested_at is not null as "cancelRequested", status not in ('queued', 'running') as over
     from run where id = $1`,
    [runId],
  );
  return row ?? { cancelRequested: false, over: true };
}

function document(value: object | undefined): string | null {
  return value === undefined ? null : storableJson(value);
}

function superseded(runId: string): ProductError {
  return new ProductError(
    "run.superseded",
    `Run ${runId} was taken over by another worker or has ended; this worker stops writing it.`,
    { details: { runId } },
  );
}

function exhausted(runId: string): NonNullable<Run["error"]> {
  return {
    code: "run.too_many_attempts",
    message: `Run ${runId} was begun ${maxAttempts} times and its worker never came to an end.`,
    nextStep: errorTable["run.too_many_attempts"].nextStep,
  };
}
