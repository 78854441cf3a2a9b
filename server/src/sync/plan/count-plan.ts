import type { PlanCounts } from "@rollcall/core/reconcile/plan.ts";
import { one } from "../../postgres/query.ts";
import type { PlanContext } from "./plan-context.ts";

/** Counts in which every seen record and every known link stands exactly once. */
export async function countPlan(
  { transaction, tables }: PlanContext,
  withheldWithoutChange: number,
): Promise<PlanCounts & { readonly staged: number }> {
  const counts = await one<Record<keyof PlanCounts | "missing" | "silent" | "records", number>>(
    transaction,
    `select count(*) filter (where kind = 'create')::integer as created,
            count(*) filter (where kind in ('update', 'restore'))::integer as updated,
            count(*) filter (where kind = 'reactivate')::integer as reactivated,
            count(*) filter (where kind = 'deactivate' and withheld is null)::integer as deactivated,
            count(*) filter (where kind = 'deactivate' and withheld is not null)::integer as withheld,
            count(*) filter (where kind = 'disputed')::integer as disputed,
            count(*) filter (where kind = 'skipped')::integer as "skippedByPreference",
            count(*) filter (where kind = 'deactivate' and reason = 'missing')::integer as missing,
            count(*) filter (where kind = 'silent')::integer as silent,
            (select count(*) from ${tables.record} where outcome <> 'c')::integer as records,
            (select count(*) from ${tables.record} where outcome = 'f')::integer as "skippedByFilter",
            (select count(*) from ${tables.record} where outcome = 'r')::integer as rejected
     from ${tables.plan}`,
  );
  const staged = counts.records;
  return {
    created: counts.created,
    updated: counts.updated,
    reactivated: counts.reactivated,
    deactivated: counts.deactivated,
    withheld: counts.withheld + withheldWithoutChange,
    disputed: counts.disputed,
    skippedByPreference: counts.skippedByPreference,
    skippedByFilter: counts.skippedByFilter,
    rejected: counts.rejected,
    unchanged:
      staged -
      counts.created -
      counts.updated -
      counts.reactivated -
      (counts.deactivated + counts.withheld - counts.missing) -
      counts.disputed -
      counts.skippedByPreference -
      counts.skippedByFilter -
      counts.rejected,
    staged,
  };
}
