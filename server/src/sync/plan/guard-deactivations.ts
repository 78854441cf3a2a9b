import { guardPlan } from "@rollcall/core/reconcile/guard-plan.ts";
import type { GuardReason } from "@rollcall/core/reconcile/plan.ts";
import { one } from "../../postgres/query.ts";
import type { PlanContext } from "./plan-context.ts";

export type GuardVerdict = {
  readonly reasons: readonly GuardReason[];
  readonly knownActive: number;
  readonly wouldDeactivate: number;
};

/** Withholds every deactivation of the plan when together they exceed a limit. */
export async function guardDeactivations({
  transaction,
  tables,
  integrationId,
  policy,
}: PlanContext): Promise<GuardVerdict> {
  const { knownActive, wouldDeactivate } = await one<{ knownActive: number; wouldDeactivate: number }>(
    transaction,
    `select (select count(*)::integer from link where integration_id = $1 and active) as "knownActive",
            (select count(*)::integer from ${tables.plan} where kind = 'deactivate' and withheld is null) as "wouldDeactivate"`,
    [integrationId],
  );
  const reasons = guardPlan(policy.guard, knownActive, wouldDeactivate);
  if (reasons.length > 0) {
    await transaction.query(
      `update ${tables.plan} set withheld = 'guard' where kind = 'deactivate' and withheld is null`,
    );
  }
  return { reasons, knownActive, wouldDeactivate };
}
