import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aVendor, countsOf, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";

describe("an account that is no longer in sight", () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("A3 its people go only after a look, however few they are", async () => {
    await using vendor = await ofTwoAccounts("out-of-sight.example", {});
    vendor.sandbox.setModes({ visibleSites: 1 });
    assertHeldBack(await vendor.run());
    assertHeldBack(await vendor.run());
    assert.equal((await vendor.known())[97]?.person, "active");
    // Back in sight, nothing has happened.
    vendor.sandbox.setModes({ visibleSites: null });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 100, unchanged: 100 });
    vendor.sandbox.setModes({ visibleSites: 1 });
    const { id } = await vendor.run();
    await must(rollcall.api("POST", `/runs/${id}/approve`, { reason: "Account 502 was closed." }));
    assert.equal((await vendor.known())[97]?.person, "inactive");
    vendor.sandbox.removeUsers({ ids: [1] });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 95, unchanged: 95, deactivated: 1 });
  });

  test("A3 it is remembered until its people could go", async () => {
    await using vendor = await ofTwoAccounts("remembered.example", { confirmRuns: 2 });
    vendor.sandbox.setModes({ visibleSites: 1 });
    await vendor.set({ deactivate: false });
    assert.equal((await vendor.run()).status, "completed");
    await vendor.set({ deactivate: true });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 96, unchanged: 96, withheld: 4 });
    assertHeldBack(await vendor.run());
  });

  /** Users 1 to 96 are in account 501, 97 to 100 in account 502; all are known. */
  async function ofTwoAccounts(domain: string, guard: Readonly<Record<string, unknown>>): Promise<VendorWorld> {
    const population = users(domain, 100).map((entry, index) =>
      index < 96 ? { ...entry, account: 501 } : { ...entry, account: 502, memberships: [{ site: 12, role: "member" }] },
    );
    const vendor = await aVendor(rollcall, {
      users: population,
      sandbox: { accounts: 2, sites: 2 },
      settings: { guard },
    });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 100, created: 100 });
    return vendor;
  }
});

/** Four people would go, which is below every limit. */
function assertHeldBack({ status, counts, guard }: Run): void {
  assert.deepEqual([status, counts.deactivated, guard?.wouldDeactivate], ["needs_review", 0, 4]);
  const [reason, ...others] = guard?.reasons ?? [];
  assert.deepEqual([reason?.rule, others], ["list-gone", []]);
  assert.match(reason?.detail ?? "", /\(502\)/);
}
