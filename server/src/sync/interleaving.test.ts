import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";
import type { Transaction } from "@rollcall/server/postgres/database.ts";
import { maybeOne, one } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";

/** Two that write the same person: each step of the second falls between what the first has looked at and what it writes. */
describe("between the look and the write of a run", () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("somebody protected meanwhile is not taken away by an undo", async () => {
    await using vendor = await aVendor(rollcall, { users: users("undone.example", 2) });
    const created = await vendor.run();
    const { personId } = (await vendor.known())[1] ?? assert.fail();
    const undo = await inTransaction(rollcall.database, async (other) => {
      await other.query("update person set protected = true where id = $1", [personId]);
      const started = await must(rollcall.api<Run>("POST", `/runs/${created.id}/undo`));
      await untilWaiting(1);
      return started;
    });
    assert.equal((await rollcall.waitFor(undo.id)).counts.withheld, 1);
    const known = await vendor.known();
    // The other's link is gone with the undo.
    assert.deepEqual([known[1]?.person, known[1]?.archivedBy, known[2]], ["active", null, undefined]);
  });

  test("somebody who leaves two applications at the same moment is deactivated by the second", async () => {
    const population = users("leaver.example", 20);
    await using one = await aVendor(rollcall, { users: population });
    await using two = await aVendor(rollcall, { users: population });
    await one.run();
    await two.run();
    const { personId } = (await one.known())[7] ?? assert.fail();
    for (const vendor of [one, two]) vendor.sandbox.removeUsers({ ids: [7] });
    const runs = await inTransaction(rollcall.database, async (other) => {
      await other.query("select 1 from person where id = $1 for update", [personId]);
      const started = await Promise.all([start(one), start(two)]);
      await untilWaiting(2);
      return started;
    });
    for (const { id } of runs) {
      const { status, counts } = await rollcall.waitFor(id);
      assert.deepEqual([status, counts.deactivated], ["completed", 1]);
    }
    const known = (await one.known())[7];
    assert.deepEqual([known?.person, known?.link, (await two.known())[7]?.link], ["inactive", false, false]);
  });

  test("somebody archived meanwhile by the undo of another run is brought back by the run that sees them", async () => {
    const population = users("restored.example", 3);
    await using wrong = await aVendor(rollcall, { users: population });
    const created = await wrong.run();
    const { personId } = (await wrong.known())[1] ?? assert.fail();
    await using right = await aVendor(rollcall, { users: [...population, aUser("restored.example", 4)] });
    await askOf(right);
    const run = await inTransaction(rollcall.database, async (other) => {
      await holdPlanning(other, right);
      const started = await start(right);
      await untilWaiting(1);
      const undo = await must(rollcall.api<Run>("POST", `/runs/${created.id}/undo`));
      assert.equal((await rollcall.waitFor(undo.id)).status, "completed");
      const archived = "select 1 from person where id = $1 and archived_by = 'undo'";
      assert.ok((await maybeOne(rollcall.database, archived, [personId])) !== undefined);
      return started;
    });
    assert.equal((await rollcall.waitFor(run.id)).status, "completed");
    const known = await right.known();
    for (const key of [1, 2, 3, 4]) assert.deepEqual([known[key]?.person, known[key]?.archivedBy], ["active", null]);
  });

  test("somebody who is seen again stays, though their deactivation is approved meanwhile", async () => {
    await using vendor = await aVendor(rollcall, { users: users("seen.example", 6), settings: { guard: {} } });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [2, 3] });
    const withheld = await vendor.run();
    assert.equal(withheld.status, "needs_review");
    vendor.sandbox.restoreUsers();
    vendor.sandbox.addUsers([aUser("seen.example", 7)]);
    await askOf(vendor);
    const run = await inTransaction(rollcall.database, async (other) => {
      await holdPlanning(other, vendor);
      const started = await start(vendor);
      await untilWaiting(1);
      await must(rollcall.api("POST", `/runs/${withheld.id}/approve`, { reason: "They left." }));
      assert.equal((await vendor.known())[2]?.person, "inactive");
      return started;
    });
    assert.equal((await rollcall.waitFor(run.id)).counts.created, 1);
    const known = await vendor.known();
    for (const key of [2, 3]) assert.deepEqual([known[key]?.person, known[key]?.link], ["active", true]);
  });

  /** A question that no longer comes up. */
  async function askOf({ integration }: VendorWorld): Promise<void> {
    await rollcall.database.query(
      `insert into dispute (integration_id, vendor_key, code, first_run_id, last_run_id)
       select id, '1', 'identity.several_people', id, id from integration where id = $1`,
      [integration.id],
    );
  }

  async function start({ integration }: VendorWorld): Promise<Run> {
    return await must(rollcall.api<Run>("POST", `/integrations/${integration.id}/runs`));
  }

  async function untilWaiting(count: number): Promise<void> {
    const text = `select count(*)::integer as waiting from pg_stat_activity
      where datname = current_database() and application_name = 'rollcall-runs' and wait_event_type = 'Lock'`;
    while ((await one<{ waiting: number }>(rollcall.database, text, [])).waiting < count) await sleep(20);
  }
});

/** Planning, which has looked at everything by then, takes the question away last: it waits until the transaction ends. */
async function holdPlanning(transaction: Transaction, { integration }: VendorWorld): Promise<void> {
  await transaction.query("select 1 from dispute where integration_id = $1 for update", [integration.id]);
}
