import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { RunQueue } from "../../queue/run-queue.ts";
import { lockExistingRun } from "./lock-existing-run.ts";
import { cancelWaitingRun, requestCancel } from "./run-request-store.ts";
import type { RunRow } from "./run-row.ts";
import { finishRun } from "./run-store.ts";

/**
 * Cancels a waiting run at once, and one that a runner reads, which hears of it with its next upload; asks the worker of one that is
 * under way to stop, which it does within a page. Asking twice is the same as once.
 *
 * @throws ProductError `run.not_found`, `run.finished`
 */
export async function cancelRun(
  transaction: Transaction,
  parts: { readonly queue: RunQueue },
  runId: string,
): Promise<void> {
  // A worker that applies the run has its integration locked; nobody has to wait for that to be heard.
  if (isUuid(runId) && (await stopRunning(transaction, runId))) return;
  const run = await lockExistingRun(transaction, runId);
  if (run.status === "queued") {
    await cancelWaitingRun(transaction, runId);
    await parts.queue.removeRun(transaction, runId);
  } else if (!(await stopRunning(transaction, runId))) {
    throw new ProductError("run.finished", `Run ${runId} has ended (${run.status}); there is nothing to cancel.`);
  }
}

/** False when the run is not under way. */
async function stopRunning(transaction: Transaction, runId: string): Promise<boolean> {
  const run = await requestCancel(transaction, runId);
  if (run === undefined) return false;
  // The runner may be gone for good, and nobody has to wait for it: its lease is void from now on.
  if (isWithRunner(run)) await finishRun(transaction, runId, run.lease, { status: "cancelled", counts: {} });
  return true;
}

function isWithRunner(run: RunRow): run is RunRow & { readonly lease: string } {
  return run.reader === "runner" && (run.stage === "waiting" || run.stage === "fetching") && run.lease !== null;
}
