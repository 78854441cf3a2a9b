import type { PlanPolicy } from "@rollcall/core/reconcile/plan.ts";
import type { Transaction } from "../../postgres/database.ts";
import type { StageTables } from "../stage-tables.ts";

/** What every step of planning needs. */
export type PlanContext = {
  readonly transaction: Transaction;
  readonly tables: StageTables;
  readonly runId: string;
  readonly integrationId: string;
  readonly softwareId: string | null;
  readonly policy: PlanPolicy;
};

/** Kinds of plan rows that become changes; the others are listed or only counted. */
export const changeKinds = `('create', 'update', 'reactivate', 'deactivate', 'restore')`;

/** Policies of one side's fields as a parameter: field → policy, without the `saas.` prefix. */
export function policiesOf(policy: PlanPolicy, side: "person" | "saas"): string {
  const entries = Object.entries(policy.fieldPolicies);
  const own =
    side === "saas"
      ? entries.flatMap(([target, value]) => (target.startsWith("saas.") ? [[target.slice(5), value]] : []))
      : entries.filter(([target]) => !target.startsWith("saas."));
  return JSON.stringify(Object.fromEntries(own));
}

/** Where a unique field's comparable value is kept: its own column, or the table of unique custom fields. */
export function uniqueColumn(field: string): string | null {
  if (field === "username") return "username_key";
  if (field === "email") return "email_key";
  return null;
}
