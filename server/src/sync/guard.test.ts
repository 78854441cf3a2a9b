import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import type { Change, Run } from "@rollcall/core/contract/runs.ts";
import { guardPlan } from "@rollcall/core/reconcile/guard-plan.ts";
import { scimUser } from "@rollcall/sandbox/scim/scim-user.ts";
import { startScimSandbox } from "@rollcall/sandbox/start-scim-sandbox.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import {
  aUser,
  aVendor,
  countsOf,
  knownUsers,
  recordsOf,
  users,
  type VendorWorld,
} from "@rollcall/server/test/vendor-world.ts";

describe("the guard", { concurrency: 4 }, () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("A3 in one run at most 5, or 10 % where that is more", async () => {
    const thirty = await afterLosing(30, 5);
    assert.deepEqual([thirty.status, countsOf(thirty)], ["completed", { fetched: 25, unchanged: 25, deactivated: 5 }]);
    assertTripped(await afterLosing(30, 6), ["per-run"], 6);
    const hundred = await afterLosing(100, 10);
    assert.deepEqual([hundred.status, hundred.counts.deactivated], ["completed", 10]);
    assertTripped(await afterLosing(100, 11), ["per-run"], 11);
  });

  test("A3 small populations have no exemption: more than 20 % within the window trips", async () => {
    const five = await afterLosing(5, 1);
    assert.deepEqual([five.status, five.counts.deactivated], ["completed", 1]);
    assertTripped(await afterLosing(4, 1), ["window"], 1);
    assertTripped(await afterLosing(2, 1), ["window"], 1);
  });

  test("A3 a population of 3 and more that goes to zero trips, even where everything else is allowed", async () => {
    const guard = { maxPercent: 100, windowPercent: 100 };
    assertTripped(await afterLosing(3, 3, guard), ["to-zero"], 3);
    const two = await afterLosing(2, 2, guard);
    assert.deepEqual([two.status, two.counts.deactivated], ["completed", 2]);
  });

  test("A3 the window adds up over runs, leaves out undone ones and those before it", async () => {
    await using vendor = await guarded(60);
    const lose = async (count: number) => {
      vendor.sandbox.removeUsers({ count, from: "start" });
      return await vendor.run();
    };
    assert.equal((await lose(5)).counts.deactivated, 5);
    const second = await lose(5);
    assert.equal((await lose(2)).counts.deactivated, 2);
    assertTripped(await lose(1), ["window"], 1);
    // A week later the first two runs no longer count.
    await rollcall.database.query(
      "update run set applied_at = applied_at - interval '8 days' where integration_id = $1 and (counts ->> 'deactivated') = '5'",
      [vendor.integration.id],
    );
    const later = await vendor.run();
    assert.deepEqual([later.status, later.counts.deactivated], ["completed", 1]);
    // Brought back into the window, the five are too many; undone, they do not count.
    await rollcall.database.query("update run set applied_at = applied_at + interval '8 days' where id = $1", [
      second.id,
    ]);
    const open = await lose(5);
    assertTripped(open, ["window"], 5);
    await undo(second);
    vendor.sandbox.restoreUsers();
    vendor.sandbox.removeUsers({ count: 11, from: "start" });
    assert.equal((await vendor.run()).status, "completed");
  });

  test("absence counts only after the number of complete runs that the integration asks for", async () => {
    await using vendor = await guarded(6, { enabled: false, confirmRuns: 3 });
    vendor.sandbox.removeUsers({ ids: [2] });
    const withheld = { fetched: 5, unchanged: 5, withheld: 1 };
    assert.deepEqual(countsOf(await vendor.run()), withheld);
    assert.deepEqual(countsOf(await vendor.run()), withheld);
    // Seen in between, the count begins anew.
    vendor.sandbox.restoreUsers();
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 6, unchanged: 6 });
    vendor.sandbox.removeUsers({ ids: [2] });
    assert.deepEqual(countsOf(await vendor.run()), withheld);
    // A run with a gap and a dry run confirm nothing.
    vendor.sandbox.addFaults([{ call: "members", fault: { kind: "has-more", value: "missing" } }]);
    assert.equal((await vendor.run()).status, "incomplete");
    assert.deepEqual(countsOf(await vendor.run({ dryRun: true })), withheld);
    assert.deepEqual(countsOf(await vendor.run()), withheld);
    assert.equal((await vendor.known())[2]?.person, "active");
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 5, unchanged: 5, deactivated: 1 });
  });

  test("A4 tripped: creations, updates and reactivations are applied, and not one deactivation", async () => {
    await using vendor = await tripped();
    const { run } = vendor;
    assertTripped(run, ["window"], 2);
    assert.deepEqual(countsOf(run), { fetched: 7, unchanged: 5, created: 1, updated: 1, withheld: 2 });
    assert.deepEqual([run.plan, run.coverage?.complete, run.stage], ["open", true, "finished"]);
    assert.ok(run.planExpiresAt !== null && Date.parse(run.planExpiresAt) > Date.now());
    const known = await vendor.known();
    assert.deepEqual([known[1]?.name, known[9]?.person], ["Renamed", "active"]);
    for (const key of [2, 3]) {
      assert.deepEqual([known[key]?.person, known[key]?.saas, known[key]?.link], ["active", "active", true]);
    }
    const withheld = await rollcall.all<Change>(`/runs/${run.id}/changes?withheld=true`);
    assert.deepEqual(
      withheld.map(({ vendorKey, kind, reason, withheld: why }) => [vendorKey, kind, reason, why]).sort(),
      [
        ["2", "deactivate", "missing", "guard"],
        ["3", "deactivate", "missing", "guard"],
      ],
    );
  });

  test("A4 the same run without the guard deactivates them: it was the guard that kept them", async () => {
    await using vendor = await tripped({ enabled: false });
    assert.equal(vendor.run.status, "completed");
    assert.deepEqual(countsOf(vendor.run), { fetched: 7, unchanged: 5, created: 1, updated: 1, deactivated: 2 });
  });

  test("A4 an approval needs a reason, is for that plan only, and happens once, with name and time", async () => {
    await using vendor = await tripped();
    const { run } = vendor;
    const before = await recordsOf(rollcall.database, vendor.integration.id);
    for (const body of [undefined, {}, { reason: "" }, { reason: "  " }]) {
      const refused = await decide("approve", run, body);
      assert.deepEqual([refused.status, refused.body.code], [400, "request.invalid"]);
    }
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);

    // Who leaves meanwhile is not in the plan.
    vendor.sandbox.removeUsers({ ids: [4] });
    const answers = await Promise.all([1, 2, 3].map(() => decide("approve", run, { reason: "They left." })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
    assert.ok(answers.every(({ status, body }) => status === 200 || body.code === "run.plan_not_open"));
    const { body: approved } = await rollcall.api<Run>("GET", `/runs/${run.id}`);
    assert.deepEqual([approved.status, approved.plan], ["completed", "approved"]);
    assert.deepEqual(countsOf(approved), { fetched: 7, unchanged: 5, created: 1, updated: 1, deactivated: 2 });
    assert.equal(approved.decision?.reason, "They left.");
    assert.ok(approved.decision?.by && Date.parse(approved.decision.at) > 0);
    const known = await vendor.known();
    for (const key of [2, 3]) {
      const { person, personReason, saas, link } = known[key] ?? assert.fail("not known");
      assert.deepEqual([person, personReason, saas, link], ["inactive", "missing", "deactivated", false]);
    }
    assert.equal(known[4]?.person, "active");
    assert.deepEqual([known[1]?.name, known[9]?.person], ["Renamed", "active"]);
  });

  test("A4 a rejected plan stays rejected, and the next run asks again", async () => {
    await using vendor = await tripped();
    const rejected = await decide("reject", vendor.run, { reason: "They are on leave." });
    assert.equal(rejected.status, 200);
    const refused = await decide("approve", vendor.run, { reason: "They left." });
    assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_not_open"]);
    assertTripped(await vendor.again(), ["window"], 2);
    assert.equal((await vendor.known())[2]?.person, "active");
  });

  test("A4 a newer finished run makes an open plan stale; a failed one and a dry run do not", async () => {
    await using vendor = await tripped();
    vendor.sandbox.addFaults([{ call: "sites", count: "always", fault: { kind: "status", status: 500 } }]);
    assert.equal((await vendor.again()).status, "failed");
    vendor.sandbox.clearFaults();
    await vendor.again({ dryRun: true });
    assert.equal((await rollcall.api<Run>("GET", `/runs/${vendor.run.id}`)).body.plan, "open");
    const newer = await vendor.again();
    const refused = await decide("approve", vendor.run, { reason: "They left." });
    assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_stale"]);
    assert.equal((await vendor.known())[2]?.person, "active");
    assert.equal((await decide("approve", newer, { reason: "They left." })).status, 200);
    assert.equal((await vendor.known())[2]?.person, "inactive");
  });

  for (const [what, change] of [
    ["deactivated by hand", { status: "inactive" }],
    ["protected", { protected: true }],
    ["archived", { archived: true }],
  ] as const) {
    test(`A4 a plan whose person was ${what} since is refused as stale, and nothing of it is applied`, async () => {
      await using vendor = await tripped();
      const { personId } = (await vendor.known())[2] ?? assert.fail("not known");
      await must(rollcall.api("PATCH", `/people/${personId}`, change));
      const before = await recordsOf(rollcall.database, vendor.integration.id);
      const refused = await decide("approve", vendor.run, { reason: "They left." });
      assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_stale"]);
      assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
      assert.equal((await rollcall.api<Run>("GET", `/runs/${vendor.run.id}`)).body.plan, "stale");
    });
  }

  test("A4 a plan whose person another integration has seen since is refused as stale", async () => {
    await using vendor = await tripped();
    await using other = await aVendor(rollcall, { users: [aUser(vendor.domain, 2)] });
    await other.run();
    const refused = await decide("approve", vendor.run, { reason: "They left." });
    assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_stale"]);
    assert.equal((await vendor.known())[2]?.person, "active");
  });

  test("A4 a plan is refused as stale when a person was protected since of whom only the SaaS user would go", async () => {
    await using vendor = await guarded(8);
    await using other = await aVendor(rollcall, { users: [aUser(vendor.domain, 2)] });
    await other.run();
    vendor.sandbox.removeUsers({ ids: [2, 3] });
    const run = await vendor.run();
    assertTripped(run, ["window"], 2);
    const { personId } = (await vendor.known())[2] ?? assert.fail("not known");
    await must(rollcall.api("PATCH", `/people/${personId}`, { protected: true }));
    const refused = await decide("approve", run, { reason: "They left." });
    assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_stale"]);
    assert.equal((await vendor.known())[2]?.saas, "active");
  });

  for (const [what, settings] of [
    ["deactivating was switched off", { deactivate: false }],
    ["other sites were chosen", { inputs: { sites: [11] } }],
    ["people were excepted", { personDeactivation: "never" }],
  ] as const) {
    test(`A4 a plan is refused as stale when ${what} since it was made`, async () => {
      await using vendor = await tripped();
      await vendor.set(settings);
      const refused = await decide("approve", vendor.run, { reason: "They left." });
      assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_stale"]);
      assert.equal((await vendor.known())[2]?.person, "active");
    });
  }

  test("A4 a plan stays open when the integration is renamed or its limits are, and closes when it is archived", async () => {
    await using renamed = await tripped();
    await renamed.set({ name: renamed.domain, guard: { minCount: 6 } });
    assert.equal((await decide("approve", renamed.run, { reason: "They left." })).status, 200);
    await using archived = await tripped();
    await must(rollcall.api("POST", `/integrations/${archived.integration.id}/archive`));
    const refused = await decide("approve", archived.run, { reason: "They left." });
    assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_stale"]);
    assert.equal((await archived.known())[2]?.person, "active");
  });

  test("A3 what a person approved counts from the day of the approval", async () => {
    await using vendor = await guarded(60);
    vendor.sandbox.removeUsers({ count: 12 });
    const run = await vendor.run();
    assertTripped(run, ["per-run"], 12);
    await rollcall.database.query("update run set applied_at = applied_at - interval '8 days' where id = $1", [run.id]);
    assert.equal((await decide("approve", run, { reason: "They left." })).status, 200);
    vendor.sandbox.removeUsers({ count: 1 });
    assertTripped(await vendor.run(), ["window"], 1);
  });

  test("A4 what is withheld of a record without a SaaS user makes no deactivated one, before its approval", async () => {
    await using scim = await startScimSandbox({ users: scimUsers(8) });
    const credential = { name: "Guarded SCIM", kind: "scim", values: { token: scim.token } };
    const { id: credentialId } = await must(rollcall.api<{ id: string }>("POST", "/credentials", credential));
    const settings = { connector: "scim", credentialId, mode: "user-only", guard: {} };
    const integration = await rollcall.launch({ ...settings, inputs: { baseUrl: scim.url } });
    await rollcall.run(integration.id);
    const { id: softwareId } = await must(rollcall.api<{ id: string }>("POST", "/saas", { name: "Guarded SCIM" }));
    scim.setUsers(scimUsers(8, 3));
    const other = { mode: "user-plus-saas", softwareId, deactivate: true };
    await must(rollcall.api("PATCH", `/integrations/${integration.id}`, other));
    const saasOf = async () =>
      Object.values(await knownUsers(rollcall.database, integration.id)).map(({ saas }) => saas);
    const count = async (state: string) => (await saasOf()).filter((saas) => saas === state).length;

    const run = await rollcall.run(integration.id);
    assertTripped(run, ["window"], 3);
    assert.deepEqual([await count("active"), await count("deactivated")], [8, 0]);
    await undo(run);
    assert.deepEqual(await rollcall.all(`/saas/${softwareId}/users`), []);
    const again = await rollcall.run(integration.id);
    assert.equal((await decide("approve", again, { reason: "They left." })).status, 200);
    assert.deepEqual([await count("active"), await count("deactivated")], [5, 3]);
  });

  test("A4 a plan that waited too long has expired, and can no longer be approved", async () => {
    await using vendor = await tripped();
    await rollcall.database.query("update run set plan_expires_at = now() - interval '1 minute' where id = $1", [
      vendor.run.id,
    ]);
    assert.equal((await rollcall.api<Run>("GET", `/runs/${vendor.run.id}`)).body.plan, "expired");
    const refused = await decide("approve", vendor.run, { reason: "They left." });
    assert.deepEqual([refused.status, refused.body.code], [409, "run.plan_expired"]);
    assert.equal((await vendor.known())[2]?.person, "active");
  });

  test("A5 somebody protected before the approval keeps being left out of it", async () => {
    await using vendor = await guarded(9);
    const { personId } = (await vendor.known())[2] ?? assert.fail("not known");
    await must(rollcall.api("PATCH", `/people/${personId}`, { protected: true }));
    vendor.sandbox.removeUsers({ ids: [2, 3, 4] });
    const run = await vendor.run();
    assertTripped(run, ["window"], 2);
    assert.equal(run.counts.withheld, 3);
    assert.equal((await decide("approve", run, { reason: "They left." })).status, 200);
    const known = await vendor.known();
    assert.deepEqual(
      [2, 3, 4].map((key) => known[key]?.person),
      ["active", "inactive", "inactive"],
    );
    const { counts } = (await rollcall.api<Run>("GET", `/runs/${run.id}`)).body;
    assert.deepEqual([counts.deactivated, counts.withheld], [2, 1]);
  });

  test("a limit that is switched off is no limit", () => {
    const limits = {
      enabled: true,
      maxPercent: 10,
      minCount: 5,
      windowPercent: 20,
      confirmRuns: 1,
      windowDeactivated: 0,
      goneLists: [],
    };
    assert.equal(guardPlan(limits, 10, 10).length, 3);
    assert.deepEqual(guardPlan({ ...limits, enabled: false }, 10, 10), []);
    assert.deepEqual(guardPlan(limits, 10, 0), []);
  });

  type GuardSettings = Readonly<Record<string, unknown>>;

  async function guarded(count: number, guard: GuardSettings = {}): Promise<VendorWorld & { readonly domain: string }> {
    worlds += 1;
    const domain = `guard${worlds}.example`;
    const vendor = await aVendor(rollcall, {
      users: users(domain, count),
      settings: { guard, inputs: { expectEmpty: true } },
    });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: count, created: count });
    return Object.assign(vendor, { domain });
  }

  /** The run after so many of so many users have left. */
  async function afterLosing(count: number, lost: number, guard: GuardSettings = {}): Promise<Run> {
    await using vendor = await guarded(count, guard);
    vendor.sandbox.removeUsers({ count: lost });
    return await vendor.run();
  }

  /** Eight users with two gone, one renamed and one new: the run that met the guard. */
  async function tripped(guard: GuardSettings = {}) {
    const vendor = await guarded(8, guard);
    vendor.sandbox.removeUsers({ ids: [2, 3] });
    vendor.sandbox.changeUser(1, { set: { name: "Renamed" } });
    vendor.sandbox.addUsers([aUser(vendor.domain, 9)]);
    const run = await vendor.run();
    return Object.assign(vendor, { run, again: (body?: unknown) => rollcall.run(vendor.integration.id, body) });
  }

  async function decide(verdict: "approve" | "reject", run: Run, body: unknown) {
    return await rollcall.api<Problem>("POST", `/runs/${run.id}/${verdict}`, body);
  }

  async function undo(run: Run): Promise<void> {
    const { id } = await must(rollcall.api<Run>("POST", `/runs/${run.id}/undo`));
    await rollcall.waitFor(id);
  }
});

let worlds = 0;

/** The first `inactive` of them may not sign in. */
function scimUsers(count: number, inactive = 0) {
  return Array.from({ length: count }, (_, n) =>
    scimUser({ id: String(n), userName: `scim${n}@guarded.example`, active: n >= inactive }),
  );
}

function assertTripped(run: Run, rules: readonly string[], wouldDeactivate: number): void {
  assert.equal(run.status, "needs_review", JSON.stringify(run.counts));
  assert.deepEqual(
    run.guard?.reasons.map(({ rule }) => rule),
    rules,
  );
  assert.equal(run.guard?.wouldDeactivate, wouldDeactivate);
  assert.equal(run.counts.deactivated, 0);
  assert.ok(run.guard?.reasons.every(({ detail }) => /\d/.test(detail)));
}
