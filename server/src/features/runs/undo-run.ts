import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import { lockExistingRun } from "./lock-existing-run.ts";
import type { PlanActions, UndoOutcome } from "./plan-actions.ts";

/**
 * Starts the run that undoes a finished one; an undo is undone like any other run.
 *
 * @throws ProductError `run.not_found`, `run.not_undoable`
 */
export async function undoRun(
  transaction: Transaction,
  parts: { readonly plans: PlanActions },
  decision: { readonly runId: string; readonly actorId: string },
): Promise<UndoOutcome> {
  const run = await lockExistingRun(transaction, decision.runId);
  if (run.plan === "undone") {
    throw new ProductError("run.not_undoable", `Run ${run.id} was undone before.`);
  }
  if (run.appliedAt === null || run.finishedAt === null) {
    throw new ProductError("run.not_undoable", `Run ${run.id} has applied nothing, so there is nothing to undo.`);
  }
  return await parts.plans.undo(transaction, decision);
}
