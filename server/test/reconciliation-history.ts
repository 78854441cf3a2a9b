import assert from "node:assert/strict";
import type { PlanPolicy, SeenRecord } from "@rollcall/core/reconcile/plan.ts";
import type { Database, Transaction } from "@rollcall/server/postgres/database.ts";
import { rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { applyChanges } from "@rollcall/server/sync/apply/apply-changes.ts";
import { findStaleChange } from "@rollcall/server/sync/apply/find-stale-change.ts";
import { settleLinks } from "@rollcall/server/sync/apply/settle-links.ts";
import { type PlannedRun, planRun } from "@rollcall/server/sync/plan-run.ts";
import { dropStage, stageTables } from "@rollcall/server/sync/stage-tables.ts";
import { planUndo } from "@rollcall/server/sync/undo/plan-undo.ts";
import fc from "fast-check";
import { aPolicy, aRun, aSeenRecord, stageRecords } from "./reconciliation-world.ts";

/** Generated histories: what a vendor showed run after run, under which settings, and what people did between the runs. */

export type TestIntegration = { readonly integrationId: string; readonly softwareId: string };

export type Step = {
  readonly other: boolean;
  readonly seen: readonly SeenRecord[];
  readonly policy: PlanPolicy;
  readonly edits: readonly string[];
};

/** A plan in the words of core's reference, and the run it belongs to. */
export type TakenStep = { readonly plan: Awaited<ReturnType<typeof savedPlan>>; readonly runId: string };

/** Every case starts from the same empty inventory and leaves nothing behind. */
export async function rolledBack(database: Database, work: (transaction: Transaction) => Promise<void>): Promise<void> {
  const done = new Error("done");
  await inTransaction(database, async (transaction) => {
    await work(transaction);
    throw done;
  }).catch((error: unknown) => {
    if (error !== done) throw error;
  });
}

/** Does something and takes all of it back but its result. */
export async function inSavepoint<Result>(transaction: Transaction, work: () => Promise<Result>): Promise<Result> {
  await transaction.query("savepoint before");
  const result = await work();
  await transaction.query("rollback to savepoint before");
  return result;
}

/** What an undo does; returns its own run, whose changes it are. */
export async function undoStep(
  transaction: Transaction,
  { integrationId, softwareId }: TestIntegration,
  ofRunId: string,
): Promise<string> {
  const runId = await aRun(transaction, integrationId);
  await planUndo(transaction, { runId, ofRunId, integrationId });
  await applyChanges(transaction, { runId, integrationId, softwareId, integrationUser: null, part: "plan" });
  return runId;
}

/** What a run does once everything is staged: plans, saves the plan and applies it. */
export async function planAndApply(
  transaction: Transaction,
  { integrationId, softwareId }: TestIntegration,
  seen: readonly SeenRecord[],
  policy: PlanPolicy,
): Promise<TakenStep> {
  const runId = await aRun(transaction, integrationId);
  const tables = stageTables(runId);
  await stageRecords(transaction, tables, seen);
  const planned = await planRun({ transaction, tables, runId, integrationId, softwareId, policy });
  const plan = await savedPlan(transaction, runId, planned);
  await transaction.query("update integration set person_deactivation = $2 where id = $1", [
    integrationId,
    policy.personDeactivation,
  ]);
  assert.equal(await findStaleChange(transaction, runId, "plan"), undefined, "a fresh plan is called stale");
  await applyChanges(transaction, { runId, integrationId, softwareId, integrationUser: null, part: "plan" });
  await settleLinks(transaction, integrationId, tables, {
    counts: policy.complete && policy.judgesAbsence && policy.deactivate && policy.preference !== "create-only",
    confirmRuns: policy.guard.confirmRuns,
  });
  await dropStage(transaction, tables);
  return { plan, runId };
}

/** The saved changes in the reference's words. */
async function savedPlan(transaction: Transaction, runId: string, planned: PlannedRun) {
  const changes = await rows<{ key: string; kind: string; withheld: string | null }>(
    transaction,
    `select vendor_key as key, kind,
            case when kind = 'create' then null else person_id end as "personId",
            coalesce(nullif(after -> 'person', 'null'), '{}') as person,
            case when after -> 'personStatus' ->> 'status' is distinct from before -> 'personStatus' ->> 'status'
                 then after -> 'personStatus' ->> 'status' end as "personStatus",
            coalesce(nullif(after -> 'saas', 'null'), '{}') as saas,
            coalesce(before -> 'saas' = 'null' and after ? 'saas', false) as "saasCreated",
            after -> 'saasStatus' ->> 'status' as "saasStatus",
            before -> 'link' = 'null' as "linkCreated",
            (after -> 'link' ->> 'active')::boolean as "linkActive",
            reason, withheld
     from change where run_id = $1 order by vendor_key collate "C"`,
    [runId],
  );
  const left = await rows<{ kind: string; key: string; code: string }>(
    transaction,
    `select kind, vendor_key as key, code from run_error where run_id = $1 order by vendor_key collate "C"`,
    [runId],
  );
  const { staged: _staged, ...counts } = planned.counts;
  return {
    changes,
    disputed: left.filter((row) => row.kind === "disputed").map(({ key, code }) => ({ key, code })),
    skipped: left.filter((row) => row.kind === "skipped").map(({ key, code }) => ({ key, code })),
    guardReasons: planned.guard.reasons,
    counts,
  };
}

export function aStep(): fc.Arbitrary<Step> {
  return fc.record({
    other: fc.boolean(),
    seen: fc.array(aGeneratedRecord(), { maxLength: 7 }),
    policy: aGeneratedPolicy(),
    edits: fc.array(anEdit(), { maxLength: 2 }),
  });
}

function aGeneratedRecord(): fc.Arbitrary<SeenRecord> {
  const address = fc.constantFrom("ann@a.io", "Ann@A.io ", "bo@a.io", "cy@a.io", "dee@a.io", "ed@a.io", "flo@a.io");
  return fc
    .record({
      key: fc.constantFrom("1", "2", "3", "4", "5", "6"),
      email: address,
      username: fc.option(address, { nil: undefined }),
      fullName: fc.constantFrom("Ann", "Bo", null, "O'Neil"),
      verified: fc.constantFrom(true, false, null),
      badge: fc.constantFrom("7", "007", null),
      role: fc.constantFrom("owner", "member", null),
      withoutRole: fc.constantFrom(false, false, false, false, true),
      outcome: fc.constantFrom("mapped", "mapped", "mapped", "mapped", "filtered", "rejected"),
      activity: fc.constantFrom("active", "active", "unknown", "inactive"),
    })
    .map((value) =>
      aSeenRecord(
        value.key,
        {
          email: value.email,
          username: value.username ?? value.email,
          ...(value.withoutRole ? {} : { role: "User" }),
          fullName: value.fullName,
          badge: value.badge,
        },
        {
          outcome: value.outcome as SeenRecord["outcome"],
          activity: value.activity as SeenRecord["activity"],
          saas: { externalId: value.key, role: value.role, verified: value.verified },
        },
      ),
    );
}

function aGeneratedPolicy(): fc.Arbitrary<PlanPolicy> {
  return fc
    .record({
      mode: fc.constantFrom("user-only", "user-plus-saas", "user-plus-saas"),
      preference: fc.constantFrom("create-update", "create-update", "create-only", "update-only"),
      deactivate: fc.constantFrom(true, true, false),
      personDeactivation: fc.constantFrom("when-unseen", "when-unseen", "never"),
      restoreArchived: fc.boolean(),
      fieldPolicies: fc.constantFrom(
        {},
        { fullName: "when-empty" },
        { fullName: "not-over-manual", badge: "on-create", "saas.role": "on-create" },
      ),
      syncKeyCount: fc.constantFrom(1, 2),
      complete: fc.constantFrom(true, true, false),
      judgesAbsence: fc.constantFrom(true, true, true, false),
      guard: fc.record({
        enabled: fc.boolean(),
        maxPercent: fc.constantFrom(0, 10, 50),
        minCount: fc.constantFrom(0, 1, 5),
        windowPercent: fc.constantFrom(20, 100),
        confirmRuns: fc.constantFrom(1, 1, 2),
        windowDeactivated: fc.constantFrom(0, 1),
        goneLists: fc.constantFrom<string[][]>([], [], ["502"]),
      }),
    })
    .map((value) => aPolicy(value as Partial<PlanPolicy>));
}

/** What people do between runs. */
function anEdit(): fc.Arbitrary<string> {
  const who = "id = (select id from person order by id offset 1 limit 1)";
  return fc.constantFrom(
    `update person set protected = true where ${who}`,
    `update person set status = 'inactive', status_by = 'person' where ${who}`,
    `update person set archived_at = now(), archived_by = 'person' where ${who}`,
    `update person set full_name = 'By Hand', manual_fields = '{fullName}' where ${who}`,
    `update link set content_hash = null`,
    `insert into person (username, email, role) select 'hand', 'dee@a.io', 'User'
       where not exists (select 1 from person where username_key = 'hand' or email_key = 'dee@a.io')`,
    `insert into dispute (integration_id, vendor_key, code, first_run_id, last_run_id, answer)
       select integration_id, '4', 'identity.several_people', id, id, 'ignore' from run limit 1 on conflict do nothing`,
  );
}
