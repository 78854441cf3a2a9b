import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import type { RunQueue } from "../../queue/run-queue.ts";
import { lockExistingRun } from "./lock-existing-run.ts";
import { findFailedKeys } from "./run-queries.ts";
import { type StartOutcome, startRun } from "./start-run.ts";

/**
 * Starts a run over the records that a finished run rejected or disputed, and nobody else.
 *
 * @throws ProductError `run.not_found`, `run.nothing_to_retry`, `integration.wrong_state`
 */
export async function retryFailed(
  transaction: Transaction,
  parts: { readonly queue: RunQueue },
  request: { readonly runId: string; readonly actorId: string },
): Promise<StartOutcome> {
  const run = await lockExistingRun(transaction, request.runId);
  const onlyKeys = await findFailedKeys(transaction, run.id);
  if (onlyKeys.length === 0) {
    throw new ProductError(
      "run.nothing_to_retry",
      `Run ${run.id} has no rejected or disputed records whose key is known. Start a run of the whole integration.`,
    );
  }
  return await startRun(transaction, parts, {
    integrationId: run.integrationId,
    trigger: "retry",
    requestedBy: request.actorId,
    ofRunId: run.id,
    onlyKeys,
  });
}
