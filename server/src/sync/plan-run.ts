import type { PlanCounts } from "@rollcall/core/reconcile/plan.ts";
import { collectWork } from "./plan/collect-work.ts";
import { countPlan } from "./plan/count-plan.ts";
import { type GuardVerdict, guardDeactivations } from "./plan/guard-deactivations.ts";
import type { PlanContext } from "./plan/plan-context.ts";
import { planLinked } from "./plan/plan-linked.ts";
import { planMissing } from "./plan/plan-missing.ts";
import { planUnlinked } from "./plan/plan-unlinked.ts";
import { savePlan } from "./plan/save-plan.ts";
import { withdrawTakenValues } from "./plan/withdraw-taken-values.ts";
import { indexKeys } from "./stage-tables.ts";

export type PlannedRun = {
  readonly counts: PlanCounts & { readonly staged: number };
  readonly guard: GuardVerdict;
};

/**
 * Compares the stage with what is known, in the database and in one transaction, and saves the plan. It says what core's
 * `planReconciliation` says; a property test holds the two against each other.
 */
export async function planRun(context: PlanContext): Promise<PlannedRun> {
  await collectWork(context);
  await planLinked(context);
  await planUnlinked(context);
  await withdrawTakenValues(context);
  const withheldWithoutChange = await planMissing(context);
  const guard = await guardDeactivations(context);
  await indexKeys(context.transaction, context.tables.plan);
  const counts = await countPlan(context, withheldWithoutChange);
  await savePlan(context);
  return { counts, guard };
}
