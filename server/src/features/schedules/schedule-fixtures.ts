import type { Schedule } from "@rollcall/core/contract/integrations.ts";
import type { Database } from "../../postgres/database.ts";
import { one, rows } from "../../postgres/query.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { anIntegration, aQueue } from "../runs/run-fixtures.ts";
import { type FireParts, fireDue, tickBeat } from "./fire-due.ts";
import { keepSchedule } from "./keep-schedule.ts";
import { countBeat } from "./schedule-store.ts";

/** For tests: an active integration with a schedule that counts from `now`. */
export async function aScheduledIntegration(database: Database, schedule: Schedule, now: Date): Promise<string> {
  const id = await anIntegration(database);
  await database.query("update integration set schedule = $2 where id = $1", [id, JSON.stringify(schedule)]);
  await inTransaction(database, (transaction) => keepSchedule(transaction, id, now));
  return id;
}

export type TestClock = { now: Date };

/** For tests: one turn of the schedule and its beat, as a process makes it whose clock shows `clock.now`. */
export async function aTick(database: Database, clock: TestClock, parts: Partial<FireParts> = {}): Promise<number> {
  const fail = (error: unknown): never => {
    throw error;
  };
  const fired = await fireDue({ database, queue: aQueue(), now: () => clock.now, onFailure: fail, ...parts });
  await countBeat(database, tickBeat, clock.now);
  return fired;
}

/** For tests: ends every run, as a worker would. */
export async function endRuns(database: Database): Promise<void> {
  await database.query(
    "update run set status = 'completed', stage = 'finished', finished_at = now() where status in ('queued', 'running')",
  );
}

export type FiredRun = { readonly trigger: string; readonly due: string };

/** For tests: what the schedule of an integration has fired, in order of the due times. */
export async function firedRuns(database: Database, integrationId: string): Promise<readonly FiredRun[]> {
  const found = await rows<{ trigger: string; dueAt: Date }>(
    database,
    `select trigger, due_at as "dueAt" from run where integration_id = $1 and due_at is not null order by due_at`,
    [integrationId],
  );
  return found.map(({ trigger, dueAt }) => ({ trigger, due: dueAt.toISOString().slice(0, 16) }));
}

/** For tests: the stored next run. */
export async function storedNextRun(database: Database, integrationId: string): Promise<Date | null> {
  const text = `select next_run_at as "nextRunAt" from schedule where integration_id = $1`;
  return (await one<{ nextRunAt: Date | null }>(database, text, [integrationId])).nextRunAt;
}
