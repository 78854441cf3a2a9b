import type { Transaction } from "../../postgres/database.ts";

/**
 * Until its end, no other run's transaction creates people. Their unique values can be deferred, so two that create the same people would
 * both have written them before either waits for the other: a deadlock, over which PostgreSQL fails one that is back before the other is
 * through. Waited for before anything else is held.
 */
export async function awaitTurnToCreate(transaction: Transaction): Promise<void> {
  await transaction.query("select pg_advisory_xact_lock(hashtextextended('create people', 0))");
}
