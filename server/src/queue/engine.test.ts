import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { type Engine, startEngine } from "./engine.ts";

const silent = { warn: () => undefined, error: () => undefined };
const id = (last: number) => `00000000-0000-7000-8000-${String(last).padStart(12, "0")}`;

async function enqueue(engine: Engine, { database }: TestDatabase, runId: string): Promise<void> {
  await inTransaction(database, async (transaction) => engine.enqueue(transaction, "run.start", runId, { runId }));
}

async function jobState({ database }: TestDatabase, runId: string): Promise<string | undefined> {
  return (await rows<{ state: string }>(database, "select state::text from pgboss.job where id = $1", [runId]))[0]
    ?.state;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await sleep(20);
  }
}

describe("the engine", () => {
  test("gives a task to a worker once its transaction is committed, and never when it is rolled back", async () => {
    await using test = await createTestDatabase();
    await using engine = await startEngine({ connectionString: test.connectionString, log: silent });
    const done: string[] = [];
    await engine.work("run.start", async ({ runId }) => void done.push(runId));
    await assert.rejects(
      inTransaction(test.database, async (transaction) => {
        await engine.enqueue(transaction, "run.start", id(1), { runId: id(1) });
        throw new Error("rolled back");
      }),
    );
    assert.equal(await jobState(test, id(1)), undefined);
    await inTransaction(test.database, async (transaction) => {
      await engine.enqueue(transaction, "run.start", id(2), { runId: id(2) });
      await sleep(700);
      assert.deepEqual(done, []);
    });
    await until(() => done.length > 0);
    assert.deepEqual(done, [id(2)]);
  });

  test("starts several at once on an empty database", async () => {
    await using test = await createTestDatabase();
    const options = { connectionString: test.connectionString, log: silent };
    const engines = await Promise.all([startEngine(options), startEngine(options), startEngine(options)]);
    await Promise.all(engines.map(async (engine) => await engine.stop()));
    assert.equal(
      (await one(test.database, "select count(*)::int as n from pgboss.queue where name = 'run.start'")).n,
      1,
    );
  });

  test("keeps one task under an id", async () => {
    await using test = await createTestDatabase();
    await using engine = await startEngine({ connectionString: test.connectionString, log: silent });
    await enqueue(engine, test, id(1));
    await enqueue(engine, test, id(1));
    assert.equal((await one(test.database, "select count(*)::int as n from pgboss.job")).n, 1);
    await inTransaction(test.database, async (transaction) => engine.remove(transaction, "run.start", id(1)));
    assert.equal(await jobState(test, id(1)), undefined);
  });

  test("gives the task with the higher priority first, then the older one", async () => {
    await using test = await createTestDatabase();
    await using engine = await startEngine({ connectionString: test.connectionString, log: silent });
    for (const [last, priority] of [
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 1],
    ] as const) {
      await inTransaction(test.database, (transaction) =>
        engine.enqueue(transaction, "run.start", id(last), { runId: id(last) }, { priority }),
      );
    }
    const done: string[] = [];
    await engine.work("run.start", async ({ runId }) => void done.push(runId), { concurrency: 1 });
    await until(() => done.length === 4);
    assert.deepEqual(done, [id(3), id(4), id(1), id(2)]);
  });

  test("does a task again whose handler failed, and keeps nothing of the error in the job's row", async () => {
    await using test = await createTestDatabase();
    const logged: object[] = [];
    await using engine = await startEngine({
      connectionString: test.connectionString,
      log: { ...silent, error: (facts) => void logged.push(facts) },
    });
    let calls = 0;
    await engine.work("run.start", async () => {
      calls++;
      if (calls === 1) throw new Error("canary-secret");
    });
    await enqueue(engine, test, id(1));
    await until(async () => (await jobState(test, id(1))) === "completed");
    assert.equal(calls, 2);
    assert.equal(logged.length, 1);
    const job = await one<{ text: string }>(test.database, "select row_to_json(job)::text as text from pgboss.job");
    assert.doesNotMatch(job.text, /canary-secret/);
  });

  test("fires the signal on stop and puts the task back", async () => {
    await using test = await createTestDatabase();
    const engine = await startEngine({ connectionString: test.connectionString, log: silent });
    let started = false;
    await engine.work("run.start", async (_, signal) => {
      started = true;
      await once(signal, "abort");
      throw signal.reason;
    });
    await enqueue(engine, test, id(1));
    await until(() => started);
    await engine.stop();
    assert.equal(await jobState(test, id(1)), "retry");
  });

  test("does not fire the signal after the handler has returned", async () => {
    await using test = await createTestDatabase();
    let signal: AbortSignal | undefined;
    {
      await using engine = await startEngine({ connectionString: test.connectionString, log: silent });
      await engine.work("run.start", async (_, given) => {
        signal = given;
      });
      await enqueue(engine, test, id(1));
      await until(async () => (await jobState(test, id(1))) === "completed");
    }
    assert.equal(signal?.aborted, false);
  });
});
