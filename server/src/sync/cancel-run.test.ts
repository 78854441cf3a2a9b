import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aVendor, countsOf, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";
import { rows } from "../postgres/query.ts";
import { inTransaction } from "../postgres/transaction.ts";

describe("cancelling a run", { concurrency: 3 }, () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall({
      vendor: { limits: { headersMs: 60_000, bodyMs: 60_000, attemptMs: 60_000 } },
    });
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("ends it before its list is read, and applies nothing of what was read", async () => {
    await using vendor = await aVendor(rollcall, {
      users: users("cancel.example", 400),
      settings: { inputs: { perPage: 1 } },
      sandbox: { latencyMs: 50 },
    });
    const started = await must(rollcall.api<Run>("POST", `/integrations/${vendor.integration.id}/runs`));
    await pagesRead(vendor, 10);
    await must(rollcall.api<Run>("POST", `/runs/${started.id}/cancel`));
    const run = await rollcall.waitFor(started.id);
    assert.deepEqual([run.status, run.stage, run.error], ["cancelled", "finished", null]);
    assert.ok(run.cancelRequestedAt !== null && run.finishedAt !== null);
    assert.ok((vendor.sandbox.counters().byCall.members ?? 0) < 400);
    assert.deepEqual(await vendor.known(), {});
    assert.deepEqual(countsOf(run), {});
    assert.deepEqual(await stageTablesOf(run), []);
  });

  test("deactivates nobody, and the next run does what the cancelled one would have", async () => {
    await using vendor = await aVendor(rollcall, {
      users: users("cancel-known.example", 60),
      settings: { inputs: { perPage: 1 } },
    });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [1, 60] });
    vendor.sandbox.setModes({ latencyMs: 200 });
    vendor.sandbox.resetCounters();
    const started = await must(rollcall.api<Run>("POST", `/integrations/${vendor.integration.id}/runs`));
    await pagesRead(vendor, 5);
    await must(rollcall.api<Run>("POST", `/runs/${started.id}/cancel`));
    const run = await rollcall.waitFor(started.id);
    assert.equal(run.status, "cancelled");
    assert.equal((await vendor.known())[60]?.person, "active");
    vendor.sandbox.setModes({ latencyMs: 0 });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 58, unchanged: 58, deactivated: 2 });
  });

  test("breaks off a request that hangs", async () => {
    await using vendor = await aVendor(rollcall, { users: users("cancel-hang.example", 3) });
    await vendor.run();
    vendor.sandbox.addFaults([{ call: "members", count: "always", fault: { kind: "hang" } }]);
    const started = await must(rollcall.api<Run>("POST", `/integrations/${vendor.integration.id}/runs`));
    await must(rollcall.api<Run>("POST", `/runs/${started.id}/cancel`));
    assert.equal((await rollcall.waitFor(started.id)).status, "cancelled");
  });

  test("is heard while the run is planned, and nothing of the plan is applied", async () => {
    await using vendor = await aVendor(rollcall, { users: users("cancel-planning.example", 3) });
    // A question that no longer comes up, which planning takes away last.
    await rollcall.database.query(
      `insert into dispute (integration_id, vendor_key, code, first_run_id, last_run_id)
       select id, '1', 'identity.several_people', id, id from integration where id = $1`,
      [vendor.integration.id],
    );
    const run = await inTransaction(rollcall.database, async (held) => {
      await held.query("select 1 from dispute where integration_id = $1 for update", [vendor.integration.id]);
      const started = await must(rollcall.api<Run>("POST", `/integrations/${vendor.integration.id}/runs`));
      const read = () => must(rollcall.api<Run>("GET", `/runs/${started.id}`));
      while ((await read()).stage !== "planning") await sleep(10);
      const asked = await must(rollcall.api<Run>("POST", `/runs/${started.id}/cancel`));
      assert.deepEqual([asked.status, asked.stage], ["running", "planning"]);
      assert.ok(asked.cancelRequestedAt !== null);
      // A sign of life since then means that the worker has read of it, while its plan stands still.
      const heard = "select 1 from run where id = $1 and heartbeat_at > cancel_requested_at";
      while ((await rows(rollcall.database, heard, [started.id])).length === 0) await sleep(50);
      return started;
    });
    assert.equal((await rollcall.waitFor(run.id)).status, "cancelled");
    assert.deepEqual(await vendor.known(), {});
    const changes = await rows(rollcall.database, "select 1 from change where run_id = $1", [run.id]);
    assert.deepEqual(changes, []);
  });

  test("is heard while a run that lost a race waits for its turn to create people", async () => {
    await using vendor = await aVendor(rollcall, { users: users("cancel-turn.example", 3) });
    const { database } = rollcall;
    const run = await inTransaction(database, async (other) => {
      await other.query("select pg_advisory_xact_lock(hashtextextended('create people', 0))");
      const started = await inTransaction(database, async (winner) => {
        const address = "user1@cancel-turn.example";
        await winner.query("insert into person (username, email, role) values ($1, $1, 'Employee')", [address]);
        const begun = await must(rollcall.api<Run>("POST", `/integrations/${vendor.integration.id}/runs`));
        await lockAwaited("transactionid");
        return begun;
      });
      await lockAwaited("advisory");
      await must(rollcall.api<Run>("POST", `/runs/${started.id}/cancel`));
      const heard = "select 1 from run where id = $1 and heartbeat_at > cancel_requested_at";
      while ((await rows(database, heard, [started.id])).length === 0) await sleep(50);
      return started;
    });
    assert.equal((await rollcall.waitFor(run.id)).status, "cancelled");
    assert.deepEqual(await vendor.known(), {});
  });

  async function lockAwaited(kind: "transactionid" | "advisory"): Promise<void> {
    const waiting = `select 1 from pg_stat_activity where datname = current_database()
      and application_name = 'rollcall-runs' and wait_event_type = 'Lock' and wait_event = $1`;
    while ((await rows(rollcall.database, waiting, [kind])).length === 0) await sleep(10);
  }

  async function pagesRead(vendor: VendorWorld, count: number): Promise<void> {
    while ((vendor.sandbox.counters().byCall.members ?? 0) < count) await sleep(10);
  }

  async function stageTablesOf(run: Run) {
    return await rows(
      rollcall.database,
      "select tablename from pg_tables where schemaname = 'stage' and tablename like $1",
      [`%${run.id.replaceAll("-", "")}`],
    );
  }
});
