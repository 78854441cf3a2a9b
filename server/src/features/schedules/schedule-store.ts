import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { Queryable, Transaction } from "../../postgres/database.ts";
import { affected, maybeOne, rows } from "../../postgres/query.ts";

/** What an integration says about its schedule, beside the row that was worked out from it; null where there is none. */
export type SchedulePlan = {
  readonly status: Integration["status"];
  /** As it is stored; a schedule of another version of the program may not be one any more. */
  readonly document: unknown;
  readonly kept: boolean;
  readonly paused: boolean;
  readonly changed: boolean;
};

export async function readSchedulePlan(
  transaction: Transaction,
  integrationId: string,
): Promise<SchedulePlan | undefined> {
  return await maybeOne<SchedulePlan>(
    transaction,
    `select i.status, i.schedule as document, s.integration_id is not null as kept,
       coalesce(s.paused, false) as paused, s.document is distinct from i.schedule as changed
     from integration i left join schedule s on s.integration_id = i.id where i.id = $1`,
    [integrationId],
  );
}

/** What somebody else wrote alike meanwhile keeps its next run. */
export async function writeSchedule(
  transaction: Transaction,
  integrationId: string,
  schedule: {
    readonly document: unknown;
    readonly paused: boolean;
    readonly nextRunAt: Date | null;
    readonly at: Date;
  },
): Promise<void> {
  await transaction.query(
    `insert into schedule (integration_id, document, paused, next_run_at, active_since) values ($1, $2, $3, $4, $5)
     on conflict (integration_id) do update set document = excluded.document, paused = excluded.paused,
       next_run_at = excluded.next_run_at, active_since = excluded.active_since
       where (schedule.document, schedule.paused) is distinct from (excluded.document, excluded.paused)`,
    [integrationId, JSON.stringify(schedule.document), schedule.paused, schedule.nextRunAt, schedule.at],
  );
}

export async function deleteSchedule(transaction: Transaction, integrationId: string): Promise<void> {
  await transaction.query("delete from schedule where integration_id = $1", [integrationId]);
}

export type DueSchedule = { readonly integrationId: string; readonly document: unknown; readonly dueAt: Date };

/**
 * The schedule that has been due longest at `now`, locked with its integration until the end of the transaction. What
 * somebody else has locked is passed over: another process fires that one, or a run of it is being applied right now.
 */
export async function lockDueSchedule(
  transaction: Transaction,
  now: Date,
  except: readonly string[],
): Promise<DueSchedule | undefined> {
  return await maybeOne<DueSchedule>(
    transaction,
    `select s.integration_id as "integrationId", s.document, s.next_run_at as "dueAt"
     from schedule s join integration i on i.id = s.integration_id
     where not s.paused and s.next_run_at <= $1 and i.status = 'active' and s.integration_id <> all ($2::uuid[])
     order by s.next_run_at, s.integration_id limit 1
     for update of s skip locked for no key update of i skip locked`,
    [now, except],
  );
}

/** Of `times`, those for which the schedule of the integration has fired, a skipped overlap included. */
export async function firedAmong(
  on: Queryable,
  integrationId: string,
  times: readonly Date[],
): Promise<ReadonlySet<number>> {
  const found = await rows<{ dueAt: Date }>(
    on,
    `select due_at as "dueAt" from run where integration_id = $1 and due_at = any ($2::timestamptz[])
     union all select due_at from run_skip where integration_id = $1 and due_at = any ($2::timestamptz[])`,
    [integrationId, times],
  );
  return new Set(found.map(({ dueAt }) => dueAt.getTime()));
}

export async function saveFired(
  transaction: Transaction,
  integrationId: string,
  fired: { readonly dueAt: Date; readonly at: Date; readonly nextRunAt: Date | null },
): Promise<void> {
  await transaction.query(
    "update schedule set last_due_at = $2, last_fired_at = $3, next_run_at = $4 where integration_id = $1",
    [integrationId, fired.dueAt, fired.at, fired.nextRunAt],
  );
}

/** Locks a schedule that counts; undefined when there is none any more. */
export async function lockSchedule(
  transaction: Transaction,
  integrationId: string,
): Promise<{ readonly document: unknown; readonly nextRunAt: Date | null } | undefined> {
  return await maybeOne(
    transaction,
    `select document, next_run_at as "nextRunAt" from schedule where integration_id = $1 and not paused for update`,
    [integrationId],
  );
}

export async function saveNextRun(transaction: Transaction, integrationId: string, nextRunAt: Date): Promise<void> {
  await transaction.query("update schedule set next_run_at = $2 where integration_id = $1", [integrationId, nextRunAt]);
}

/** Counts one more turn of a loop, and tells what its clock showed at the turn before. */
export async function countBeat(on: Queryable, name: string, at: Date): Promise<void> {
  await affected(
    on,
    `insert into beat (name, at) values ($1, $2)
     on conflict (name) do update set count = beat.count + 1, at = excluded.at`,
    [name, at],
  );
}
