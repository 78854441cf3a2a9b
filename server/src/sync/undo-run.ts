import { queueDeliveries } from "../features/destinations/delivery-store.ts";
import { closeOpenPlans } from "../features/integrations/integration-store.ts";
import type { RunRow } from "../features/runs/run-row.ts";
import { finishRun, holdLease } from "../features/runs/run-store.ts";
import type { Transaction } from "../postgres/database.ts";
import { one } from "../postgres/query.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { applyChanges } from "./apply/apply-changes.ts";
import { sealChain } from "./apply/seal-chain.ts";
import type { SyncParts } from "./sync-parts.ts";
import { planUndo } from "./undo/plan-undo.ts";

/**
 * Takes a run back, in one transaction: every record that is still as the run left it gets its former fields, status and link; a
 * record that the run created is archived. What was edited since is kept and listed. The undo is a run with changes of its own, so
 * it can be undone too.
 */
export async function undoRun(parts: SyncParts, run: RunRow, lease: string): Promise<void> {
  const { ofRunId } = run;
  if (ofRunId === null) throw new Error(`undo ${run.id} names no run`);
  await inTransaction(parts.database, async (transaction) => {
    const integration = await one<{ softwareId: string | null; integrationUser: string | null }>(
      transaction,
      `select software_id as "softwareId", integration_user as "integrationUser" from integration where id = $1 for no key update`,
      [run.integrationId],
    );
    await holdLease(transaction, run.id, lease);
    const { restored, kept } = await planUndo(transaction, {
      runId: run.id,
      ofRunId,
      integrationId: run.integrationId,
    });
    await applyChanges(transaction, { runId: run.id, integrationId: run.integrationId, ...integration, part: "plan" });
    await queueDeliveries(transaction, { runId: run.id, integrationId: run.integrationId, part: "plan" });
    const chain = await sealChain(transaction, run.id, run.integrationId);
    await closeTarget(transaction, ofRunId, run);
    await finishRun(transaction, run.id, lease, {
      status: kept > 0 ? "completed_with_errors" : "completed",
      counts: { fetched: restored + kept, updated: restored, withheld: kept },
      plan: "applied",
      appliedAt: parts.now(),
      chainPrevious: chain.previous,
      chainHash: chain.hash,
    });
  });
}

/**
 * An undone run counts as not having happened, and what an undone undo took back counts again, and so on down the chain. What
 * the guard withheld had been approved if the undo took it back.
 */
async function closeTarget(transaction: Transaction, ofRunId: string, run: RunRow): Promise<void> {
  await transaction.query(
    `with recursive chain (id, kind, of_run_id, undo_id, depth) as (
       select id, kind, of_run_id, null::uuid, 0 from run where id = $1
       union all
       select r.id, r.kind, r.of_run_id, c.id, c.depth + 1 from chain c join run r on c.kind = 'undo' and r.id = c.of_run_id)
     update run r
     set plan = case when c.depth % 2 = 0 then 'undone'
                     when exists (
                       select 1 from change held join change back on back.run_id = c.undo_id and back.vendor_key = held.vendor_key
                       where held.run_id = c.id and held.withheld = 'guard'
                         and back.before -> 'link' -> 'active' is distinct from back.after -> 'link' -> 'active') then 'approved'
                     else 'applied' end
     from chain c where r.id = c.id`,
    [ofRunId],
  );
  await closeOpenPlans(transaction, run.integrationId, run.id);
}
