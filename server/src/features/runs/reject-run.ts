import type { Transaction } from "../../postgres/database.ts";
import { lockExistingRun } from "./lock-existing-run.ts";
import { assertPlanOpen } from "./open-plan.ts";
import { decidePlan } from "./run-request-store.ts";

/**
 * Closes the run's open plan without applying it.
 *
 * @throws ProductError `run.not_found`, `run.plan_not_open`, `run.plan_expired`, `run.plan_stale`
 */
export async function rejectRun(
  transaction: Transaction,
  parts: { readonly now: () => Date },
  decision: { readonly runId: string; readonly actorId: string; readonly reason: string | null },
): Promise<void> {
  const run = await lockExistingRun(transaction, decision.runId);
  assertPlanOpen(run, parts.now());
  await decidePlan(transaction, run.id, { ...decision, plan: "rejected" });
}
