import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import { type Database, openDatabase } from "@rollcall/server/postgres/database.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { type Engine, startEngine } from "@rollcall/server/queue/engine.ts";
import { type RunQueue, runQueueOn } from "@rollcall/server/queue/run-queue.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { anIntegration, aQueue } from "./run-fixtures.ts";
import { type StartOutcome, type StartRun, startRun } from "./start-run.ts";

const silent = { warn: () => undefined, error: () => undefined };

const start = (
  database: Database,
  queue: RunQueue,
  integrationId: string,
  request: Partial<StartRun> = {},
): Promise<StartOutcome> =>
  inTransaction(database, async (transaction) =>
    startRun(transaction, { queue }, { trigger: "manual", requestedBy: null, ...request, integrationId }),
  );

const refusedWith = (code: string) => (error: unknown) => error instanceof ProductError && error.code === code;

describe("starting a run", () => {
  test("C14 of 1,000 triggers at once, on two engines that both have workers, one starts a run and 999 are recorded as skipped", async () => {
    await using test = await createTestDatabase({ max: 10 });
    const { connectionString } = test;
    await using other = openDatabase({ connectionString, max: 10 });
    await using first = await startEngine({ connectionString, log: silent });
    await using second = await startEngine({ connectionString, log: silent });
    const integrationId = await anIntegration(test.database);
    const worked: string[] = [];
    const begun = Promise.withResolvers<void>();
    const handle = async ({ runId }: { readonly runId: string }): Promise<void> => {
      worked.push(runId);
      begun.resolve();
    };
    for (const engine of [first, second]) await engine.work("run.start", handle);
    const outcomes: StartOutcome[] = [];
    // As many at once as there are connections; a thousand waiting for one would be too slow for a busy machine.
    const trigger = async (database: Database, engine: Engine): Promise<void> => {
      for (let count = 0; count < 50; count += 1) {
        outcomes.push(await start(database, runQueueOn(engine), integrationId, { trigger: "schedule" }));
      }
    };
    await Promise.all(Array.from({ length: 10 }, () => [trigger(test.database, first), trigger(other, second)]).flat());
    assert.equal(outcomes.length, 1000);
    await begun.promise;
    const started = outcomes.filter(({ kind }) => kind === "started");
    assert.equal(started.length, 1);
    const [only] = started;
    assert.ok(only?.kind === "started");
    const { run } = only;
    const skips = await one(
      test.database,
      "select count(*)::int as n, count(distinct active_run_id)::int as runs from run_skip",
    );
    assert.deepEqual(skips, { n: 999, runs: 1 });
    assert.ok(outcomes.every((outcome) => outcome.kind === "started" || outcome.activeRunId === run.id));
    assert.deepEqual(await rows(test.database, "select id from run"), [{ id: run.id }]);
    assert.deepEqual(await rows(test.database, "select id from pgboss.job"), [{ id: run.id }]);
    assert.deepEqual(worked, [run.id]);
  });

  test("of a person goes before all that the clock started, and is still the only one of its integration", async () => {
    await using test = await createTestDatabase();
    const { database, connectionString } = test;
    await using engine = await startEngine({ connectionString, log: silent });
    const queue = runQueueOn(engine);
    const expected: { readonly scheduled: string[]; readonly manual: string[] } = { scheduled: [], manual: [] };
    for (const trigger of ["schedule", "catch-up", "schedule", "manual"] as const) {
      const integrationId = await anIntegration(database);
      const outcome = await start(database, queue, integrationId, { trigger });
      assert.ok(outcome.kind === "started");
      expected[trigger === "manual" ? "manual" : "scheduled"].push(outcome.run.id);
      assert.equal((await start(database, queue, integrationId)).kind, "skipped");
    }
    const done: string[] = [];
    const all = Promise.withResolvers<void>();
    const handle = async ({ runId }: { readonly runId: string }): Promise<void> => {
      done.push(runId);
      if (done.length === 4) all.resolve();
    };
    await engine.work("run.start", handle, { concurrency: 1 });
    await all.promise;
    assert.deepEqual(done, [...expected.manual, ...expected.scheduled]);
  });

  test("takes its task back when its transaction is rolled back", async () => {
    await using test = await createTestDatabase();
    await using engine = await startEngine({ connectionString: test.connectionString, log: silent });
    const integrationId = await anIntegration(test.database);
    await assert.rejects(
      inTransaction(test.database, async (transaction) => {
        const request = { integrationId, trigger: "manual", requestedBy: null } as const;
        await startRun(transaction, { queue: runQueueOn(engine) }, request);
        throw new Error("rolled back");
      }),
      /rolled back/,
    );
    assert.equal((await one(test.database, "select count(*)::int as n from run")).n, 0);
    assert.equal((await one(test.database, "select count(*)::int as n from pgboss.job")).n, 0);
  });

  test("remembers the integration's revision and what was asked", async () => {
    await using test = await createTestDatabase();
    const integrationId = await anIntegration(test.database);
    const queue = aQueue();
    const outcome = await start(test.database, queue, integrationId, { dryRun: true, onlyKeys: ["a", "b"] });
    assert.ok(outcome.kind === "started");
    const { run } = outcome;
    assert.deepEqual(
      [run.status, run.stage, run.dryRun, run.revision, run.onlyKeys, run.trigger],
      ["queued", "waiting", true, 1, ["a", "b"], "manual"],
    );
    assert.deepEqual(queue.enqueued, [run.id]);
  });

  test("is possible again once the run before has ended", async () => {
    await using test = await createTestDatabase();
    const integrationId = await anIntegration(test.database);
    await start(test.database, aQueue(), integrationId);
    assert.equal((await start(test.database, aQueue(), integrationId)).kind, "skipped");
    await test.database.query("update run set status = 'completed'");
    assert.equal((await start(test.database, aQueue(), integrationId)).kind, "started");
  });

  test("is refused by the integration's state: a pause stops the schedule, not people", async () => {
    await using test = await createTestDatabase();
    const { database } = test;
    const refusals: Record<string, Partial<StartRun>[]> = {
      draft: [{}, { dryRun: true }, { trigger: "schedule" }],
      paused: [{ trigger: "schedule" }, { trigger: "catch-up" }],
      archived: [{}, { dryRun: true }],
    };
    for (const [status, requests] of Object.entries(refusals)) {
      const integrationId = await anIntegration(database, { name: status, status });
      for (const request of requests) {
        await assert.rejects(
          start(database, aQueue(), integrationId, request),
          refusedWith("integration.wrong_state"),
          `${status} ${JSON.stringify(request)}`,
        );
      }
    }
    const paused = await anIntegration(database, { name: "on pause", status: "paused" });
    assert.equal((await start(database, aQueue(), paused)).kind, "started");
    await assert.rejects(start(database, aQueue(), crypto.randomUUID()), refusedWith("integration.not_found"));
    await assert.rejects(start(database, aQueue(), "no uuid"), refusedWith("integration.not_found"));
  });
});
