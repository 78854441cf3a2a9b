import type { Transaction } from "../../postgres/database.ts";
import { one } from "../../postgres/query.ts";

const fence = "hashtextextended('run ' || $1, 0)";

/**
 * Until the end of the transaction nobody else changes who has the run. Held by long work of the one who has it, in place of a lock on
 * the run's row: the row stays free, so that the run can be looked at, cancelled, and shown to be alive meanwhile. Whoever needs
 * both takes the fence first.
 */
export async function fenceRun(transaction: Transaction, runId: string): Promise<void> {
  await transaction.query(`select pg_advisory_xact_lock(${fence})`, [runId]);
}

/** The same for those who would rather leave it than wait; false when somebody else holds it. */
export async function tryFenceRun(transaction: Transaction, runId: string): Promise<boolean> {
  const { held } = await one<{ held: boolean }>(transaction, `select pg_try_advisory_xact_lock(${fence}) as held`, [
    runId,
  ]);
  return held;
}
