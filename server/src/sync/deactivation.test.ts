import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Person } from "@rollcall/core/contract/people.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import type { SaasUser } from "@rollcall/core/contract/saas.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, countsOf, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";

describe("deactivation", { concurrency: 4 }, () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("missing from the vendor is deactivated with reason and run, and back is active again", async () => {
    await using vendor = await aVendor(rollcall, { users: users("away.example", 3) });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [2] });
    const gone = await vendor.run();
    assert.equal(gone.status, "completed");
    assert.deepEqual(countsOf(gone), { fetched: 2, unchanged: 2, deactivated: 1 });
    const person = await personOf(vendor, 2);
    assert.deepEqual([person.status, person.statusReason, person.statusRunId], ["inactive", "missing", gone.id]);
    const saasUser = await saasUserOf(vendor, 2);
    assert.deepEqual(
      [saasUser.status, saasUser.deactivatedReason, saasUser.deactivatedRunId],
      ["deactivated", "missing", gone.id],
    );
    assert.deepEqual(await statuses(vendor, 1), ["active", "active", true]);

    const still = await vendor.run();
    assert.deepEqual(countsOf(still), { fetched: 2, unchanged: 2 }, "who is away is not deactivated again");

    vendor.sandbox.restoreUsers([2]);
    const back = await vendor.run();
    assert.deepEqual(countsOf(back), { fetched: 3, unchanged: 2, reactivated: 1 });
    assert.deepEqual(await statuses(vendor, 2), ["active", "active", true]);
    assert.equal((await personOf(vendor, 2)).id, person.id);
    assert.equal((await saasUserOf(vendor, 2)).deactivatedReason, null);
  });

  test("a user who comes back with other values is reactivated and brought up to date in one change", async () => {
    await using vendor = await aVendor(rollcall, { users: users("back.example", 2) });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [2] });
    await vendor.run();
    vendor.sandbox.restoreUsers([2]);
    vendor.sandbox.changeUser(2, { set: { email: "new@back.example", name: "New Name" } });
    const back = await vendor.run();
    assert.deepEqual(countsOf(back), { fetched: 2, unchanged: 1, reactivated: 1 });
    const { email, name, person } = (await vendor.known())[2] ?? {};
    assert.deepEqual([email, name, person], ["new@back.example", "New Name", "active"]);
  });

  test("A5 a person deactivated by hand is never reactivated by a run, coming back or not", async () => {
    await using vendor = await aVendor(rollcall, { users: users("by-hand.example", 3) });
    await vendor.run();
    const { id } = await personOf(vendor, 2);
    await edit(id, { status: "inactive" });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 3 });
    vendor.sandbox.changeUser(2, { set: { name: "Other Name" } });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 2, updated: 1 });
    vendor.sandbox.removeUsers({ ids: [2] });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, unchanged: 2, deactivated: 1 });
    vendor.sandbox.restoreUsers([2]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 2, reactivated: 1 });
    assert.deepEqual(
      await statuses(vendor, 2),
      ["inactive", "active", true],
      "only the SaaS user, which a run had deactivated",
    );
    assert.equal((await vendor.known())[2]?.personBy, "person");
  });

  test("A5 a SaaS user deactivated by hand stays so too", async () => {
    await using vendor = await aVendor(rollcall, { users: users("saas-hand.example", 2) });
    await vendor.run();
    const { id } = await saasUserOf(vendor, 2);
    await must(rollcall.api("PATCH", `/saas/${vendor.integration.softwareId}/users/${id}`, { status: "deactivated" }));
    vendor.sandbox.removeUsers({ ids: [2] });
    await vendor.run();
    vendor.sandbox.restoreUsers([2]);
    await vendor.run();
    assert.deepEqual(await statuses(vendor, 2), ["active", "deactivated", true]);
  });

  test("A5 protected people are withheld with that reason and stay active, run after run", async () => {
    await using vendor = await aVendor(rollcall, { users: users("protected.example", 4) });
    await vendor.run();
    await edit((await personOf(vendor, 2)).id, { protected: true });
    vendor.sandbox.removeUsers({ ids: [2, 3] });
    for (const deactivated of [1, 0]) {
      const run = await vendor.run();
      assert.equal(run.status, "completed");
      assert.deepEqual(countsOf(run), { fetched: 2, unchanged: 2, ...(deactivated && { deactivated }), withheld: 1 });
      const [withheld] = await rollcall.all(`/runs/${run.id}/changes?withheld=true`);
      assert.deepEqual(withheld, {
        ...(withheld as object),
        vendorKey: "2",
        withheld: "protected",
        kind: "deactivate",
      });
    }
    assert.deepEqual(await statuses(vendor, 2), ["active", "active", true]);
    assert.deepEqual(await statuses(vendor, 3), ["inactive", "deactivated", false]);
    await edit((await personOf(vendor, 2)).id, { protected: false });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, unchanged: 2, deactivated: 1 });
  });

  test("a person whom another integration still sees stays active; only the SaaS user is deactivated", async () => {
    await using one = await aVendor(rollcall, { users: users("elsewhere.example", 3) });
    await using other = await aVendor(rollcall, { users: users("elsewhere.example", 3) });
    await one.run();
    await other.run();
    one.sandbox.removeUsers({ ids: [2] });
    assert.deepEqual(countsOf(await one.run()), { fetched: 2, unchanged: 2, deactivated: 1 });
    assert.deepEqual(await statuses(one, 2), ["active", "deactivated", false]);
    assert.deepEqual(await statuses(other, 2), ["active", "active", true]);
    other.sandbox.removeUsers({ ids: [2] });
    assert.deepEqual(countsOf(await other.run()), { fetched: 2, unchanged: 2, deactivated: 1 });
    assert.deepEqual(await statuses(other, 2), ["inactive", "deactivated", false]);
    // Back in one of the two is back.
    one.sandbox.restoreUsers([2]);
    assert.deepEqual(countsOf(await one.run()), { fetched: 3, unchanged: 2, reactivated: 1 });
    assert.deepEqual(await statuses(one, 2), ["active", "active", true]);
    assert.deepEqual(await statuses(other, 2), ["active", "deactivated", false]);
  });

  test("an archived integration no longer keeps a person active", async () => {
    await using one = await aVendor(rollcall, { users: users("archived.example", 3) });
    await using other = await aVendor(rollcall, { users: users("archived.example", 3) });
    await one.run();
    await other.run();
    await must(rollcall.api("POST", `/integrations/${other.integration.id}/archive`));
    one.sandbox.removeUsers({ ids: [2] });
    await one.run();
    assert.deepEqual(await statuses(one, 2), ["inactive", "deactivated", false]);
  });

  test("people are never deactivated when the integration says so; their SaaS users are", async () => {
    await using vendor = await aVendor(rollcall, {
      users: users("saas-only.example", 2),
      settings: { personDeactivation: "never" },
    });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [2] });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 1, unchanged: 1, deactivated: 1 });
    assert.deepEqual(await statuses(vendor, 2), ["active", "deactivated", false]);
    vendor.sandbox.restoreUsers([2]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, unchanged: 1, reactivated: 1 });
  });

  test("A7 deactivate off: no status ever changes", async () => {
    await using vendor = await aVendor(rollcall, { users: users("off.example", 3), settings: { deactivate: false } });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [1, 2, 3] });
    vendor.sandbox.addUsers([aUser("off.example", 4)]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 1, created: 1 });
    for (const key of [1, 2, 3]) assert.deepEqual(await statuses(vendor, key), ["active", "active", true]);
    // Switched on, the next run sees who is missing.
    await vendor.set({ deactivate: true });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 1, unchanged: 1, deactivated: 3 });
    // And switched off again, nobody comes back by a run either.
    await vendor.set({ deactivate: false });
    vendor.sandbox.restoreUsers();
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 4, unchanged: 4 });
    assert.deepEqual(await statuses(vendor, 1), ["inactive", "deactivated", false]);
  });

  test("A7 a run under way deactivates nobody when deactivating is switched off meanwhile", async () => {
    await using vendor = await aVendor(rollcall, { users: users("meanwhile.example", 4) });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [2] });
    vendor.sandbox.addFaults([{ call: "*", count: "always", fault: { kind: "slow", delayMs: 2_000 } }]);
    const path = `/integrations/${vendor.integration.id}/runs`;
    const { id } = await must(rollcall.api<Run>("POST", path));
    while ((await rollcall.api<Run>("GET", `/runs/${id}`)).body.stage === "waiting") await sleep(10);
    await vendor.set({ deactivate: false });
    vendor.sandbox.clearFaults();
    const run = await rollcall.waitFor(id);
    assert.deepEqual([run.status, countsOf(run)], ["completed", { fetched: 3, unchanged: 3 }]);
    assert.equal((await vendor.known())[2]?.person, "active");
  });

  test("A2 a record that is filtered out is present: it is not deactivated, and is left as it is", async () => {
    await using vendor = await aVendor(rollcall, { users: users("filtered.example", 3) });
    await vendor.run();
    await vendor.set({
      filter: { mode: "if", rules: { all: [{ field: "locale", operator: "equals", value: "en-US" }] } },
    });
    vendor.sandbox.changeUser(2, { set: { locale: "de-DE", name: "Not Written" } });
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 3, unchanged: 2, skippedByFilter: 1 });
    assert.deepEqual(await statuses(vendor, 2), ["active", "active", true]);
    assert.equal((await vendor.known())[2]?.name, "User 2");
  });

  test("A2 a record that is rejected is present: listed with the reason, not deactivated, not changed", async () => {
    await using vendor = await aVendor(rollcall, { users: users("rejected.example", 3) });
    await vendor.run();
    vendor.sandbox.changeUser(2, { set: { email: null, name: "Not Written" } });
    const run = await vendor.run();
    assert.equal(run.status, "completed_with_errors");
    assert.deepEqual(countsOf(run), { fetched: 3, unchanged: 2, rejected: 1 });
    assert.deepEqual(await statuses(vendor, 2), ["active", "active", true]);
    assert.equal((await vendor.known())[2]?.name, "User 2");
    const [error] = await vendor.errors(run);
    assert.deepEqual(
      [error?.kind, error?.vendorKey, error?.code, error?.field, error?.found],
      ["rejected", "2", "mapping.sync_key_empty", "email", "nothing"],
    );
    vendor.sandbox.changeUser(2, { set: { email: "user2@rejected.example" } });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 2, updated: 1 });
  });

  test("A2 a record that is disputed is present: not deactivated", async () => {
    await using vendor = await aVendor(rollcall, { users: users("disputed.example", 3) });
    await vendor.run();
    vendor.sandbox.changeUser(3, { set: { email: "user2@disputed.example" } });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 1, disputed: 2 });
    for (const key of [2, 3]) assert.deepEqual(await statuses(vendor, key), ["active", "active", true]);
  });

  test("A2 a record without a readable id withholds every deactivation, since nobody knows whose it is", async () => {
    await using vendor = await aVendor(rollcall, { users: users("keyless.example", 4) });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [4] });
    vendor.sandbox.addFaults([{ call: "members", fault: { kind: "keyless-rows", rows: 3 } }]);
    const run = await vendor.run();
    assert.equal(run.status, "incomplete");
    assert.deepEqual(
      run.coverage?.gaps.map(({ code }) => code),
      ["record.without_key"],
    );
    assert.deepEqual(countsOf(run), { fetched: 3, rejected: 3, withheld: 4 });
    for (const key of [1, 2, 3, 4]) assert.deepEqual(await statuses(vendor, key), ["active", "active", true]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 3, deactivated: 1 });
  });

  test("in user-only mode the person alone is deactivated and reactivated", async () => {
    await using vendor = await aVendor(rollcall, {
      users: users("people.example", 2),
      settings: { mode: "user-only" },
    });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [2] });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 1, unchanged: 1, deactivated: 1 });
    assert.deepEqual(await statuses(vendor, 2), ["inactive", null, false]);
    vendor.sandbox.restoreUsers([2]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, unchanged: 1, reactivated: 1 });
    assert.deepEqual(await statuses(vendor, 2), ["active", null, true]);
  });

  test("a vendor without users is empty at first, and withholds everything once there were users", async () => {
    await using vendor = await aVendor(rollcall, { users: [] });
    const first = await vendor.run();
    assert.equal(first.status, "empty");
    vendor.sandbox.addUsers(users("empty.example", 3));
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, created: 3 });
    vendor.sandbox.removeUsers({ ids: [1, 2, 3] });
    const emptied = await vendor.run();
    assert.equal(emptied.status, "incomplete");
    assert.deepEqual(
      emptied.coverage?.gaps.map(({ code }) => code),
      ["list.empty_first_page"],
    );
    assert.deepEqual(countsOf(emptied), { withheld: 3 });
    await vendor.set({ inputs: { expectEmpty: true } });
    const expected = await vendor.run();
    assert.equal(expected.status, "completed");
    assert.deepEqual(countsOf(expected), { deactivated: 3 });
  });

  test("a retry of failed records judges nobody absent", async () => {
    await using vendor = await aVendor(rollcall, { users: users("retry.example", 4) });
    await vendor.run();
    vendor.sandbox.changeUser(1, { set: { email: "" } });
    const failed = await vendor.run();
    vendor.sandbox.changeUser(1, { set: { email: "new@retry.example" } });
    vendor.sandbox.removeUsers({ ids: [3, 4] });
    const { id } = await must(rollcall.api<{ id: string }>("POST", `/runs/${failed.id}/retry-failed`));
    const retry = await rollcall.waitFor(id);
    assert.deepEqual(countsOf(retry), { fetched: 1, updated: 1 });
    assert.equal(retry.status, "completed");
    assert.deepEqual(await statuses(vendor, 3), ["active", "active", true]);
  });

  async function statuses(vendor: VendorWorld, key: number) {
    const known = (await vendor.known())[key] ?? assert.fail(`user ${key} is not known`);
    return [known.person, known.saas, known.link];
  }

  async function personOf(vendor: VendorWorld, key: number): Promise<Person> {
    const { personId } = (await vendor.known())[key] ?? assert.fail(`user ${key} is not known`);
    return (await rollcall.api<Person>("GET", `/people/${personId}`)).body;
  }

  async function saasUserOf(vendor: VendorWorld, key: number): Promise<SaasUser> {
    const { saasUserId } = (await vendor.known())[key] ?? assert.fail(`user ${key} is not known`);
    const all = await rollcall.all<SaasUser>(`/saas/${vendor.integration.softwareId}/users`);
    return all.find(({ id }) => id === saasUserId) ?? assert.fail(`SaaS user ${saasUserId} is not listed`);
  }

  async function edit(personId: string, change: Readonly<Record<string, unknown>>): Promise<void> {
    await must(rollcall.api("PATCH", `/people/${personId}`, change));
  }
});
