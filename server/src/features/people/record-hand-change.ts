import type { Transaction } from "../../postgres/database.ts";
import { type HandChange, insertHandChange } from "./person-store.ts";

/** Writes one line of history for what a person did by hand, to a person or to a SaaS user of theirs. */
export async function recordHandChange(transaction: Transaction, change: HandChange): Promise<void> {
  await insertHandChange(transaction, change);
}
