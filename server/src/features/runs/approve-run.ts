import type { Transaction } from "../../postgres/database.ts";
import { lockExistingRun } from "./lock-existing-run.ts";
import { assertPlanOpen } from "./open-plan.ts";
import type { ApproveOutcome, PlanActions, PlanDecision } from "./plan-actions.ts";
import { closePlan, decidePlan } from "./run-request-store.ts";

/**
 * Applies exactly the run's open plan and writes who approved it and why. A plan that turns out stale is closed, so the
 * caller commits in both cases.
 *
 * @throws ProductError `run.not_found`, `run.plan_not_open`, `run.plan_expired`, `run.plan_stale`
 */
export async function approveRun(
  transaction: Transaction,
  parts: { readonly plans: PlanActions; readonly now: () => Date },
  decision: PlanDecision,
): Promise<ApproveOutcome> {
  const run = await lockExistingRun(transaction, decision.runId);
  assertPlanOpen(run, parts.now());
  const outcome = await parts.plans.approve(transaction, decision);
  if (outcome.kind === "applied") {
    await decidePlan(transaction, run.id, { ...decision, plan: "approved" });
  } else {
    await closePlan(transaction, run.id, "stale");
  }
  return outcome;
}
