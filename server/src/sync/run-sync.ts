import { randomUUID } from "node:crypto";
import { errorFamilies, errorTable, ProductError } from "@rollcall/core/errors.ts";
import { newReadCheckpoint } from "@rollcall/vendor-http/read-checkpoint.ts";
import { isCancelled } from "../features/runs/run-interruption.ts";
import type { RunRow } from "../features/runs/run-row.ts";
import { assertLease, claimRun, finishRun } from "../features/runs/run-store.ts";
import { retryLostRace } from "../postgres/retry-lost-race.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { applyRun } from "./apply-run.ts";
import { fetchIntoStage } from "./fetch-into-stage.ts";
import { judgeRun } from "./judge-run.ts";
import { openRun, stageContext } from "./open-run.ts";
import { openVendorSession } from "./open-vendor-session.ts";
import { parseRunCheckpoint, type RunCheckpoint } from "./run-checkpoint.ts";
import type { RunContext } from "./run-context.ts";
import { createStage, dropStage, stageHolds, stageTables } from "./stage-tables.ts";
import type { SyncParts } from "./sync-parts.ts";
import { undoRun } from "./undo-run.ts";

/**
 * The story of a run, from claim to end. Every step is saved before the next begins, so that whoever claims the run after a crash
 * goes on where it was; the lease keeps a worker that is only thought dead from writing.
 *
 * Expected failures end the run and are not thrown. Nothing in the inventory changes before the plan stands, and then all at once.
 *
 * @throws RunInterruption when the process stops; `run.superseded`, `database.unreachable` and what nobody expected
 */
export async function runSync(parts: SyncParts, runId: string, signal: AbortSignal): Promise<void> {
  const lease = randomUUID();
  const claim = await inTransaction(parts.database, (transaction) => claimRun(transaction, runId, lease));
  if (claim.kind === "with-runner") throw isWithRunner(runId);
  if (claim.kind !== "claimed") return;
  const { run } = claim;
  try {
    if (run.kind === "undo") await retryLostRace(() => undoRun(parts, run, lease));
    else await syncUsers(await openRun(parts, run, lease), signal);
  } catch (error) {
    await endEarly(parts, run, lease, error, signal);
  }
}

async function syncUsers(context: RunContext, signal: AbortSignal): Promise<void> {
  const { database, tables, run } = context;
  const saved = parseRunCheckpoint(run.checkpoint);
  const usable =
    saved !== null &&
    saved.revision === context.settings.revision &&
    (await stageHolds(database, tables, saved.staged));
  const resumed = usable && run.stage !== "waiting" ? { stage: run.stage, checkpoint: saved } : null;

  if (run.reader === "runner" && (resumed === null || resumed.stage === "fetching")) {
    await giveBack(context);
    throw isWithRunner(run.id);
  }
  let checkpoint = resumed?.checkpoint ?? (await beginStage(context));
  if (resumed === null || resumed.stage === "fetching") {
    checkpoint = await fetchUsers(context, checkpoint, signal);
  }
  signal.throwIfAborted();
  const judged = await judgeRun(context, checkpoint);
  const outcome = await applyRun(context, checkpoint, judged, signal);
  // A run that was taken over would have begun anew as well.
  if (outcome === "other-settings") await syncUsers(await openRun(context.parts, run, context.lease), signal);
}

async function fetchUsers(context: RunContext, from: RunCheckpoint, signal: AbortSignal): Promise<RunCheckpoint> {
  const { parts, settings, manifest, run } = context;
  if (settings.credential === null) {
    throw new ProductError(
      "vendor.unauthorized",
      `The integration “${settings.name}” has no credential; choose one and run again.`,
    );
  }
  await using session = await openVendorSession(parts, manifest, settings.inputs, settings.credential.id);
  const { checkpoint } = await fetchIntoStage(
    {
      database: context.database,
      runId: run.id,
      lease: context.lease,
      session,
      plan: context.streams,
      startedAt: context.startedAt,
      onlyKeys: run.onlyKeys === null ? null : new Set(run.onlyKeys),
      stage: stageContext(context),
    },
    from,
    signal,
  );
  return checkpoint;
}

async function beginStage({ database, tables, settings, run, lease }: RunContext): Promise<RunCheckpoint> {
  await inTransaction(database, async (transaction) => {
    await assertLease(transaction, run.id, lease);
    await createStage(transaction, tables);
    // What an earlier attempt listed belongs to the records that it staged, which are gone.
    await transaction.query("delete from run_error where run_id = $1", [run.id]);
  });
  return {
    revision: settings.revision,
    reading: newReadCheckpoint(),
    staged: { records: 0, joined: 0 },
    fetched: 0,
    pages: 0,
    fieldProblems: 0,
  };
}

/** What a runner read is lost, or was read for other settings: it is to be read anew, by a runner. */
async function giveBack({ database, run, lease }: RunContext): Promise<void> {
  await inTransaction(database, async (transaction) => {
    await assertLease(transaction, run.id, lease);
    await transaction.query(
      "update run set stage = 'waiting', checkpoint = null, progress = '{}', heartbeat_at = null where id = $1",
      [run.id],
    );
  });
}

function isWithRunner(runId: string): ProductError {
  return new ProductError("run.superseded", `Run ${runId} is read by a runner; this worker leaves it alone.`);
}

/** Ends a run that cannot go on: cancelled, or failed for a reason that has a code. Nothing of it was applied. */
async function endEarly(
  parts: SyncParts,
  run: RunRow,
  lease: string,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const cancelled = isCancelled(signal);
  if (!cancelled && !endsRun(error)) {
    // What failed may be that another worker, who has the run by now, began it anew.
    await inTransaction(parts.database, (transaction) => assertLease(transaction, run.id, lease));
    throw error;
  }
  await inTransaction(parts.database, async (transaction) => {
    await finishRun(
      transaction,
      run.id,
      lease,
      cancelled || !(error instanceof ProductError)
        ? { status: "cancelled", counts: {} }
        : {
            status: "failed",
            counts: {},
            error: { code: error.code, message: error.message, nextStep: errorTable[error.code].nextStep },
          },
    );
    await transaction.query("delete from change where run_id = $1", [run.id]);
    await dropStage(transaction, stageTables(run.id));
  });
}

/** Whether an error belongs to the run: a coded one that is not about this worker or its database. */
function endsRun(error: unknown): error is ProductError {
  if (!(error instanceof ProductError)) return false;
  if (error.code === "database.disk_full") return true;
  if (error.code === "run.superseded" || error.code.startsWith("database.")) return false;
  return errorFamilies[error.family].status !== errorFamilies.internal.status || error.family === "connector-defect";
}
