import type { Transaction } from "../../postgres/database.ts";

/**
 * Until its end, none of those that lost a race creates people. Their unique values can be deferred, so two that create the same people
 * have both written them before either waits for the other: a deadlock, over which PostgreSQL fails one. Without taking turns from then on,
 * it would be back before the other is through, again and again. Waited for before anything else is held.
 */
export async function awaitTurnToCreate(transaction: Transaction): Promise<void> {
  await transaction.query("select pg_advisory_xact_lock(hashtextextended('create people', 0))");
}
