import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import type { Change, Run } from "@rollcall/core/contract/runs.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, countsOf, recordsOf, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";
import { one, rows } from "../postgres/query.ts";
import { inTransaction } from "../postgres/transaction.ts";

describe("a dry run", { concurrency: 4 }, () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("shows the whole plan, old and new, with reasons, page by page, and writes nothing", async () => {
    await using vendor = await prepared("plan.example");
    const before = await recordsOf(rollcall.database, vendor.integration.id);
    const run = await vendor.run({ dryRun: true });
    assert.deepEqual([run.dryRun, run.status, run.plan], [true, "completed", "open"]);
    assert.deepEqual(countsOf(run), {
      fetched: 7,
      created: 1,
      updated: 1,
      unchanged: 4,
      deactivated: 1,
      reactivated: 1,
    });
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
    assert.equal(await peopleOf("plan.example"), 7);

    const pages: Change[] = [];
    let cursor: string | null = null;
    do {
      const page: ListOf<Change> = await must(
        rollcall.api<ListOf<Change>>(
          "GET",
          `/runs/${run.id}/changes?limit=2${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
        ),
      );
      assert.ok(page.data.length <= 2);
      assert.equal(page.total, 4);
      pages.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    const plan: Readonly<Record<string, Change>> = Object.fromEntries(
      pages.map((change) => [change.vendorKey ?? "", change]),
    );
    assert.deepEqual(
      Object.entries(plan).map(([key, { kind, reason, name }]) => [key, kind, reason, name]),
      [
        ["1", "update", null, "Renamed"],
        ["2", "deactivate", "missing", "User 2"],
        ["7", "reactivate", "back", "User 7"],
        ["8", "create", null, "User 8"],
      ],
    );
    assert.deepEqual(
      plan[1]?.fields.find(({ field }) => field === "fullName"),
      {
        field: "fullName",
        before: "User 1",
        after: "Renamed",
      },
    );
    assert.ok(plan[8]?.fields.some(({ field, after: value }) => field === "email" && value === "user8@plan.example"));
  });

  test("approved, exactly that plan is applied, whatever the vendor has done since", async () => {
    await using vendor = await prepared("approve.example");
    const run = await vendor.run({ dryRun: true });
    vendor.sandbox.removeUsers({ ids: [3] });
    vendor.sandbox.changeUser(4, { set: { name: "Later" } });
    vendor.sandbox.addUsers([aUser("approve.example", 9)]);
    const requests = vendor.sandbox.counters().requests;
    const approved = await must(rollcall.api<Run>("POST", `/runs/${run.id}/approve`, { reason: "As shown." }));
    assert.deepEqual(
      [approved.plan, approved.status, approved.decision?.reason],
      ["approved", "completed", "As shown."],
    );
    assert.deepEqual(countsOf(approved), countsOf(run));
    assert.equal(vendor.sandbox.counters().requests, requests, "nothing is fetched again");
    const known = await vendor.known();
    assert.deepEqual(
      [
        known[1]?.name,
        known[2]?.person,
        known[3]?.person,
        known[4]?.name,
        known[7]?.person,
        known[8]?.person,
        known[9],
      ],
      ["Renamed", "inactive", "active", "User 4", "active", "active", undefined],
    );
    const again = await rollcall.api<Problem>("POST", `/runs/${run.id}/approve`, { reason: "Once more." });
    assert.deepEqual([again.status, again.body.code], [409, "run.plan_not_open"]);
    const next = await vendor.run();
    assert.deepEqual(countsOf(next), { fetched: 7, created: 1, updated: 1, unchanged: 5, deactivated: 1 });
  });

  test("approving a preview does what the run itself would have done", async () => {
    await using previewed = await prepared("same-a.example");
    await using run = await prepared("same-b.example");
    const preview = await previewed.run({ dryRun: true });
    await must(rollcall.api("POST", `/runs/${preview.id}/approve`, { reason: "As shown." }));
    await run.run();
    const plain = async (vendor: VendorWorld) =>
      Object.entries(await vendor.known()).map(
        ([key, { name, role, person, personReason, saas, saasReason, link }]) => [
          key,
          { name, role, person, personReason, saas, saasReason, link },
        ],
      );
    assert.deepEqual(await plain(previewed), await plain(run));
  });

  test("a plan whose e-mail address somebody takes at the moment of its approval is refused as out of date", async () => {
    await using vendor = await aVendor(rollcall, { users: users("taken.example", 2) });
    const run = await vendor.run({ dryRun: true });
    const approval = await inTransaction(rollcall.database, async (other) => {
      await other.query("insert into person (username, email, role) values ('first', 'user1@taken.example', 'User')");
      const asked = rollcall.api<Problem>("POST", `/runs/${run.id}/approve`, { reason: "As shown." });
      const waits = `select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into person%'`;
      while ((await rows(rollcall.database, waits)).length === 0) await sleep(20);
      // Not awaited in here: it waits for this transaction.
      return { asked };
    });
    const { status, body } = await approval.asked;
    assert.deepEqual([status, body.code], [409, "run.plan_stale"]);
    assert.equal(await peopleOf("taken.example"), 1);
  });

  test("a first sync can be previewed: nobody exists until it is approved", async () => {
    await using vendor = await aVendor(rollcall, { users: users("first.example", 5) });
    const run = await vendor.run({ dryRun: true });
    assert.deepEqual(countsOf(run), { fetched: 5, created: 5 });
    assert.equal(await peopleOf("first.example"), 0);
    assert.deepEqual(await vendor.known(), {});
    await must(rollcall.api("POST", `/runs/${run.id}/approve`, { reason: "As shown." }));
    assert.equal(await peopleOf("first.example"), 5);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 5, unchanged: 5 });
  });

  test("a preview that meets the guard needs a review, and approving it applies what was withheld, too", async () => {
    await using vendor = await prepared("review.example", { guard: {} });
    vendor.sandbox.removeUsers({ ids: [3] });
    const run = await vendor.run({ dryRun: true });
    assert.equal(run.status, "needs_review");
    assert.equal(run.counts.withheld, 2);
    const approved = await must(rollcall.api<Run>("POST", `/runs/${run.id}/approve`, { reason: "They left." }));
    assert.deepEqual([approved.counts.deactivated, approved.counts.withheld], [2, 0]);
    const known = await vendor.known();
    assert.deepEqual([known[1]?.name, known[2]?.person, known[3]?.person], ["Renamed", "inactive", "inactive"]);
  });

  for (const [what, move] of [
    ["a person of it was edited", async (vendor) => editPerson(vendor, 1, { fullName: "By Hand" })],
    ["a person of it was deactivated by hand", async (vendor) => editPerson(vendor, 2, { status: "inactive" })],
    ["a person of it was protected", async (vendor) => editPerson(vendor, 2, { protected: true })],
    ["somebody has an address of it by now", async () => makePerson("user8@stale.example")],
    ["a run has been applied since", async (vendor) => void (await vendor.run())],
  ] as readonly (readonly [string, (vendor: VendorWorld) => Promise<void>])[]) {
    test(`a previewed plan is refused as stale when ${what}, and nothing of it is applied`, async () => {
      worlds += 1;
      const domain = what.includes("address") ? "stale.example" : `stale${worlds}.example`;
      await using vendor = await prepared(domain);
      const run = await vendor.run({ dryRun: true });
      await move(vendor);
      const before = await recordsOf(rollcall.database, vendor.integration.id);
      const refused = await rollcall.api<Problem>("POST", `/runs/${run.id}/approve`, { reason: "As shown." });
      assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_stale"]);
      assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
    });
  }

  test("a previewed return is refused as stale when the person was deactivated for another integration since", async () => {
    await using vendor = await aVendor(rollcall, { users: users("return.example", 2) });
    await using other = await aVendor(rollcall, { users: users("return.example", 2) });
    for (const each of [vendor, other]) await each.run();
    vendor.sandbox.removeUsers({ ids: [2] });
    await vendor.run();
    vendor.sandbox.restoreUsers([2]);
    const back = await vendor.run({ dryRun: true });
    other.sandbox.removeUsers({ ids: [2] });
    await other.run();
    assert.equal((await vendor.known())[2]?.person, "inactive");
    const refused = await rollcall.api<Problem>("POST", `/runs/${back.id}/approve`, { reason: "As shown." });
    assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_stale"]);
    await vendor.run();
    assert.equal((await vendor.known())[2]?.person, "active");
  });

  test("with a gap the preview says so, and approving it deactivates nobody", async () => {
    await using vendor = await prepared("gap.example");
    vendor.sandbox.addFaults([{ call: "members", fault: { kind: "has-more", value: "missing" } }]);
    const run = await vendor.run({ dryRun: true });
    assert.deepEqual([run.status, run.coverage?.complete, run.counts.withheld], ["incomplete", false, 1]);
    await must(rollcall.api("POST", `/runs/${run.id}/approve`, { reason: "As shown." }));
    const known = await vendor.known();
    assert.deepEqual([known[1]?.name, known[2]?.person], ["Renamed", "active"]);
  });

  test("a rejected preview is closed without a trace in the inventory", async () => {
    await using vendor = await prepared("reject.example");
    const before = await recordsOf(rollcall.database, vendor.integration.id);
    const run = await vendor.run({ dryRun: true });
    await must(rollcall.api("POST", `/runs/${run.id}/reject`));
    const refused = await rollcall.api<Problem>("POST", `/runs/${run.id}/approve`, { reason: "After all." });
    assert.equal(refused.body.code, "run.plan_not_open");
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
  });

  async function editPerson(vendor: VendorWorld, key: number, change: object): Promise<void> {
    const { personId } = (await vendor.known())[key] ?? assert.fail("not known");
    await must(rollcall.api("PATCH", `/people/${personId}`, change));
  }

  async function makePerson(email: string): Promise<void> {
    await must(rollcall.api("POST", "/people", { username: email, email }));
  }

  /** Seven known users of whom the last was away; since then one was renamed, one has left, one is back, one is new. */
  async function prepared(domain: string, settings: Readonly<Record<string, unknown>> = {}): Promise<VendorWorld> {
    const vendor = await aVendor(rollcall, {
      users: users(domain, 7),
      settings: { ...settings, guard: { enabled: false } },
    });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [7] });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 6, unchanged: 6, deactivated: 1 });
    if ("guard" in settings) await vendor.set({ guard: { enabled: true } });
    vendor.sandbox.restoreUsers([7]);
    vendor.sandbox.changeUser(1, { set: { name: "Renamed" } });
    vendor.sandbox.removeUsers({ ids: [2] });
    vendor.sandbox.addUsers([aUser(domain, 8)]);
    return vendor;
  }

  async function peopleOf(domain: string): Promise<number> {
    const { count } = await one<{ count: number }>(
      rollcall.database,
      "select count(*)::integer from person where email_key like '%@' || $1",
      [domain],
    );
    return count;
  }
});

let worlds = 0;
