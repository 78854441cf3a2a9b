import type { Transaction } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { runNotFound } from "./find-existing-run.ts";
import { lockRunAfterIntegration } from "./run-request-store.ts";
import type { RunRow } from "./run-row.ts";

/**
 * The run and its integration, locked until the end of the transaction.
 *
 * @throws ProductError `run.not_found`, also for what is no UUID
 */
export async function lockExistingRun(transaction: Transaction, runId: string): Promise<RunRow> {
  const run = isUuid(runId) ? await lockRunAfterIntegration(transaction, runId) : undefined;
  if (run === undefined) {
    throw runNotFound(runId);
  }
  return run;
}
