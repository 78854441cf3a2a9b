import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { HistoryCheck } from "@rollcall/core/contract/access.ts";
import type { Why } from "@rollcall/core/contract/people.ts";
import type { Change } from "@rollcall/core/contract/runs.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aVendor, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";
import { inTransaction } from "../../postgres/transaction.ts";

describe("history", () => {
  let rollcall: TestRollcall;
  let vendor: VendorWorld;
  let personId = "";
  before(async () => {
    rollcall = await startTestRollcall();
    vendor = await aVendor(rollcall, { users: users("history.example", 6) });
    await vendor.run();
    vendor.sandbox.changeUser(2, { set: { name: "Renamed" } });
    vendor.sandbox.removeUsers({ ids: [6] });
    await vendor.run();
    vendor.sandbox.changeUser(3, { set: { name: "Renamed too" } });
    await vendor.run();
    personId = (await vendor.known())[1]?.personId ?? "";
    await must(rollcall.api("PATCH", `/people/${personId}`, { lastName: "By Hand" }));
  });
  after(async () => {
    await vendor[Symbol.asyncDispose]();
    await rollcall[Symbol.asyncDispose]();
  });

  const check = () => must(rollcall.api<HistoryCheck>("GET", "/audit/history-check"));

  test("F22 every change tells what was and what is, its run, where the value came from, and who did it", async () => {
    const known = await vendor.known();
    const renamed = await changesOf(known[2]?.personId);
    const update = renamed.find(({ kind }) => kind === "update");
    const field = update?.fields.find(({ field }) => field === "fullName");
    assert.deepEqual([field?.before, field?.after], ["User 2", "Renamed"]);
    assert.ok(update?.runId);
    const why = await must(rollcall.api<Why>("GET", `/people/${known[2]?.personId}/why`));
    const origin = why.values.find(({ field }) => field === "fullName");
    assert.ok(origin, JSON.stringify(why));
    assert.equal(origin.source, "name");
    assert.equal(origin.runId, update.runId);
    const byHand = (await changesOf(personId)).find(({ kind }) => kind === "edit");
    assert.ok(byHand?.actor, JSON.stringify(byHand));
    assert.equal(update.actor, null);
  });

  test("F22 is as it was written after runs and edits by hand", async () => {
    assert.deepEqual(await check(), { ok: true, broken: [], brokenEdits: [] });
  });

  const tamperings: readonly (readonly [what: string, sql: string, shows: "runs" | "edits"])[] = [
    [
      "an edited value",
      `update change set after = jsonb_set(after, '{person,fullName}', '"X"') where kind = 'update'`,
      "runs",
    ],
    ["another person", "update change set person_id = person_id + 1 where kind = 'deactivate'", "runs"],
    ["another reason", "update change set reason = 'they asked' where kind = 'deactivate'", "runs"],
    ["a deleted change", "delete from change where kind = 'deactivate'", "runs"],
    ["a whole run's changes deleted", "delete from change where kind = 'create' and run_id is not null", "runs"],
    [
      "a change put in",
      "insert into change (run_id, kind, hash) select run_id, 'update', hash from change where kind = 'deactivate'",
      "runs",
    ],
    ["a change with a digest that fits", digested("reason = 'they asked'", "kind = 'deactivate'"), "runs"],
    [
      "a run taken out of the chain",
      "update run set chain_hash = null where plan = 'applied' and chain_previous = decode(repeat('00', 32), 'hex')",
      "runs",
    ],
    [
      "an edit by hand with another value",
      `update change set after = jsonb_set(after, '{person,lastName}', '"X"') where kind = 'edit'`,
      "edits",
    ],
    ["an edit by hand of somebody else", "update change set actor_id = gen_random_uuid() where kind = 'edit'", "edits"],
  ];
  for (const [what, sql, shows] of tamperings) {
    test(`F22 shows ${what}`, async () => {
      // The check has to see it, so it is committed, and put back from a copy.
      await rollcall.database.query("create table kept_change as table change; create table kept_run as table run");
      await rollcall.database.query(sql);
      const found = await check();
      await inTransaction(rollcall.database, async (transaction) => {
        await transaction.query("delete from change");
        await transaction.query("insert into change overriding system value select * from kept_change");
        await transaction.query("update run r set chain_hash = k.chain_hash from kept_run k where k.id = r.id");
        await transaction.query("drop table kept_change, kept_run");
      });
      assert.equal(found.ok, false);
      assert.ok((shows === "runs" ? found.broken : found.brokenEdits).length > 0, JSON.stringify(found));
      assert.equal((await check()).ok, true);
    });
  }

  const changesOf = (id: string | undefined) => rollcall.all<Change>(`/people/${id}/history`);

  /** An edit by somebody who knows how digests are made. */
  function digested(set: string, where: string): string {
    return `update change set ${set} where ${where};
      update change set hash = change_digest(run_id, kind, vendor_key, person_id, saas_user_id, before, after, reason, withheld, actor_id)
      where ${where}`;
  }
});
