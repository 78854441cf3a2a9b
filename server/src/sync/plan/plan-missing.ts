import { affected } from "../../postgres/query.ts";
import type { PlanContext } from "./plan-context.ts";
import { notSeenElsewhere } from "./plan-linked.ts";

/**
 * Known active links that the listing did not hold. Only a complete coverage proves absence: without it, and before the
 * confirming runs have passed, they are counted as withheld and nothing is planned.
 *
 * @returns how many were withheld without a plan row
 */
export async function planMissing(context: PlanContext): Promise<number> {
  const { transaction, tables, policy } = context;
  if (!policy.deactivate || policy.preference === "create-only" || !policy.judgesAbsence) return 0;

  const missing = `
    from link l
    where l.integration_id = $1 and l.active
      and not exists (select 1 from ${tables.record} s where s.key = l.vendor_key)`;
  const unproven = policy.complete ? `l.missing_runs + 1 < ${policy.guard.confirmRuns}` : "true";
  const withheld = await transaction.query<{ count: number }>(`select count(*)::integer ${missing} and ${unproven}`, [
    context.integrationId,
  ]);
  if (!policy.complete) return withheld.rows[0]?.count ?? 0;

  await affected(
    transaction,
    `insert into ${tables.plan} (key, kind, person_id, saas_user_id, person_status, saas_status, link_active, reason, withheld)
     select g.vendor_key, 'deactivate', p.id, u.id,
            case when p.status = 'active' and $2 and ${notSeenElsewhere("p.id", "$1")} then 'inactive' end,
            case when $3 and u.status = 'active' then 'deactivated' end,
            false, 'missing',
            case when p.protected then 'protected' end
     from (select l.* ${missing} and not (${unproven})) g
     join person p on p.id = g.person_id
     left join saas_user u on u.id = g.saas_user_id`,
    [context.integrationId, policy.personDeactivation === "when-unseen", policy.mode === "user-plus-saas"],
  );
  return withheld.rows[0]?.count ?? 0;
}
