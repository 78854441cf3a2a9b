import type { Run } from "@rollcall/core/contract/runs.ts";
import type { Transaction } from "../../postgres/database.ts";
import { affected, maybeOne } from "../../postgres/query.ts";
import { storableText } from "../../postgres/storable.ts";
import { type RunRow, runColumns } from "./run-row.ts";

/** What a run is asked to do, as its row is inserted. */
export type NewRun = {
  readonly integrationId: string;
  readonly trigger: Run["trigger"];
  readonly requestedBy: string | null;
  readonly dryRun?: boolean;
  readonly revision: number | null;
  readonly kind?: Run["kind"];
  readonly ofRunId?: string | null;
  readonly onlyKeys?: readonly string[] | null;
  /** The time it was due by its schedule. */
  readonly dueAt?: Date | null;
};

/** Inserts a waiting run; undefined when the integration has one under way (the unique index run_one_active). */
export async function insertRun(transaction: Transaction, run: NewRun): Promise<RunRow | undefined> {
  return await maybeOne<RunRow>(
    transaction,
    `insert into run (integration_id, trigger, requested_by, dry_run, revision, kind, of_run_id, only_keys, due_at, reader)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9,
       case when $6 = 'sync' and (select installation from integration where id = $1) = 'local' then 'runner' else 'server' end)
     on conflict (integration_id) where status in ('queued', 'running') do nothing
     returning ${runColumns}`,
    [
      run.integrationId,
      run.trigger,
      run.requestedBy,
      run.dryRun ?? false,
      run.revision,
      run.kind ?? "sync",
      run.ofRunId ?? null,
      run.onlyKeys ?? null,
      run.dueAt ?? null,
    ],
  );
}

/** Remembers that a trigger found a run of the same integration under way. */
export async function insertRunSkip(
  transaction: Transaction,
  skip: Pick<NewRun, "integrationId" | "trigger" | "requestedBy" | "dueAt"> & { readonly activeRunId: string },
): Promise<void> {
  await transaction.query(
    "insert into run_skip (integration_id, active_run_id, trigger, requested_by, due_at) values ($1, $2, $3, $4, $5)",
    [skip.integrationId, skip.activeRunId, skip.trigger, skip.requestedBy, skip.dueAt ?? null],
  );
}

/** The run, locked until the end of the transaction. */
export async function lockRun(transaction: Transaction, runId: string): Promise<RunRow | undefined> {
  return await maybeOne<RunRow>(transaction, `select ${runColumns} from run where id = $1 for update`, [runId]);
}

/** The run, locked after its integration: everybody who needs both takes them in this order, or they would wait for each other. */
export async function lockRunAfterIntegration(transaction: Transaction, runId: string): Promise<RunRow | undefined> {
  await transaction.query(
    `select 1 from integration where id = (select integration_id from run where id = $1) for no key update`,
    [runId],
  );
  return await lockRun(transaction, runId);
}

/** Cancels a run that nobody has begun; false when it is no longer waiting. */
export async function cancelWaitingRun(transaction: Transaction, runId: string): Promise<boolean> {
  const cancelled = await affected(
    transaction,
    `update run set status = 'cancelled', stage = 'finished', finished_at = now(), cancel_requested_at = now()
     where id = $1 and status = 'queued'`,
    [runId],
  );
  return cancelled === 1;
}

/** Asks whoever has the run to stop; undefined when nobody has. A second request changes nothing. */
export async function requestCancel(transaction: Transaction, runId: string): Promise<RunRow | undefined> {
  return await maybeOne<RunRow>(
    transaction,
    `update run set cancel_requested_at = coalesce(cancel_requested_at, now()) where id = $1 and status = 'running'
     returning ${runColumns}`,
    [runId],
  );
}

/** Writes who decided what about a plan; the caller holds the run locked and has seen the plan open. */
export async function decidePlan(
  transaction: Transaction,
  runId: string,
  decision: {
    readonly plan: Extract<Run["plan"], "approved" | "rejected">;
    readonly actorId: string;
    readonly reason: string | null;
  },
): Promise<void> {
  await transaction.query(
    "update run set plan = $2, decided_by = $3, decided_at = now(), decision_reason = $4 where id = $1",
    [runId, decision.plan, decision.actorId, decision.reason === null ? null : storableText(decision.reason)],
  );
}

/** Closes a plan that nobody can decide about any more. */
export async function closePlan(
  transaction: Transaction,
  runId: string,
  plan: Extract<Run["plan"], "stale" | "expired" | "undone">,
): Promise<void> {
  await transaction.query("update run set plan = $2 where id = $1", [runId, plan]);
}
