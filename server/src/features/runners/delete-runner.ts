import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Actor } from "../access/find-actor.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { findRunner } from "./runner-queries.ts";
import { deleteRunnerRow } from "./runner-store.ts";

/** Removes a runner. Its token opens nothing from now on, and another runner takes over what it was reading. */
export async function deleteRunner(database: Database, actor: Actor, id: string, now: Date): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const runner = await findRunner(transaction, id, now);
    if (runner === undefined || !(await deleteRunnerRow(transaction, runner.id))) {
      throw runnerNotFound(id);
    }
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "runner.delete",
      target: "runner",
      targetId: runner.id,
      details: { name: runner.name },
    });
  });
}

export function runnerNotFound(id: string): ProductError {
  return new ProductError("runner.not_found", `There is no runner ${id}. List the runners.`);
}
