import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { countsOf, users } from "@rollcall/server/test/vendor-world.ts";

const count = 300;
/** As many as this process works on at once. */
const together = 4;

test("several integrations that see the same new people at the same moment all complete, and each person is created once", async () => {
  await using rollcall = await startTestRollcall({
    sandbox: { users: users("same.example", count), revokeOnMint: false },
  });
  const integrations = await Promise.all(Array.from({ length: together }, () => rollcall.launch()));
  const ids = integrations.map(({ id }) => id);

  const first = await runInStep(rollcall, ids);
  assert.deepEqual(
    first.map(({ status, error }) => [status, error]),
    ids.map(() => ["completed", null]),
  );
  assert.equal(first.filter((run) => run.counts.created === count).length, 1);
  assert.equal(first.filter((run) => run.counts.updated === count).length, together - 1);

  for (let n = 1; n <= count; n += 1) rollcall.sandbox.changeUser(n, { set: { name: `Renamed ${n}` } });
  for (const run of await runInStep(rollcall, ids)) {
    assert.equal(run.status, "completed", JSON.stringify(run.error));
    assert.deepEqual(countsOf(run), { fetched: count, updated: count });
  }
});

test("of plans that create the same people, approved at the same moment, one is applied and the others are out of date", async () => {
  await using rollcall = await startTestRollcall({
    sandbox: { users: users("approved.example", count), revokeOnMint: false },
  });
  const plans: Run[] = [];
  for (let n = 0; n < together; n += 1) {
    const { id } = await rollcall.launch();
    plans.push(await rollcall.run(id, { dryRun: true }));
  }
  const answers = await inStep(rollcall, () =>
    plans.map((plan) => rollcall.api<Problem>("POST", `/runs/${plan.id}/approve`, { reason: "They work here." })),
  );
  assert.deepEqual(answers.map(({ status, body }) => (status === 200 ? "applied" : body.code)).sort(), [
    "applied",
    ...Array.from({ length: together - 1 }, () => "run.plan_stale"),
  ]);
});

/** Runs integrations so that all of them begin to write people at the same moment. */
async function runInStep(rollcall: TestRollcall, integrationIds: readonly string[]): Promise<readonly Run[]> {
  return await inStep(rollcall, () =>
    integrationIds.map(async (id) => {
      const started = await must(rollcall.api<Run>("POST", `/integrations/${id}/runs`));
      return await rollcall.waitFor(started.id);
    }),
  );
}

/** Begins work in as many transactions, each of which is let write people when all of them wait. */
async function inStep<T>({ database }: TestRollcall, begin: () => readonly Promise<T>[]): Promise<readonly T[]> {
  const gate = await database.pool.connect();
  await gate.query("begin; lock table person in share row exclusive mode");
  try {
    const works = begin();
    while ((await countWaiting(database)) < works.length) await sleep(20);
    await gate.query("commit");
    return await Promise.all(works);
  } finally {
    gate.release();
  }
}

async function countWaiting(database: Database): Promise<number> {
  const { waiting } = await one<{ waiting: number }>(
    database,
    `select count(*)::integer as waiting from pg_stat_activity
     where datname = current_database() and application_name like 'rollcall%' and wait_event_type = 'Lock'`,
    [],
  );
  return waiting;
}
