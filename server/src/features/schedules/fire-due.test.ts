import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Schedule } from "@rollcall/core/contract/integrations.ts";
import { type Database, openDatabase } from "@rollcall/server/postgres/database.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { aQueue, aRun } from "../runs/run-fixtures.ts";
import { keepSchedule } from "./keep-schedule.ts";
import { aScheduledIntegration, aTick, endRuns, firedRuns, storedNextRun } from "./schedule-fixtures.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Without jitter, so that times can be written down. */
const at2: Schedule = { kind: "cron", expression: "0 2 * * *", timeZone: "UTC" };
const at230InBerlin: Schedule = { kind: "cron", expression: "30 2 * * *", timeZone: "Europe/Berlin" };

describe("the schedule", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  before(async () => {
    testDatabase = await createTestDatabase({ max: 12 });
    database = testDatabase.database;
  });
  after(async () => await testDatabase.close());
  // Every test has a clock of its own, which must not be seen as set back from another test's.
  beforeEach(async () => {
    await endRuns(database);
    await database.query("delete from schedule; delete from beat; update integration set status = 'archived'");
  });

  test("C15 a schedule fires at the time that is due, not before, and once", async () => {
    const clock = { now: new Date("2026-11-24T01:00Z") };
    const id = await aScheduledIntegration(database, at2, clock.now);
    clock.now = new Date("2026-11-24T01:59:59Z");
    assert.equal(await aTick(database, clock), 0);
    clock.now = new Date("2026-11-24T02:00:00Z");
    const queue = aQueue();
    assert.equal(await aTick(database, clock, { queue }), 1);
    assert.equal(queue.enqueued.length, 1);
    await endRuns(database);
    clock.now = new Date("2026-11-24T02:00:02Z");
    assert.equal(await aTick(database, clock), 0);
    assert.deepEqual(await firedRuns(database, id), [{ trigger: "schedule", due: "2026-11-24T02:00" }]);
    assert.equal((await storedNextRun(database, id))?.toISOString(), "2026-11-25T02:00:00.000Z");
  });

  test("C15 two who bring the same schedule in step at once lose no run that came due meanwhile", async () => {
    const id = await aScheduledIntegration(database, at2, new Date("2026-11-24T01:00Z"));
    await database.query("delete from schedule");
    let late: Promise<void> = Promise.resolve();
    await inTransaction(database, async (transaction) => {
      await keepSchedule(transaction, id, new Date("2026-11-24T01:59:59Z"));
      late = inTransaction(database, (other) => keepSchedule(other, id, new Date("2026-11-24T02:00:01Z")));
      const waiting = "select from pg_locks where not granted and locktype in ('transactionid', 'spectoken')";
      while ((await rows(database, waiting)).length === 0);
    });
    await late;
    assert.equal((await storedNextRun(database, id))?.toISOString(), "2026-11-24T02:00:00.000Z");
  });

  test("daily and weekly runs are spread over ten minutes and shown as they will happen", async () => {
    const clock = { now: new Date("2026-11-24T00:00Z") };
    const minutes = new Set<number>();
    for (let index = 0; index < 60; index += 1) {
      const id = await aScheduledIntegration(database, { kind: "daily", at: "02:00", timeZone: "UTC" }, clock.now);
      minutes.add(Number((await storedNextRun(database, id))?.getUTCMinutes()));
    }
    assert.ok([...minutes].every((value) => value <= 10));
    assert.ok(minutes.size > 5, `only ${minutes.size} different minutes`);
  });

  for (const [title, from, until, due] of [
    ["forward", "2026-03-27T12:00Z", "2026-03-31T12:00Z", ["03-28T01:30", "03-29T01:00", "03-30T00:30", "03-31T00:30"]],
    ["back", "2026-10-23T12:00Z", "2026-10-27T12:00Z", ["10-24T00:30", "10-25T00:30", "10-26T01:30", "10-27T01:30"]],
  ] as const) {
    test(`C15 when Berlin's clocks go ${title}, 02:30 fires once each day`, async () => {
      const clock = { now: new Date(from) };
      const id = await aScheduledIntegration(database, at230InBerlin, clock.now);
      while (clock.now < new Date(until)) {
        clock.now = new Date(clock.now.getTime() + 15 * minute);
        await aTick(database, clock);
        await endRuns(database);
      }
      assert.deepEqual(
        await firedRuns(database, id),
        due.map((time) => ({ trigger: "schedule", due: `2026-${time}` })),
      );
    });
  }

  test("C15 after a downtime across three due times the missed run is made up for once", async () => {
    const clock = { now: new Date("2026-11-24T01:00Z") };
    const id = await aScheduledIntegration(database, at2, clock.now);
    await aTick(database, clock);
    clock.now = new Date("2026-11-26T14:00Z");
    assert.equal(await aTick(database, clock), 1);
    await endRuns(database);
    assert.equal(await aTick(database, clock), 0);
    assert.deepEqual(await firedRuns(database, id), [{ trigger: "catch-up", due: "2026-11-24T02:00" }]);
    assert.equal((await storedNextRun(database, id))?.toISOString(), "2026-11-27T02:00:00.000Z");
  });

  test("C15 a clock that jumps forward a year and back drops no run and doubles none", async () => {
    const clock = { now: new Date("2026-11-24T01:00Z") };
    const id = await aScheduledIntegration(database, at2, clock.now);
    await aTick(database, clock);
    clock.now = new Date("2027-11-24T12:00Z");
    assert.equal(await aTick(database, clock), 1);
    await endRuns(database);
    for (let day = 24; day <= 27; day += 1) {
      clock.now = new Date(`2026-11-${day}T02:00:01Z`);
      await aTick(database, clock);
      await endRuns(database);
    }
    // The 24th was fired early, while the clock was wrong; each of the others at its time.
    assert.deepEqual(await firedRuns(database, id), [
      { trigger: "catch-up", due: "2026-11-24T02:00" },
      { trigger: "schedule", due: "2026-11-25T02:00" },
      { trigger: "schedule", due: "2026-11-26T02:00" },
      { trigger: "schedule", due: "2026-11-27T02:00" },
    ]);
  });

  test("C15 a clock that is set back by hours does not fire again what has fired", async () => {
    const clock = { now: new Date("2026-11-24T01:00Z") };
    const id = await aScheduledIntegration(database, at2, clock.now);
    for (const time of ["02:00:01", "03:00:00", "00:00:00", "02:00:01", "04:00:00"]) {
      clock.now = new Date(`2026-11-24T${time}Z`);
      await aTick(database, clock);
      await endRuns(database);
    }
    assert.deepEqual(await firedRuns(database, id), [{ trigger: "schedule", due: "2026-11-24T02:00" }]);
    assert.equal((await storedNextRun(database, id))?.toISOString(), "2026-11-25T02:00:00.000Z");
  });

  test("C15 a clock that ran a day ahead and fired there is no reason to wait a day", async () => {
    const everyHour: Schedule = { kind: "interval", minutes: 60 };
    const clock = { now: new Date("2026-11-24T01:30Z") };
    const id = await aScheduledIntegration(database, everyHour, clock.now);
    for (const time of [
      "2026-11-25T10:30",
      "2026-11-25T11:00",
      "2026-11-25T12:00",
      "2026-11-24T01:31",
      "2026-11-24T03:00",
    ]) {
      clock.now = new Date(`${time}Z`);
      await aTick(database, clock);
      await endRuns(database);
    }
    const fired = await firedRuns(database, id);
    // 02:00 was fired when the clock jumped, 03:00 at its time.
    assert.deepEqual(
      fired.map(({ due }) => due),
      ["2026-11-24T02:00", "2026-11-24T03:00", "2026-11-25T11:00", "2026-11-25T12:00"],
    );
  });

  test("C14 an overlap of scheduled runs is recorded as skipped, once, and the schedule goes on", async () => {
    const clock = { now: new Date("2026-11-24T01:00Z") };
    const id = await aScheduledIntegration(database, at2, clock.now);
    const busy = await aRun(database, { integrationId: id });
    clock.now = new Date("2026-11-24T02:00Z");
    await aTick(database, clock);
    clock.now = new Date("2026-11-24T02:01Z");
    await aTick(database, clock);
    const skips = await rows(
      database,
      "select active_run_id, trigger, due_at from run_skip where integration_id = $1",
      [id],
    );
    assert.deepEqual(skips, [{ active_run_id: busy.id, trigger: "schedule", due_at: new Date("2026-11-24T02:00Z") }]);
    assert.equal((await storedNextRun(database, id))?.toISOString(), "2026-11-25T02:00:00.000Z");
  });

  test("C14 C15 eight processes at once fire two hundred due integrations once each", async () => {
    const clock = { now: new Date("2026-11-24T01:00Z") };
    const ids: string[] = [];
    for (let index = 0; index < 200; index += 1) ids.push(await aScheduledIntegration(database, at2, clock.now));
    clock.now = new Date("2026-11-24T02:00:05Z");
    const others = Array.from({ length: 8 }, () =>
      openDatabase({ connectionString: testDatabase.connectionString, max: 2 }),
    );
    const fired = await Promise.all(others.map(async (other) => await aTick(other, clock)));
    await Promise.all(others.map(async (other) => await other.close()));
    assert.equal(
      fired.reduce((sum, count) => sum + count, 0),
      200,
    );
    const { runs, skips } = await one<{ runs: number; skips: number }>(
      database,
      `select (select count(*) from run where integration_id = any ($1))::int as runs,
         (select count(*) from run_skip where integration_id = any ($1))::int as skips`,
      [ids],
    );
    assert.deepEqual({ runs, skips }, { runs: 200, skips: 0 });
  });

  test("C15 the database itself refuses a second run for the same due time", async () => {
    const integrationId = await aScheduledIntegration(database, at2, new Date("2026-11-24T01:00Z"));
    const dueAt = new Date("2026-11-24T02:00Z");
    await aRun(database, { integrationId, trigger: "schedule", dueAt });
    await endRuns(database);
    await assert.rejects(aRun(database, { integrationId, trigger: "schedule", dueAt }), /run_due/);
  });

  for (const lock of ["for update", "for no key update"]) {
    test(`an integration that is locked (${lock}), its plan being applied, waits for the next turn and holds nobody up`, async () => {
      const clock = { now: new Date("2026-11-24T01:00Z") };
      const applied = await aScheduledIntegration(database, at2, clock.now);
      const other = await aScheduledIntegration(database, at2, clock.now);
      clock.now = new Date("2026-11-24T02:00Z");
      await inTransaction(database, async (transaction) => {
        await transaction.query(`select from integration where id = $1 ${lock}`, [applied]);
        assert.equal(await aTick(database, clock), 1);
      });
      assert.equal((await firedRuns(database, other)).length, 1);
      assert.equal(await aTick(database, clock), 1);
      assert.equal((await firedRuns(database, applied)).length, 1);
    });
  }

  test("one that cannot be fired does not keep the others from it", async () => {
    const clock = { now: new Date("2026-11-24T01:00Z") };
    const broken = await aScheduledIntegration(database, at2, clock.now);
    const other = await aScheduledIntegration(database, at2, clock.now);
    clock.now = new Date("2026-11-24T02:00Z");
    const failures: string[] = [];
    const queue = {
      ...aQueue(),
      enqueueRun: async (transaction: Parameters<ReturnType<typeof aQueue>["enqueueRun"]>[0], runId: string) => {
        const run = await one<{ id: string }>(transaction, "select integration_id as id from run where id = $1", [
          runId,
        ]);
        if (run.id === broken) throw new Error("no queue for this one");
      },
    };
    const onFailure = (_: unknown, id: string): void => void failures.push(id);
    assert.equal(await aTick(database, clock, { queue, onFailure }), 1);
    assert.deepEqual(failures, [broken]);
    assert.equal((await firedRuns(database, other)).length, 1);
    assert.equal((await firedRuns(database, broken)).length, 0);
    assert.equal(await aTick(database, clock), 1);
  });

  test("follows an integration that was launched, paused or changed past the product", async () => {
    const clock = { now: new Date("2026-11-24T01:00Z") };
    const id = await aScheduledIntegration(database, at2, clock.now);
    await database.query("update integration set status = 'paused' where id = $1", [id]);
    clock.now = new Date("2026-11-24T03:00Z");
    assert.equal(await aTick(database, clock), 0);
    assert.equal(await storedNextRun(database, id), null);
    await database.query("update integration set status = 'active', schedule = $2 where id = $1", [
      id,
      JSON.stringify({ kind: "interval", minutes: 30 }),
    ]);
    assert.equal(await aTick(database, clock), 0);
    assert.equal((await storedNextRun(database, id))?.toISOString(), "2026-11-24T03:30:00.000Z");
    await database.query("update integration set status = 'archived' where id = $1", [id]);
    await aTick(database, clock);
    assert.equal((await rows(database, "select from schedule where integration_id = $1", [id])).length, 0);
  });

  test("a schedule that is saved unchanged at its due time still fires, and resuming makes up for nothing", async () => {
    const clock = { now: new Date("2026-11-24T01:00Z") };
    const id = await aScheduledIntegration(database, at2, clock.now);
    clock.now = new Date(clock.now.getTime() + hour);
    await inTransaction(database, (transaction) => keepSchedule(transaction, id, clock.now));
    assert.equal(await aTick(database, clock), 1);
    await endRuns(database);
    await database.query("update integration set status = 'paused' where id = $1", [id]);
    await inTransaction(database, (transaction) => keepSchedule(transaction, id, clock.now));
    clock.now = new Date(clock.now.getTime() + 3 * day + hour);
    await database.query("update integration set status = 'active' where id = $1", [id]);
    await inTransaction(database, (transaction) => keepSchedule(transaction, id, clock.now));
    assert.equal(await aTick(database, clock), 0);
    assert.equal((await storedNextRun(database, id))?.toISOString(), "2026-11-28T02:00:00.000Z");
  });
});
