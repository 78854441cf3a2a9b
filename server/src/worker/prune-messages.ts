import { pruneMessages } from "../features/notifications/pruning-store.ts";
import type { Database } from "../postgres/database.ts";
import { inTransaction } from "../postgres/transaction.ts";
import type { EngineLog } from "../queue/run-task.ts";
import { type Repeating, startRepeating } from "./repeat.ts";

export type PruningParts = {
  readonly database: Database;
  readonly log: EngineLog;
  /** How long what was told is kept after it is over. */
  readonly keepDays: number;
  /** Between two turns; an hour when absent. */
  readonly everyMilliseconds?: number;
};

/** Deletes old messages, again and again. Every process may have one: they share the work. */
export function startPruning({ everyMilliseconds = 3_600_000, ...parts }: PruningParts): Repeating {
  const turn = async (signal: AbortSignal): Promise<void> => void (await pruneTurn(parts, signal));
  return startRepeating({ name: "prune-messages", everyMilliseconds, turn, log: parts.log });
}

/**
 * One turn: all that is old enough, in batches of `limit`, each a short transaction, so that nobody who sends or reads waits for
 * it. Returns how many rows went.
 */
export async function pruneTurn(
  { database, keepDays }: Pick<PruningParts, "database" | "keepDays">,
  signal: AbortSignal,
  limit = 500,
): Promise<number> {
  let all = 0;
  while (!signal.aborted) {
    const deleted = await inTransaction(database, (transaction) => pruneMessages(transaction, keepDays, limit));
    if (deleted === 0) break;
    all += deleted;
  }
  return all;
}
