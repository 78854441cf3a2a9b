import assert from "node:assert/strict";
import { nextRuns } from "@rollcall/core/schedule/next-run.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { rows } from "@rollcall/server/postgres/query.ts";
import { everyMinute } from "./fleet-tenants.ts";

/** How far a schedule had counted when nothing of it was due. */
export type Counted = { readonly integrationId: string; readonly from: Date; readonly next: Date };

type FleetRun = {
  readonly id: string;
  readonly status: string;
  readonly dueAt: Date | null;
  readonly queuedAt: Date;
  readonly startedAt: Date;
  readonly finishedAt: Date;
};

type Fired = { readonly dueAt: Date; readonly at: Date };

/** Every run has ended, and no two of an integration were under way at once. */
export async function assertRunsEndedApart(database: Database, integrationId: string): Promise<void> {
  const runs = await rows<FleetRun>(
    database,
    `select id, status, due_at as "dueAt", queued_at as "queuedAt", started_at as "startedAt", finished_at as "finishedAt"
     from run where integration_id = $1 order by started_at`,
    [integrationId],
  );
  for (const [index, run] of runs.entries()) {
    const before = runs[index - 1];
    assert.ok(run.startedAt && run.finishedAt, `run ${run.id} was left ${run.status}`);
    assert.ok(before === undefined || before.finishedAt <= run.startedAt, `runs ${before?.id} and ${run.id} overlap`);
  }
}

// Between the start of the transaction that fires and the moment at which it asks for the time.
const firingMilliseconds = 5_000;

/**
 * Every time a schedule was due has one run or one skip, and nothing else has fired. Times that passed while a late one was fired
 * are made up for by that one.
 *
 * @returns how many were made up for so
 */
export async function assertFiredOnce(
  database: Database,
  { integrationId, from, next }: Counted,
  madeDue: readonly number[],
): Promise<number> {
  const fired = await rows<Fired>(
    database,
    `select due_at as "dueAt", queued_at as at from run where integration_id = $1 and due_at is not null
     union all select due_at, at from run_skip where integration_id = $1 and due_at is not null order by 1`,
    [integrationId],
  );
  const times = fired.map(({ dueAt }) => dueAt.getTime());
  assert.equal(new Set(times).size, times.length, `a schedule fired twice for one time: ${integrationId}`);
  const due = new Set([...madeDue, ...minutesBetween(from, next)]);
  for (const time of times) {
    const expected = due.has(time) || (time >= next.getTime() && time % 60_000 === 0);
    assert.ok(expected, `${integrationId} fired for ${new Date(time).toISOString()}, when it was not due`);
  }
  const missing = [...due].filter((time) => !times.includes(time));
  for (const time of missing) {
    const late = fired.findLast(({ dueAt }) => dueAt.getTime() < time);
    const madeUp = late !== undefined && time <= late.at.getTime() + firingMilliseconds;
    assert.ok(madeUp, `${integrationId} did not fire for ${new Date(time).toISOString()}`);
  }
  return missing.length;
}

function minutesBetween(from: Date, next: Date): readonly number[] {
  const count = Math.ceil((next.getTime() - from.getTime()) / 60_000) + 1;
  return nextRuns(everyMinute, from, count)
    .map((time) => time.getTime())
    .filter((time) => time < next.getTime());
}

/** The bad ends and recoveries of an integration's runs were told to each contact once each, in order. */
export async function assertToldOnce(database: Database, integrationId: string, contacts: number): Promise<void> {
  const ends = await rows<{ status: string }>(
    database,
    "select status from run where integration_id = $1 order by finished_at",
    [integrationId],
  );
  const expected: string[] = [];
  let open = "";
  for (const { status } of ends) {
    const bad = status === "failed" || status === "incomplete" ? status : "";
    if (bad !== "" && bad !== open) expected.push(`raised ${bad}`);
    if (bad === "" && open !== "") expected.push(`recovered ${open}`);
    open = bad;
  }
  const told = await rows<{ text: string; notified: number }>(
    database,
    `select kind || ' ' || trigger as text, (select count(*)::int from notification n where n.message_id = m.id) as notified
     from message m where integration_id = $1 order by at, id`,
    [integrationId],
  );
  assert.deepEqual(
    told,
    expected.map((text) => ({ text, notified: contacts })),
  );
}
