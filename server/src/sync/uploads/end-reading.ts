import type { EndReading } from "@rollcall/core/contract/runners.ts";
import { type ErrorCode, errorFamilies, errorTable, ProductError } from "@rollcall/core/errors.ts";
import type { RunnerIdentity } from "../../features/runners/runner-intake.ts";
import { lockRunAfterIntegration } from "../../features/runs/run-request-store.ts";
import type { RunRow } from "../../features/runs/run-row.ts";
import { finishRun, saveCheckpoint } from "../../features/runs/run-store.ts";
import { askerOf } from "../../features/runs/start-run.ts";
import type { Transaction } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { RunQueue } from "../../queue/run-queue.ts";
import { parseRunCheckpoint } from "../run-checkpoint.ts";
import { dropStage, stageTables } from "../stage-tables.ts";
import type { SyncParts } from "../sync-parts.ts";
import { holdRun, releaseRun } from "./hold-run.ts";
import { uploadOf } from "./reading-scope.ts";

/**
 * Ends a runner's part of a run. What was read goes to a worker, which judges, plans and applies it as it does what it reads itself.
 *
 * @throws ProductError `run.not_found`, `run.superseded`, `runner.out_of_step`
 */
export async function endReading(
  parts: SyncParts & { readonly queue: RunQueue },
  runner: RunnerIdentity,
  runId: string,
  { lease, end }: EndReading,
): Promise<void> {
  await inTransaction(parts.database, async (transaction) => {
    if (isUuid(runId)) await lockRunAfterIntegration(transaction, runId);
    const { kind, run } = await holdRun(transaction, runner, runId, lease);
    if (kind !== "held") return;
    switch (end.kind) {
      case "stopped":
        return await releaseRun(transaction, runId);
      case "failed":
        await finishRun(transaction, runId, lease, { status: "failed", counts: {}, error: failure(runner, end.code) });
        return await dropStage(transaction, stageTables(runId));
      case "read":
        return await handOver(transaction, parts.queue, run, lease, end.accepted);
    }
  });
}

async function handOver(
  transaction: Transaction,
  queue: RunQueue,
  run: RunRow,
  lease: string,
  read: number,
): Promise<void> {
  const held = uploadOf(parseRunCheckpoint(run.checkpoint));
  if (held === null || held.upload.number !== read) {
    throw new ProductError(
      "runner.out_of_step",
      `Run ${run.id} was read with ${read} uploads, and ${held?.upload.number ?? 0} are here. Give it back and ask for it again.`,
    );
  }
  await saveCheckpoint(transaction, run.id, lease, { stage: "planning", checkpoint: held.checkpoint });
  // A run has one task; that of an earlier time, when what was read got lost, is done.
  await queue.removeRun(transaction, run.id);
  await queue.enqueueRun(transaction, run.id, askerOf(run));
}

/** In our words: what a runner writes is not shown as ours. */
function failure(runner: RunnerIdentity, code: string) {
  const known = Object.hasOwn(errorTable, code) ? (code as ErrorCode) : null;
  const told = known !== null && errorFamilies[errorTable[known].family].status !== 500 ? known : "internal.unexpected";
  const { meaning, nextStep } = errorTable[told];
  return { code: told, message: `The runner ${runner.name} could not read the vendor. ${meaning}`, nextStep };
}
