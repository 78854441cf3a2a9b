import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Schedule } from "@rollcall/core/contract/integrations.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { aContact, haveContacts, told } from "../features/notifications/notification-fixtures.ts";
import { aClaimedRun, anIntegration, aQueue, aRun } from "../features/runs/run-fixtures.ts";
import { assertLease, finishRun, holdLease } from "../features/runs/run-store.ts";
import { aScheduledIntegration, aTick, endRuns } from "../features/schedules/schedule-fixtures.ts";
import { createStage, stageExists, stageTables } from "../sync/stage-tables.ts";
import { openWatch } from "./watcher.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const at2: Schedule = { kind: "cron", expression: "0 2 * * *", timeZone: "UTC" };
const silent = { warn: () => undefined, error: () => undefined };

describe("the watcher", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  // The database has its own clock, by which runs are queued; these tests are at the same time.
  const clock = { now: new Date(), steady: 0 };
  const queue = aQueue();
  const aWatcher = () => openWatch({ database, queue, log: silent, now: () => clock.now, steady: () => clock.steady });
  const pass = (milliseconds: number): void => {
    clock.now = new Date(clock.now.getTime() + milliseconds);
    clock.steady += milliseconds;
  };
  /** Lets time pass with a look every fifteen seconds. */
  const watched = async (watch: () => Promise<void>, milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += 15_000) {
      pass(15_000);
      await watch();
    }
  };

  before(async () => {
    testDatabase = await createTestDatabase();
    database = testDatabase.database;
    await aContact(database, { role: "administrator" });
  });
  after(async () => await testDatabase.close());
  beforeEach(async () => {
    await endRuns(database);
    clock.now = new Date();
    await database.query(
      "delete from alarm; delete from message; delete from schedule; delete from beat; update integration set status = 'archived'",
    );
  });

  describe("of a scheduled run that did not start", () => {
    /** Due in a minute from now. */
    const aDueSoon = async (): Promise<string> => {
      const soon = new Date(clock.now.getTime() + minute);
      const expression = `${soon.getUTCMinutes()} ${soon.getUTCHours()} * * *`;
      return await aScheduledIntegration(database, { kind: "cron", expression, timeZone: "UTC" }, clock.now);
    };

    test("E21 a scheduled run that did not start is told once after five minutes, and once when it starts", async () => {
      const id = await aDueSoon();
      await haveContacts(database, id, [await aContact(database)]);
      const watch = aWatcher();
      await watched(watch, 5 * minute);
      assert.deepEqual(await told(database, id), []);
      await watched(watch, 3 * minute);
      assert.deepEqual(await told(database, id), ["raised did_not_start"]);
      await aTick(database, clock);
      await endRuns(database);
      await watched(watch, minute);
      assert.deepEqual(await told(database, id), ["raised did_not_start", "recovered did_not_start"]);
    });

    test("tells nothing while an earlier run of it is under way", async () => {
      const id = await aDueSoon();
      await aClaimedRun(database, { integrationId: id });
      await watched(aWatcher(), 10 * minute);
      assert.deepEqual(await told(database, id), []);
    });

    test("tells of one that was fired and that no worker takes", async () => {
      const id = await aDueSoon();
      const watch = aWatcher();
      pass(2 * minute);
      await aTick(database, clock);
      await watched(watch, 6 * minute);
      assert.deepEqual(await told(database, id), ["raised did_not_start"]);
    });

    test("lets one wait while workers are busy with others", async () => {
      const id = await aDueSoon();
      const watch = aWatcher();
      pass(2 * minute);
      await aTick(database, clock);
      const { run } = await aClaimedRun(database);
      for (let look = 0; look < 10; look += 1) {
        await database.query("update run set heartbeat_at = now() where id = $1", [run.id]);
        await watched(watch, minute);
      }
      assert.deepEqual(await told(database, id), []);
    });

    test("is not taken in by a clock that jumps, nor by a product that was switched off", async () => {
      const id = await aDueSoon();
      const watch = aWatcher();
      await watch();
      clock.now = new Date(clock.now.getTime() + 7 * day);
      await watch();
      await aTick(database, clock);
      await watch();
      assert.deepEqual(await told(database, id), []);
    });
  });

  describe("of a scheduler that is dead", () => {
    const beat = async (): Promise<void> => void (await aTick(database, clock));

    test("C15 a dead scheduler is told to the administrators within five minutes, once, and once when it lives", async () => {
      const watch = aWatcher();
      await beat();
      await watched(watch, 3 * minute);
      await beat();
      await watched(watch, 3 * minute);
      assert.deepEqual(await told(database), []);
      await watched(watch, 2 * minute);
      assert.deepEqual(await told(database), ["raised scheduler_dead"]);
      await watched(watch, 20 * minute);
      await watched(aWatcher(), 2 * minute);
      assert.deepEqual(await told(database), ["raised scheduler_dead"]);
      await beat();
      await watched(watch, minute);
      assert.deepEqual(await told(database), ["raised scheduler_dead", "recovered scheduler_dead"]);
    });

    test("C15 a scheduler that never began is told too", async () => {
      await watched(aWatcher(), 5 * minute);
      assert.deepEqual(await told(database), ["raised scheduler_dead"]);
    });

    test("C15 a clock that jumps either way neither hides a dead scheduler nor makes one up", async () => {
      const watch = aWatcher();
      for (const jump of [hour, -2 * hour, 400 * day, -400 * day]) {
        await beat();
        clock.now = new Date(clock.now.getTime() + jump);
        await watch();
      }
      assert.deepEqual(await told(database), []);
    });
  });

  describe("of a run that does not end", () => {
    test("E21 a run that does not end is given up after 24 hours, frees its integration and is told once", async () => {
      const id = await anIntegration(database);
      const { run, lease } = await aClaimedRun(database, { integrationId: id });
      await inTransaction(database, (transaction) => createStage(transaction, stageTables(run.id)));
      await database.query("insert into change (run_id, kind, hash) values ($1, 'create', '')", [run.id]);
      const watch = aWatcher();
      pass(23 * hour);
      await watched(watch, 2 * minute);
      assert.deepEqual(await told(database, id), []);
      pass(hour);
      await watched(watch, 2 * minute);
      assert.deepEqual(await told(database, id), ["raised timed_out"]);
      const row = await one(database, "select status, lease, error->>'code' as code from run where id = $1", [run.id]);
      assert.deepEqual(row, { status: "timed_out", lease: null, code: "run.timed_out" });
      assert.ok(queue.removed.includes(run.id));
      assert.equal(await stageExists(database, stageTables(run.id)), false);
      const { changes } = await one(database, "select count(*)::int as changes from change where run_id = $1", [
        run.id,
      ]);
      assert.equal(changes, 0);
      // Its worker can write nothing any more, and the next run has the way free.
      await assert.rejects(
        inTransaction(database, (transaction) => assertLease(transaction, run.id, lease)),
        /taken over/,
      );
      await aRun(database, { integrationId: id });
    });

    test("gives up one that never began", async () => {
      const id = await anIntegration(database);
      const run = await aRun(database, { integrationId: id });
      pass(25 * hour);
      await watched(aWatcher(), 2 * minute);
      const { status } = await one(database, "select status from run where id = $1", [run.id]);
      assert.equal(status, "timed_out");
    });

    test("leaves one alone whose plan is being applied at this moment", async () => {
      const id = await anIntegration(database);
      const { run, lease } = await aClaimedRun(database, { integrationId: id });
      const watch = aWatcher();
      pass(25 * hour);
      await inTransaction(database, async (transaction) => {
        await holdLease(transaction, run.id, lease);
        await watched(watch, 2 * minute);
        await finishRun(transaction, run.id, lease, { status: "completed" });
      });
      await watched(watch, minute);
      const { status } = await one(database, "select status from run where id = $1", [run.id]);
      assert.equal(status, "completed");
      assert.deepEqual(await told(database, id), []);
    });

    test("is not taken in by a clock that jumps a day and is set right", async () => {
      const { run } = await aClaimedRun(database);
      const watch = aWatcher();
      await watch();
      clock.now = new Date(clock.now.getTime() + 2 * day);
      await watch();
      clock.now = new Date(clock.now.getTime() - 2 * day);
      await watched(watch, 2 * minute);
      assert.equal((await one(database, "select status from run where id = $1", [run.id])).status, "running");
    });
  });

  test("E21 a review that somebody decided is over, and said so once", async () => {
    const id = await anIntegration(database);
    const { run, lease } = await aClaimedRun(database, { integrationId: id });
    await inTransaction(database, (transaction) =>
      finishRun(transaction, run.id, lease, { status: "needs_review", plan: "open" }),
    );
    const watch = aWatcher();
    await watch();
    assert.deepEqual(await told(database, id), ["raised needs_review"]);
    await database.query("update run set plan = 'approved' where id = $1", [run.id]);
    await watch();
    await watch();
    assert.deepEqual(await told(database, id), ["raised needs_review", "recovered needs_review"]);
  });

  test("E21 a credential's expiry is told 30, 7 and 1 days ahead, and its renewal once", async () => {
    const owner = await aContact(database);
    const { id } = await one<{ id: string }>(
      database,
      `insert into credential (name, kind, sealed, owner_id, expires_on) values ('Ironclad', 'ironclad-clickwrap', '{}', $1, '2027-03-31') returning id`,
      [owner],
    );
    const watch = aWatcher();
    const days: string[] = [];
    for (let date = Date.parse("2027-02-20T12:00Z"); date < Date.parse("2027-04-05T12:00Z"); date += day) {
      clock.now = new Date(date);
      const before = (await told(database, id)).length;
      await watched(watch, 2 * minute);
      if ((await told(database, id)).length > before) days.push(clock.now.toISOString().slice(5, 10));
    }
    assert.deepEqual(days, ["03-01", "03-24", "03-30"]);
    const { title } = await one<{ title: string }>(
      database,
      "select title from message where credential_id = $1 order by id desc limit 1",
      [id],
    );
    assert.equal(title, "Credential Ironclad expires tomorrow");
    const { account_id } = await one(
      database,
      `select distinct account_id from notification n join message m on m.id = n.message_id where credential_id = $1`,
      [id],
    );
    assert.equal(account_id, owner);
    await database.query("update credential set expires_on = '2028-03-31' where id = $1", [id]);
    await watched(watch, 2 * minute);
    assert.deepEqual((await told(database, id)).slice(3), ["recovered credential_expiring"]);
  });

  describe("of an integration without complete runs", () => {
    test("tells after three times its interval, once, and recovers with a complete run", async () => {
      clock.now = new Date("2026-11-24T00:10Z");
      const id = await aScheduledIntegration(database, { kind: "interval", minutes: 60 }, clock.now);
      const watch = aWatcher();
      const failing = async (hours: number): Promise<void> => {
        for (let passed = 0; passed < hours; passed += 1) {
          pass(hour);
          await aTick(database, clock);
          await database.query("update run set status = 'cancelled', stage = 'finished' where integration_id = $1", [
            id,
          ]);
          await watched(watch, 6 * minute);
        }
      };
      await failing(2);
      assert.deepEqual(await told(database, id), []);
      await failing(3);
      assert.deepEqual(await told(database, id), ["raised stale"]);
      const { run, lease } = await aClaimedRun(database, { integrationId: id });
      await inTransaction(database, (transaction) => finishRun(transaction, run.id, lease, { status: "completed" }));
      assert.deepEqual(await told(database, id), ["raised stale", "recovered stale"]);
    });

    test("says nothing of one that is paused, and forgets what was wrong with one that is archived", async () => {
      const id = await aScheduledIntegration(database, at2, clock.now);
      await database.query("update integration set status = 'paused' where id = $1", [id]);
      await database.query(
        "insert into alarm (subject, subject_id, trigger, open, changed_at) values ('integration', $1, 'stale', true, now()), ('integration', $1, 'failed', true, now())",
        [id],
      );
      await aTick(database, clock);
      const watch = aWatcher();
      const open = async () =>
        (await one<{ open: number }>(database, "select count(*) filter (where open)::int as open from alarm")).open;
      await watched(watch, minute);
      assert.equal(await open(), 1);
      await database.query("update integration set status = 'archived' where id = $1", [id]);
      await watched(watch, minute);
      assert.equal(await open(), 0);
      assert.deepEqual(await told(database, id), []);
    });
  });
});
