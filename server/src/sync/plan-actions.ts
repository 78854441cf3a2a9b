import { queueDeliveries } from "../features/destinations/delivery-store.ts";
import { lockExistingRun } from "../features/runs/lock-existing-run.ts";
import type { ApproveOutcome, PlanActions, PlanDecision } from "../features/runs/plan-actions.ts";
import type { RunRow } from "../features/runs/run-row.ts";
import { startRun } from "../features/runs/start-run.ts";
import type { Transaction } from "../postgres/database.ts";
import { one } from "../postgres/query.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import { applyChanges } from "./apply/apply-changes.ts";
import { findStaleChange, findTakenSince } from "./apply/find-stale-change.ts";
import { sealChain } from "./apply/seal-chain.ts";

/** What deciding about a plan does to the inventory. */
export function planActions(parts: { readonly queue: RunQueue }): PlanActions {
  return {
    approve: approvePlan,
    undo: async (transaction, { runId, actorId }) => {
      const run = await lockExistingRun(transaction, runId);
      const outcome = await startRun(transaction, parts, {
        integrationId: run.integrationId,
        kind: "undo",
        ofRunId: run.id,
        trigger: "undo",
        requestedBy: actorId,
      });
      return outcome.kind === "started" ? { kind: "started", runId: outcome.run.id } : outcome;
    },
  };
}

/** Of a dry run the whole plan, of a run that needs review what the guard kept back: exactly those rows, or nothing. */
async function approvePlan(transaction: Transaction, decision: PlanDecision): Promise<ApproveOutcome> {
  const run = await lockExistingRun(transaction, decision.runId);
  const integration = await one<{ softwareId: string | null; integrationUser: string | null }>(
    transaction,
    `select software_id as "softwareId", integration_user as "integrationUser" from integration where id = $1 for no key update`,
    [run.integrationId],
  );
  const scope = { runId: run.id, integrationId: run.integrationId, ...integration };
  const parts = run.appliedAt === null ? (["plan", "withheld"] as const) : (["withheld"] as const);

  const stale =
    (await findStaleChange(transaction, run.id, parts[0])) ??
    (parts[0] === "plan" ? await findTakenSince(transaction, run.id) : undefined);
  if (stale !== undefined) {
    return { kind: "stale", detail: `The record ${stale.vendorKey} has changed since the plan was made.` };
  }
  for (const part of parts) {
    await applyChanges(transaction, { ...scope, part });
    await queueDeliveries(transaction, { ...scope, part });
  }
  await noteApproved(transaction, run);
  return { kind: "applied" };
}

async function noteApproved(transaction: Transaction, run: RunRow): Promise<void> {
  const chain = run.appliedAt === null ? await sealChain(transaction, run.id, run.integrationId) : null;
  await transaction.query(
    `update run
     set status = case when status = 'needs_review' then 'completed' else status end,
         applied_at = coalesce(applied_at, now()),
         chain_previous = coalesce($2, chain_previous), chain_hash = coalesce($3, chain_hash),
         counts = counts || jsonb_build_object(
           'deactivated', (counts ->> 'deactivated')::integer + g.held, 'withheld', (counts ->> 'withheld')::integer - g.held)
     from (select count(*)::integer as held from change where run_id = $1 and withheld = 'guard') g
     where run.id = $1`,
    [run.id, chain?.previous ?? null, chain?.hash ?? null],
  );
}
