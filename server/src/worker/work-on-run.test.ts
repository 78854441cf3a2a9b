import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { maybeOne } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { cancelRun } from "../features/runs/cancel-run.ts";
import { aClaimedRun, aQueue } from "../features/runs/run-fixtures.ts";
import { isCancelled, RunInterruption } from "../features/runs/run-interruption.ts";
import { finishRun } from "../features/runs/run-store.ts";
import { type RunSync, workOnRun } from "./work-on-run.ts";

describe("a worker on a run", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  before(async () => {
    testDatabase = await createTestDatabase();
    database = testDatabase.database;
  });
  after(async () => await testDatabase.close());

  const claimed = async () => await aClaimedRun(database);
  const statusOf = async (runId: string) =>
    await maybeOne(
      database,
      "select status, error->>'code' as code, error->>'message' as message from run where id = $1",
      [runId],
    );
  const work = async (runId: string, runSync: RunSync, stopping = new AbortController().signal) => {
    const logged: string[] = [];
    const log = { warn: () => undefined, error: (_: object, message: string) => void logged.push(message) };
    await workOnRun({ database, log, runSync, lookMilliseconds: 10 }, runId, stopping);
    return logged;
  };

  test("is done when the run is finished", async () => {
    const { run, lease } = await claimed();
    await work(run.id, (runId) =>
      inTransaction(database, (transaction) => finishRun(transaction, runId, lease, { status: "completed" })),
    );
    assert.equal((await statusOf(run.id))?.status, "completed");
  });

  test("gives the run back when it is not finished", async () => {
    const { run } = await claimed();
    await assert.rejects(
      work(run.id, async () => undefined),
      RunInterruption,
    );
    assert.equal((await statusOf(run.id))?.status, "running");
  });

  test("hears of a cancellation by its signal", async () => {
    const { run, lease } = await claimed();
    const cancelled = Promise.withResolvers<void>();
    const working = work(run.id, async (runId, signal) => {
      cancelled.resolve();
      if (!signal.aborted) await once(signal, "abort");
      assert.ok(isCancelled(signal));
      await inTransaction(database, (transaction) => finishRun(transaction, runId, lease, { status: "cancelled" }));
    });
    await cancelled.promise;
    await inTransaction(database, (transaction) => cancelRun(transaction, { queue: aQueue() }, run.id));
    await working;
    assert.equal((await statusOf(run.id))?.status, "cancelled");
  });

  test("hears of the end of its process by its signal, and the run goes on elsewhere", async () => {
    const { run } = await claimed();
    const stopping = new AbortController();
    const working = work(
      run.id,
      async (_, signal) => {
        stopping.abort();
        assert.ok(signal.aborted);
        assert.equal(isCancelled(signal), false);
        throw signal.reason;
      },
      stopping.signal,
    );
    await assert.rejects(working, RunInterruption);
    assert.equal((await statusOf(run.id))?.status, "running");
  });

  test("leaves the run alone that another worker took over", async () => {
    const { run } = await claimed();
    await work(run.id, async () => {
      throw new ProductError("run.superseded", "Another worker has it.");
    });
    assert.equal((await statusOf(run.id))?.status, "running");
  });

  test("tries again later when the database is away", async () => {
    const { run } = await claimed();
    await assert.rejects(
      work(run.id, async () => {
        throw new ProductError("database.unreachable", "The database restarts.");
      }),
      /restarts/,
    );
    assert.equal((await statusOf(run.id))?.status, "running");
  });

  test("fails the run on an error that nobody expected, without its words", async () => {
    const { run } = await claimed();
    const logged = await work(run.id, async () => {
      throw new TypeError("cannot read canary-secret of undefined");
    });
    const status = await statusOf(run.id);
    assert.deepEqual([status?.status, status?.code], ["failed", "internal.unexpected"]);
    assert.doesNotMatch(String(status?.message), /canary/);
    assert.equal(logged.length, 1);
  });

  test("is done when the run is gone", async () => {
    await work(crypto.randomUUID(), async () => undefined);
  });
});
