import type { Database, Transaction } from "../../postgres/database.ts";
import { one } from "../../postgres/query.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { RunQueue } from "../../queue/run-queue.ts";
import { insertRun, type NewRun } from "./run-request-store.ts";
import type { RunRow } from "./run-row.ts";
import { claimRun } from "./run-store.ts";

/** For tests: an integration's id, active unless said otherwise. */
export async function anIntegration(
  database: Database,
  {
    name = `Legal ${crypto.randomUUID()}`,
    status = "active",
  }: { readonly name?: string; readonly status?: string } = {},
): Promise<string> {
  const { id } = await one<{ id: string }>(
    database,
    `insert into integration (name, connector, status, schedule, mapping, filter, guard)
     values ($1, 'ironclad-clickwrap', $2, '{"kind": "manual"}', '{}', '{}', '{}') returning id`,
    [name, status],
  );
  return id;
}

/** For tests: an account's id. */
export async function anAccount(database: Database, name = "Ada"): Promise<string> {
  return (await one<{ id: string }>(database, "insert into account (name) values ($1) returning id", [name])).id;
}

/** For tests: a waiting run without a task. */
export async function aRun(database: Database, run: Partial<NewRun> = {}): Promise<RunRow> {
  const integrationId = run.integrationId ?? (await anIntegration(database));
  return await inTransaction(database, async (transaction) => {
    const row = await insertRun(transaction, {
      trigger: "manual",
      requestedBy: null,
      revision: 1,
      ...run,
      integrationId,
    });
    if (row === undefined) {
      throw new Error("The integration has a run under way.");
    }
    return row;
  });
}

/** For tests: a run that a worker has, and its lease. */
export async function aClaimedRun(
  database: Database,
  run: Partial<NewRun> = {},
): Promise<{ readonly run: RunRow; readonly lease: string }> {
  const lease = crypto.randomUUID();
  const { id } = await aRun(database, run);
  const claim = await inTransaction(database, async (transaction) => await claimRun(transaction, id, lease));
  if (claim.kind !== "claimed") {
    throw new Error(`The run is ${claim.kind}.`);
  }
  return { run: claim.run, lease };
}

/** For tests: a queue that remembers what it was asked, of committed transactions alone. */
export function aQueue(): RunQueue & { readonly enqueued: readonly string[]; readonly removed: readonly string[] } {
  const enqueued: string[] = [];
  const removed: string[] = [];
  const remember = (list: string[]) => async (transaction: Transaction, runId: string) =>
    transaction.onCommit(() => void list.push(runId));
  return { enqueued, removed, enqueueRun: remember(enqueued), removeRun: remember(removed) };
}
