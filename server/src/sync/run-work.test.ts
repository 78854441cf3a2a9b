import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, countsOf, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";
import { watchWork } from "@rollcall/server/test/watch-work.ts";
import { rows } from "../postgres/query.ts";

const count = 600;
const half = count / 2;

/** Each with each would be `count` rows a user. */
const rowsPerUser = 20;

describe("a run beside many records, with statistics from before its integration", () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
    await using known = await aVendor(rollcall, { users: users("known.example", count) });
    await known.run();
    await known.run();
    await stopStatistics();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("H30 new, changed, missing and withheld users, undo and approval cost a few rows for each user", async () => {
    await using vendor = await aVendor(rollcall, { users: users("new.example", count) });
    await costsFewRows(async () => {
      const created = await vendor.run();
      assert.deepEqual(countsOf(created), { fetched: count, created: count });
      assert.deepEqual(countsOf(await undo(await undo(created))), { fetched: count, updated: count });
      assert.deepEqual(countsOf(await vendor.run()), { fetched: count, unchanged: count });
      rename(vendor, keys(1, count), "Renamed");
      const renamed = await vendor.run();
      assert.deepEqual(countsOf(renamed), { fetched: count, updated: count });
      await undo(renamed);
    });
    await vendor.set({ guard: { enabled: true, confirmRuns: 1 } });
    vendor.sandbox.removeUsers({ ids: keys(1, half) });
    await costsFewRows(async () => {
      rename(vendor, keys(half + 1, count), "Stayed");
      const refused = await vendor.run();
      assert.deepEqual(countsOf(refused), { fetched: half, updated: half, withheld: half });
      await undo(await undo(refused));
      vendor.sandbox.addUsers([aUser("new.example", count + 1)]);
      const withheld = await vendor.run();
      assert.deepEqual([withheld.status, withheld.counts.withheld], ["needs_review", half]);
      await must(rollcall.api<Run>("POST", `/runs/${withheld.id}/approve`, { reason: "They left." }));
      await undo(withheld);
    });
    vendor.sandbox.restoreUsers(keys(1, half));
    await vendor.run();
    await vendor.set({ guard: { enabled: false, confirmRuns: 3 } });
    vendor.sandbox.removeUsers({ ids: keys(1, half) });
    await costsFewRows(async () => {
      assert.equal((await vendor.run()).counts.withheld, half);
      vendor.sandbox.restoreUsers(keys(1, half));
      assert.equal((await vendor.run()).counts.unchanged, count + 1);
    });
  });

  test("H30 people whom another integration knows, and who take each other's addresses, cost a few rows each", async () => {
    const known = users("known.example", count);
    await using vendor = await aVendor(rollcall, { users: known.slice(0, half) });
    const { mapping } = vendor.integration;
    const rules = mapping.rules.map((rule) => (rule.target === "fullName" ? { ...rule, policy: "on-create" } : rule));
    await vendor.set({ mapping: { ...mapping, rules } });
    await costsFewRows(async () => {
      const linked = await vendor.run();
      assert.deepEqual(countsOf(linked), { fetched: half, updated: half });
      await undo(await undo(linked));
      vendor.sandbox.addUsers(known.slice(half));
      assert.deepEqual(countsOf(await vendor.run()), { fetched: count, updated: half, unchanged: half });
      rename(vendor, keys(1, count), "Renamed");
      assert.equal((await vendor.run()).counts.fetched, count);
      for (const key of keys(1, count)) {
        vendor.sandbox.changeUser(key, { set: { email: `user${key + 1}@known.example` } });
      }
      assert.equal((await vendor.run()).counts.updated, count);
    });
  });

  async function stopStatistics(): Promise<void> {
    const tables = await rows<{ name: string }>(
      rollcall.database,
      "select relname as name from pg_stat_user_tables where schemaname = 'public'",
    );
    for (const { name } of tables) {
      await rollcall.database.query(`alter table ${name} set (autovacuum_enabled = false)`);
    }
    await rollcall.database.query("analyze");
  }

  async function costsFewRows(work: () => Promise<void>): Promise<void> {
    const { heard, stop } = watchWork(rollcall.runDatabase);
    await work();
    stop();
    assert.ok(heard.some(({ statement }) => statement.startsWith("insert into change")));
    const heavy = heard.filter(({ rows: most }) => most > rowsPerUser * count);
    assert.deepEqual(heavy, []);
  }

  async function undo(run: Run): Promise<Run> {
    const { id } = await must(rollcall.api<Run>("POST", `/runs/${run.id}/undo`));
    return await rollcall.waitFor(id);
  }
});

function keys(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function rename(vendor: VendorWorld, ids: readonly number[], name: string): void {
  for (const id of ids) vendor.sandbox.changeUser(id, { set: { name: `${name} ${id}` } });
}
