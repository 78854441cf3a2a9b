import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database, Transaction } from "@rollcall/server/postgres/database.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { aClaimedRun, aRun } from "./run-fixtures.ts";
import {
  addRunErrors,
  assertLease,
  claimRun,
  failUnfinishedRun,
  finishRun,
  heartbeat,
  maxAttempts,
  saveCheckpoint,
} from "./run-store.ts";

const newLease = () => crypto.randomUUID();

describe("a run's lease", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  before(async () => {
    testDatabase = await createTestDatabase();
    database = testDatabase.database;
  });
  after(async () => await testDatabase.close());

  const claim = (runId: string, lease: string) =>
    inTransaction(database, async (transaction) => await claimRun(transaction, runId, lease));
  const superseded = (work: (transaction: Transaction) => Promise<unknown>) =>
    assert.rejects(
      inTransaction(database, work),
      (error) => error instanceof ProductError && error.code === "run.superseded",
    );

  test("is given for a waiting run, whose start is then known", async () => {
    const { id } = await aRun(database);
    const lease = newLease();
    const claimed = await claim(id, lease);
    assert.ok(claimed.kind === "claimed");
    assert.equal(claimed.run.status, "running");
    assert.equal(claimed.run.attempt, 1);
    assert.equal(claimed.run.lease, lease);
    assert.ok(claimed.run.startedAt);
    assert.equal(claimed.run.checkpoint, null);
  });

  test("passes to the second claim, which finds the checkpoint and the first start", async () => {
    const { run, lease } = await aClaimedRun(database);
    await inTransaction(database, async (transaction) => {
      const progress = { pages: 2, records: 200, expected: 900, startedAt: "2026-11-24T10:00:00.000Z" };
      await saveCheckpoint(transaction, run.id, lease, { stage: "fetching", checkpoint: { cursor: "abc" }, progress });
    });
    const second = await claim(run.id, newLease());
    assert.ok(second.kind === "claimed");
    assert.equal(second.run.attempt, 2);
    assert.equal(second.run.stage, "fetching");
    assert.deepEqual(second.run.checkpoint, { cursor: "abc" });
    assert.equal(second.run.progress.records, 200);
    assert.deepEqual(second.run.startedAt, run.startedAt);
  });

  test("makes every write of the worker before it fail", async () => {
    const { run, lease } = await aClaimedRun(database);
    await claim(run.id, newLease());
    await superseded((transaction) => assertLease(transaction, run.id, lease));
    await superseded((transaction) =>
      saveCheckpoint(transaction, run.id, lease, { stage: "fetching", checkpoint: { cursor: "old" } }),
    );
    await superseded((transaction) => finishRun(transaction, run.id, lease, { status: "completed" }));
    assert.deepEqual(await heartbeat(database, run.id, lease), { alive: false, cancelRequested: false });
    const row = await one(database, "select status, checkpoint from run where id = $1", [run.id]);
    assert.deepEqual(row, { status: "running", checkpoint: null });
  });

  test("makes a second claim wait for the first worker's transaction, so that nothing is written after it", async () => {
    const { run, lease } = await aClaimedRun(database);
    const order: string[] = [];
    let second: Promise<unknown> = Promise.resolve();
    await inTransaction(database, async (transaction) => {
      await assertLease(transaction, run.id, lease);
      second = claim(run.id, newLease()).then(() => order.push("claimed"));
      await saveCheckpoint(transaction, run.id, lease, { stage: "applying", checkpoint: { applied: true } });
      order.push("written");
    });
    await second;
    assert.deepEqual(order, ["written", "claimed"]);
  });

  test("ends with the run, which keeps what its end says and nothing of how it got there", async () => {
    const { run, lease } = await aClaimedRun(database);
    await inTransaction(database, async (transaction) => {
      await saveCheckpoint(transaction, run.id, lease, { stage: "planning", checkpoint: { cursor: "z" } });
      await finishRun(transaction, run.id, lease, {
        status: "needs_review",
        coverage: { complete: true, gaps: [] },
        counts: { fetched: 10, withheld: 7 },
        plan: "open",
        planExpiresAt: new Date("2026-12-01T00:00:00Z"),
        guard: { reasons: [{ rule: "per-run", detail: "7 of 10" }], knownActive: 10, wouldDeactivate: 7 },
      });
    });
    const row = await one(
      database,
      `select status, stage, checkpoint, lease, counts, plan, guard, coverage, finished_at is not null as finished
       from run where id = $1`,
      [run.id],
    );
    assert.deepEqual(row, {
      status: "needs_review",
      stage: "finished",
      checkpoint: null,
      lease: null,
      counts: { fetched: 10, withheld: 7 },
      plan: "open",
      guard: { reasons: [{ rule: "per-run", detail: "7 of 10" }], knownActive: 10, wouldDeactivate: 7 },
      coverage: { complete: true, gaps: [] },
      finished: true,
    });
    assert.deepEqual(await claim(run.id, newLease()), { kind: "finished", status: "needs_review" });
    await superseded((transaction) => finishRun(transaction, run.id, lease, { status: "failed" }));
  });

  test("is not given for a run that nobody knows or that is begun too often", async () => {
    assert.deepEqual(await claim(newLease(), newLease()), { kind: "missing" });
    const { run } = await aClaimedRun(database);
    await database.query("update run set attempt = $2 where id = $1", [run.id, maxAttempts]);
    assert.deepEqual(await claim(run.id, newLease()), { kind: "exhausted" });
    const row = await one(database, "select status, error->>'code' as code from run where id = $1", [run.id]);
    assert.deepEqual(row, { status: "failed", code: "run.too_many_attempts" });
  });

  test("is void once the run was failed by force", async () => {
    const { run, lease } = await aClaimedRun(database);
    const error = { code: "internal.unexpected", message: "It broke.", nextStep: "Look into the log." };
    assert.equal(await failUnfinishedRun(database, run.id, error), true);
    assert.equal(await failUnfinishedRun(database, run.id, error), false);
    await superseded((transaction) => assertLease(transaction, run.id, lease));
  });

  test("holds many errors, written in one go", async () => {
    const { run } = await aClaimedRun(database);
    const errors = Array.from({ length: 3 }, (_, n) => ({
      kind: "rejected" as const,
      code: "mapping.mandatory_empty",
      vendorKey: `u${n}\t\\N`,
      field: "email",
      details: { n },
    }));
    const written = await inTransaction(database, async (transaction) =>
      addRunErrors(transaction, run.id, [...errors, { kind: "skipped", code: "preference.create_only" }]),
    );
    assert.equal(written, 4);
    const found = await rows(
      database,
      "select vendor_key, details, expected from run_error where run_id = $1 order by id",
      [run.id],
    );
    assert.deepEqual(found[2], { vendor_key: "u2\t\\N", details: { n: 2 }, expected: null });
    assert.deepEqual(found[3], { vendor_key: null, details: {}, expected: null });
  });
});
