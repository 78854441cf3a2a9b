import type { RunCounts } from "@rollcall/core/contract/runs.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { queueDeliveries } from "../features/destinations/delivery-store.ts";
import { closeOpenPlans } from "../features/integrations/integration-store.ts";
import { awaitTurnToCreate } from "../features/runs/create-turn-store.ts";
import { finishRun, holdLease, type RunEnd, saveCheckpoint } from "../features/runs/run-store.ts";
import { forgetLeavers } from "../features/saas/leaver-store.ts";
import type { Transaction } from "../postgres/database.ts";
import { one } from "../postgres/query.ts";
import { retryLostRace } from "../postgres/retry-lost-race.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { applyChanges } from "./apply/apply-changes.ts";
import { findStaleChange } from "./apply/find-stale-change.ts";
import { sealChain } from "./apply/seal-chain.ts";
import { settleLinks } from "./apply/settle-links.ts";
import { coverageDocument, type JudgedRun } from "./judge-run.ts";
import type { PlanContext } from "./plan/plan-context.ts";
import { type PlannedRun, planRun } from "./plan-run.ts";
import type { RunCheckpoint } from "./run-checkpoint.ts";
import type { RunContext } from "./run-context.ts";
import { runPolicy } from "./run-policy.ts";
import { dropStage, indexKeys, stageHolds } from "./stage-tables.ts";
import { findGoneLists, userListsOf } from "./user-lists.ts";

/** How often a plan is made anew because the inventory moved before it was applied. */
const maxPlans = 20;

const searchIndexes = [
  ...["person_search_even", "person_search_odd", "person_search_inactive"],
  ...["saas_user_search_even", "saas_user_search_odd", "saas_user_search_deactivated"],
];

/** How long a plan that waits for a person may be approved. */
const planLifetimeDays = 7;

/**
 * Plans, and applies the plan in one transaction with the run's end. The plan is saved first, so that it can be read whatever
 * happens; if the inventory moved between the two, it is made anew. `other-settings`: the settings were changed since the run read
 * them, and nothing of it was applied.
 */
export async function applyRun(
  context: RunContext,
  checkpoint: RunCheckpoint,
  judged: JudgedRun,
  signal: AbortSignal,
): Promise<"applied" | "other-settings"> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await retryLostRace((lost) => planAndApply(context, checkpoint, judged, signal, lost));
    if (outcome === "other-settings") return outcome;
    if (outcome === "applied") break;
    if (attempt === maxPlans) {
      throw new ProductError(
        "run.plan_stale",
        `People were changed by others each of the ${maxPlans} times that the plan was made; nothing of it was applied.`,
      );
    }
  }
  await forgetLeavers(context.database);
  // Merges what the search indexes keep of a large run; the run is over, and a search finds everything meanwhile too.
  await context.database.query("select gin_clean_pending_list(index::regclass) from unnest($1::text[]) as index", [
    searchIndexes,
  ]);
  return "applied";
}

/** `moved`: the inventory did, between the two. */
async function planAndApply(
  context: RunContext,
  checkpoint: RunCheckpoint,
  judged: JudgedRun,
  signal: AbortSignal,
  lost: boolean,
): Promise<"applied" | "moved" | "other-settings"> {
  await enter(context, "planning", checkpoint);
  const { approved, lists, ...planned } = await makePlan(context, checkpoint, judged);
  signal.throwIfAborted();
  await enter(context, "applying", checkpoint);
  return inTransaction(context.database, async (transaction) => {
    if (lost) await awaitTurnToCreate(transaction);
    signal.throwIfAborted();
    const revision = await lockIntegration(transaction, context);
    await holdLease(transaction, context.run.id, context.lease);
    if (revision !== context.settings.revision) return "other-settings";
    // Somebody who is seen and unchanged has no row in the plan, and may have been deactivated by an approval since.
    if ((await countApproved(transaction, context.run.integrationId)) !== approved) return "moved";
    if (!context.run.dryRun) {
      if ((await findStaleChange(transaction, context.run.id, "plan")) !== undefined) return "moved";
      await writePlan(transaction, context, judged);
      const { id: runId, integrationId } = context.run;
      await queueDeliveries(transaction, { runId, integrationId, part: "plan" });
    }
    await endRun(transaction, context, checkpoint, judged, planned, lists);
    return "applied";
  });
}

/** Says where the run is, in a transaction of its own: what follows takes long, and others are to see it. */
async function enter(
  { database, run, lease }: RunContext,
  stage: "planning" | "applying",
  checkpoint: RunCheckpoint,
): Promise<void> {
  await inTransaction(database, (transaction) => saveCheckpoint(transaction, run.id, lease, { stage, checkpoint }));
}

async function makePlan(
  context: RunContext,
  checkpoint: RunCheckpoint,
  judged: JudgedRun,
): Promise<PlannedRun & { readonly approved: number; readonly lists: readonly string[] }> {
  const { run, lease, tables, settings, compiled } = context;
  const plan = async (transaction: Transaction) => {
    await holdLease(transaction, run.id, lease);
    // A database that crashed and was back before anybody asked it anything has emptied the stage: everybody would be missing.
    if (!(await stageHolds(transaction, tables, checkpoint.staged))) throw stageLost(run.id);
    const lists = userListsOf(context, checkpoint);
    const goneLists = await findGoneLists(transaction, settings.integrationId, lists);
    const policy = runPolicy(settings, compiled, {
      complete: judged.coverage.kind === "complete",
      judgesAbsence: run.onlyKeys === null,
      windowDeactivated: await deactivatedInWindow(transaction, settings.integrationId, settings.guard.windowDays),
      goneLists,
    });
    const planContext: PlanContext = {
      transaction,
      tables,
      runId: run.id,
      integrationId: settings.integrationId,
      softwareId: settings.softwareId,
      policy,
    };
    await indexKeys(transaction, tables.record);
    const approved = await countApproved(transaction, settings.integrationId);
    const planned = await planRun(planContext);
    // A list that is gone is remembered until somebody has approved a plan which says so.
    const told = planned.guard.reasons.some(({ rule }) => rule === "list-gone");
    return { ...planned, approved, lists: told ? lists : [...lists, ...goneLists] };
  };
  // All steps see the same inventory: a person who appears between two of them would look like a conflict.
  return inTransaction(context.database, plan, { isolation: "repeatable read" });
}

function stageLost(runId: string): ProductError {
  return new ProductError(
    "database.unreachable",
    `The database no longer has all that run ${runId} had read, as after a crash; the run reads it again.`,
  );
}

async function writePlan(
  transaction: Transaction,
  { run, settings, tables }: RunContext,
  judged: JudgedRun,
): Promise<void> {
  await applyChanges(transaction, {
    runId: run.id,
    integrationId: settings.integrationId,
    softwareId: settings.softwareId,
    integrationUser: settings.integrationUser,
    part: "plan",
  });
  await settleLinks(transaction, settings.integrationId, tables, {
    counts:
      judged.coverage.kind === "complete" &&
      run.onlyKeys === null &&
      settings.deactivate &&
      settings.preference !== "create-only",
    confirmRuns: settings.guard.confirmRuns,
  });
}

async function endRun(
  transaction: Transaction,
  context: RunContext,
  checkpoint: RunCheckpoint,
  judged: JudgedRun,
  planned: PlannedRun,
  lists: readonly string[],
): Promise<void> {
  const { run, lease, settings } = context;
  const { staged, ...planCounts } = planned.counts;
  const withoutKey = checkpoint.fetched - checkpoint.staged.records;
  const counts: RunCounts = {
    ...planCounts,
    fetched: staged + withoutKey,
    rejected: planCounts.rejected + withoutKey,
  };
  const needsReview = planned.guard.reasons.length > 0;
  const waits = run.dryRun || needsReview;
  const chain = run.dryRun ? null : await sealChain(transaction, run.id, settings.integrationId);
  const now = context.parts.now();
  await finishRun(transaction, run.id, lease, {
    status: statusOf(context, checkpoint, judged, counts, needsReview),
    coverage: coverageDocument(judged.coverage),
    counts,
    plan: waits ? "open" : "applied",
    ...(waits && { planExpiresAt: new Date(now.getTime() + planLifetimeDays * 86_400_000) }),
    ...(needsReview && { guard: { ...planned.guard, reasons: [...planned.guard.reasons] } }),
    ...(judged.coverage.kind === "complete" && !run.dryRun && run.onlyKeys === null && { lists }),
    ...(chain && { appliedAt: now, chainPrevious: chain.previous, chainHash: chain.hash }),
  });
  if (!run.dryRun) await noteFinished(transaction, context, judged);
  await dropStage(transaction, context.tables);
}

function statusOf(
  { run }: RunContext,
  checkpoint: RunCheckpoint,
  judged: JudgedRun,
  counts: RunCounts,
  needsReview: boolean,
): RunEnd["status"] {
  const nobody = counts.fetched === 0 && !judged.everHadUsers;
  const { coverage } = judged;
  const onlyEmpty =
    coverage.kind === "incomplete" && coverage.gaps.every((gap) => gap.code === "list.empty_first_page");
  if (nobody && (coverage.kind === "complete" || onlyEmpty)) return "empty";
  if (coverage.kind === "incomplete" && run.onlyKeys === null) return "incomplete";
  if (needsReview) return "needs_review";
  return counts.rejected + counts.disputed + checkpoint.fieldProblems > 0 ? "completed_with_errors" : "completed";
}

/** A newer finished run makes an open plan stale; a complete one is what the tracking fields are derived from. */
async function noteFinished(
  transaction: Transaction,
  { run, settings, startedAt }: RunContext,
  judged: JudgedRun,
): Promise<void> {
  await closeOpenPlans(transaction, settings.integrationId, run.id);
  if (judged.coverage.kind !== "complete" || run.onlyKeys !== null) return;
  await transaction.query(
    `update integration set last_complete_run_id = $2, last_complete_started_at = $3, last_complete_credential = $4 where id = $1`,
    [settings.integrationId, run.id, startedAt, settings.credential?.name ?? null],
  );
}

/** Runs, approvals and undos of one integration write one after the other, and its settings stay; resolves with their revision. */
async function lockIntegration(transaction: Transaction, { settings }: RunContext): Promise<number> {
  const { revision } = await one<{ revision: number }>(
    transaction,
    "select revision from integration where id = $1 for no key update",
    [settings.integrationId],
  );
  return revision;
}

/** Plans of the integration's runs of late that a person has approved. */
async function countApproved(transaction: Transaction, integrationId: string): Promise<number> {
  const { approved } = await one<{ approved: number }>(
    transaction,
    `select count(*)::integer as approved from run
     where integration_id = $1 and plan = 'approved' and applied_at > now() - interval '30 days'`,
    [integrationId],
  );
  return approved;
}

/** Deactivations that this integration's runs applied within the window, or a person by approving them, and that were not undone. */
async function deactivatedInWindow(transaction: Transaction, integrationId: string, days: number): Promise<number> {
  const { sum } = await one<{ sum: number }>(
    transaction,
    `select coalesce(sum((counts ->> 'deactivated')::integer), 0)::integer as sum from run
     where integration_id = $1 and plan <> 'undone' and applied_at is not null
       and greatest(applied_at, case when plan = 'approved' then decided_at end) > now() - $2 * interval '1 day'`,
    [integrationId, days],
  );
  return sum;
}
