import { sqlState } from "../../postgres/database-error.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { dropStage, stageTables } from "../../sync/stage-tables.ts";
import { listLeftoverStages, refuseToWait } from "./leftover-stage-queries.ts";
import type { WatchParts } from "./watch-parts.ts";

/** Drops what a run that was given up has staged; a worker that still writes it is let finish first. */
export async function sweepStages({ database }: WatchParts): Promise<void> {
  for (const runId of await listLeftoverStages(database)) {
    try {
      await inTransaction(database, async (transaction) => {
        await refuseToWait(transaction);
        await dropStage(transaction, stageTables(runId));
      });
    } catch (error) {
      // PostgreSQL, appendix A: lock_not_available. The next look tries again.
      if (sqlState(error) !== "55P03") throw error;
    }
  }
}
