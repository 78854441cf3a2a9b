import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Person } from "@rollcall/core/contract/people.ts";
import type { Change } from "@rollcall/core/contract/runs.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, countsOf, users } from "@rollcall/server/test/vendor-world.ts";
import { one } from "../postgres/query.ts";

describe("identity", { concurrency: 4 }, () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("a changed e-mail address renames the person, username included, and makes no second one", async () => {
    await using vendor = await aVendor(rollcall, { users: users("rename.example", 3) });
    await vendor.run();
    const before = await vendor.known();
    vendor.sandbox.changeUser(2, { set: { email: "renamed@rename.example" } });
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 3, updated: 1, unchanged: 2 });
    const known = await vendor.known();
    assert.equal(known[2]?.personId, before[2]?.personId);
    assert.equal(known[2]?.email, "renamed@rename.example");
    assert.equal(known[2]?.username, "renamed@rename.example");
    assert.equal(await peopleOf("rename.example"), 3);
    const [change] = await vendor.changes(run);
    assert.deepEqual(change?.fields.map(({ field, before: old, after: now }) => [field, old, now]).sort(), [
      ["email", "user2@rename.example", "renamed@rename.example"],
      ["saas.email", "user2@rename.example", "renamed@rename.example"],
      ["username", "user2@rename.example", "renamed@rename.example"],
    ]);
  });

  test("a username that is mapped from elsewhere does not follow the e-mail address", async () => {
    await using vendor = await aVendor(rollcall, {
      users: users("login.example", 2),
      settings: {
        mapping: {
          customFields: [],
          rules: [
            { source: "email", target: "email", syncKey: 1 },
            { source: "name", target: "username" },
            { source: '{{"User"}}', target: "role" },
          ],
        },
      },
    });
    vendor.sandbox.changeUser(1, { set: { name: "login.one" } });
    vendor.sandbox.changeUser(2, { set: { name: "login.two" } });
    await vendor.run();
    vendor.sandbox.changeUser(1, { set: { email: "other@login.example" } });
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 2, updated: 1, unchanged: 1 });
    const known = await vendor.known();
    assert.deepEqual([known[1]?.email, known[1]?.username], ["other@login.example", "login.one"]);
  });

  test("two users may swap their addresses, and three pass them round", async () => {
    await using vendor = await aVendor(rollcall, { users: users("swap.example", 5) });
    await vendor.run();
    const before = await vendor.known();
    const address = (n: number) => ({ set: { email: `user${n}@swap.example` } });
    vendor.sandbox.changeUser(1, address(2));
    vendor.sandbox.changeUser(2, address(1));
    vendor.sandbox.changeUser(3, address(4));
    vendor.sandbox.changeUser(4, address(5));
    vendor.sandbox.changeUser(5, address(3));
    const run = await vendor.run();
    assert.equal(run.error, null);
    assert.deepEqual(countsOf(run), { fetched: 5, updated: 5 });
    const known = await vendor.known();
    for (const [key, email] of Object.entries({ 1: 2, 2: 1, 3: 4, 4: 5, 5: 3 })) {
      assert.equal(known[key]?.personId, before[key]?.personId);
      assert.equal(known[key]?.email, `user${email}@swap.example`);
    }
  });

  test("the address of somebody who is gone under a new id is a dispute, never a hand-over", async () => {
    await using vendor = await aVendor(rollcall, { users: users("reuse.example", 3) });
    await vendor.run();
    const before = await vendor.known();
    vendor.sandbox.removeUsers({ ids: [2] });
    await vendor.run();
    vendor.sandbox.addUsers([aUser("reuse.example", 9, { email: "User2@Reuse.example", name: "Somebody Else" })]);
    const run = await vendor.run();
    assert.equal(run.status, "completed_with_errors");
    assert.deepEqual(countsOf(run), { fetched: 3, unchanged: 2, disputed: 1 });
    const known = await vendor.known();
    assert.equal(known[9], undefined);
    assert.deepEqual(
      { ...known[2], personReason: null, saasReason: null },
      { ...before[2], person: "inactive", saas: "deactivated", link: false },
    );
    const [error] = await vendor.errors(run);
    assert.deepEqual([error?.kind, error?.vendorKey, error?.code], ["disputed", "9", "identity.person_already_linked"]);
    assert.match(error?.nextStep ?? "", /Say which/);
  });

  test("the same in one run: gone and reused at once is a dispute too, and the one who is gone is deactivated", async () => {
    await using vendor = await aVendor(rollcall, { users: users("at-once.example", 3) });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [2] });
    vendor.sandbox.addUsers([aUser("at-once.example", 9, { email: "user2@at-once.example" })]);
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 3, unchanged: 2, disputed: 1, deactivated: 1 });
    assert.equal((await vendor.known())[2]?.person, "inactive");
  });

  test("the old address of somebody renamed makes a new person, in the same run and in a later one", async () => {
    await using vendor = await aVendor(rollcall, { users: users("moved.example", 3) });
    await vendor.run();
    vendor.sandbox.changeUser(1, { set: { email: "first@moved.example" } });
    vendor.sandbox.addUsers([aUser("moved.example", 8, { email: "user1@moved.example" })]);
    vendor.sandbox.changeUser(2, { set: { email: "second@moved.example" } });
    const sameRun = await vendor.run();
    assert.deepEqual(countsOf(sameRun), { fetched: 4, created: 1, updated: 2, unchanged: 1 });
    vendor.sandbox.addUsers([aUser("moved.example", 9, { email: "user2@moved.example" })]);
    const laterRun = await vendor.run();
    assert.deepEqual(countsOf(laterRun), { fetched: 5, created: 1, unchanged: 4 });
    const known = await vendor.known();
    assert.deepEqual(
      [1, 2, 8, 9].map((key) => known[key]?.email),
      ["first@moved.example", "second@moved.example", "user1@moved.example", "user2@moved.example"],
    );
    assert.equal(await peopleOf("moved.example"), 5);
  });

  test("two records with one address are both disputed, and so is a known one that gets a double", async () => {
    const twin = aUser("twins.example", 4, { email: "USER3@twins.example" });
    await using vendor = await aVendor(rollcall, { users: [...users("twins.example", 3), twin] });
    const first = await vendor.run();
    assert.deepEqual(countsOf(first), { fetched: 4, created: 2, disputed: 2 });
    assert.deepEqual((await vendor.errors(first)).map(({ vendorKey, code }) => [vendorKey, code]).sort(), [
      ["3", "identity.duplicate_value"],
      ["4", "identity.duplicate_value"],
    ]);
    vendor.sandbox.changeUser(4, { set: { email: "user2@twins.example" } });
    const second = await vendor.run();
    // A disputed record is present: nobody is deactivated over it.
    assert.deepEqual(countsOf(second), { fetched: 4, created: 1, unchanged: 1, disputed: 2 });
    assert.equal((await vendor.known())[2]?.person, "active");
  });

  test("one key with different values in two accounts is disputed, and with the same values it is one user", async () => {
    const twice = [
      aUser("accounts.example", 2, { name: "Two" }),
      { ...aUser("accounts.example", 2, { name: "Zwei" }), account: 502 },
    ];
    const same = [
      aUser("accounts.example", 3),
      { ...aUser("accounts.example", 3), account: 502, memberships: [{ site: 12, role: "member" }] },
    ];
    await using vendor = await aVendor(rollcall, {
      users: [aUser("accounts.example", 1), ...twice, ...same],
      sandbox: { accounts: 2 },
    });
    const run = await vendor.run();
    assert.equal(run.coverage?.complete, true, JSON.stringify(run.coverage));
    assert.deepEqual(countsOf(run), { fetched: 3, created: 2, disputed: 1 });
    assert.deepEqual(
      (await vendor.errors(run)).map(({ vendorKey, code }) => [vendorKey, code]),
      [["2", "identity.duplicate_key"]],
    );
  });

  test("a person made by hand is matched by e-mail without regard to case and spaces, and linked", async () => {
    const byHand = await must(
      rollcall.api<Person>("POST", "/people", {
        username: "hand",
        email: "  User1@BY-hand.example ",
        fullName: "Made By Hand",
      }),
    );
    await using vendor = await aVendor(rollcall, { users: users("by-hand.example", 2) });
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 2, created: 1, updated: 1 });
    const known = await vendor.known();
    assert.equal(known[1]?.personId, byHand.id);
    assert.deepEqual([known[1]?.email, known[1]?.name], ["user1@by-hand.example", "User 1"]);
    assert.equal(await peopleOf("by-hand.example"), 2);
  });

  test("two people who fit one record are a dispute; nothing is guessed", async () => {
    await using vendor = await aVendor(rollcall, {
      users: users("fits-two.example", 1),
      settings: {
        mapping: {
          customFields: [],
          rules: [
            { source: "email", target: "email", syncKey: 1 },
            { source: "name", target: "username", syncKey: 2 },
            { source: '{{"User"}}', target: "role" },
          ],
        },
      },
    });
    vendor.sandbox.changeUser(1, { set: { name: "fits.two" } });
    const person = { username: "fits.one", email: "user1@fits-two.example" };
    const other = { username: "fits.two", email: "other@fits-two.example" };
    const { id: one } = await must(rollcall.api<Person>("POST", "/people", person));
    const { id: two } = await must(rollcall.api<Person>("POST", "/people", other));
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 1, disputed: 1 });
    assert.deepEqual(
      (await vendor.errors(run)).map(({ code }) => code),
      ["identity.several_people"],
    );
    const { candidates } = await detailsOf(run.id);
    assert.deepEqual(candidates, [one, two]);
  });

  test("one person claimed by two records is a dispute for both", async () => {
    const { id } = await must(
      rollcall.api<Person>("POST", "/people", { username: "claimed", email: "claimed@claims.example" }),
    );
    await using vendor = await aVendor(rollcall, {
      users: [
        aUser("claims.example", 1, { email: "claimed@claims.example", name: "free.name" }),
        aUser("claims.example", 2, { name: "claimed" }),
      ],
      settings: {
        mapping: {
          customFields: [],
          rules: [
            { source: "email", target: "email", syncKey: 1 },
            { source: "name", target: "username", syncKey: 2 },
            { source: '{{"User"}}', target: "role" },
          ],
        },
      },
    });
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 2, disputed: 2 });
    assert.deepEqual((await vendor.errors(run)).map(({ vendorKey, code }) => [vendorKey, code]).sort(), [
      ["1", "identity.claimed_twice"],
      ["2", "identity.claimed_twice"],
    ]);
    assert.equal((await rollcall.api<Person>("GET", `/people/${id}`)).body.integrations.length, 0);
  });

  test("an address that somebody else keeps is a dispute", async () => {
    await must(rollcall.api<Person>("POST", "/people", { username: "keeper", email: "keeper@taken.example" }));
    await using vendor = await aVendor(rollcall, { users: users("taken.example", 2) });
    await vendor.run();
    vendor.sandbox.changeUser(1, { set: { email: "Keeper@taken.example" } });
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 2, unchanged: 1, disputed: 1 });
    assert.deepEqual(
      (await vendor.errors(run)).map(({ code }) => code),
      ["identity.value_taken"],
    );
    assert.equal((await vendor.known())[1]?.email, "user1@taken.example");
  });

  test("two integrations share a person, each with a SaaS user of its own", async () => {
    await using one = await aVendor(rollcall, { users: users("shared.example", 3) });
    await using other = await aVendor(rollcall, { users: users("shared.example", 4) });
    await one.run();
    const run = await other.run();
    assert.deepEqual(countsOf(run), { fetched: 4, created: 1, updated: 3 });
    const [first, second] = [await one.known(), await other.known()];
    for (const key of ["1", "2", "3"]) {
      assert.equal(first[key]?.personId, second[key]?.personId);
      assert.notEqual(first[key]?.saasUserId, second[key]?.saasUserId);
    }
    assert.deepEqual(countsOf(await one.run()), { fetched: 3, unchanged: 3 });
    const { body } = await rollcall.api<Person>("GET", `/people/${first[1]?.personId}`);
    assert.deepEqual(
      body.integrations.map(({ integrationId }) => integrationId).sort(),
      [one.integration.id, other.integration.id].sort(),
    );
  });

  test("two integrations that meet the same new people at the same moment share them", async () => {
    const worlds = await Promise.all([0, 1, 2].map(() => aVendor(rollcall, { users: users("moment.example", 40) })));
    try {
      for (let round = 0; round < 3; round++) {
        const runs = await Promise.all(worlds.map((vendor) => vendor.run()));
        for (const run of runs) assert.equal(run.status, "completed", JSON.stringify(run.error));
        for (const vendor of worlds) {
          vendor.sandbox.addUsers(Array.from({ length: 20 }, (_, n) => aUser("moment.example", 100 + round * 20 + n)));
          for (let n = 1; n <= 40; n++) vendor.sandbox.changeUser(n, { set: { name: `Round ${round}` } });
        }
      }
      const [first, ...others] = await Promise.all(worlds.map((vendor) => vendor.known()));
      for (const other of others) {
        for (const [key, { personId }] of Object.entries(other)) assert.equal(personId, first?.[key]?.personId);
      }
      assert.equal(await peopleOf("moment.example"), 80);
    } finally {
      await Promise.all(worlds.map((vendor) => vendor[Symbol.asyncDispose]()));
    }
  });

  test("a link is history: every creation names the run and the vendor's key", async () => {
    await using vendor = await aVendor(rollcall, { users: users("history.example", 1) });
    const run = await vendor.run();
    const { personId } = (await vendor.known())[1] ?? assert.fail("user 1 is not known");
    const [change] = await rollcall.all<Change>(`/people/${personId}/history`);
    assert.deepEqual([change?.kind, change?.runId, change?.vendorKey], ["create", run.id, "1"]);
  });

  async function peopleOf(domain: string): Promise<number> {
    const { count } = await one<{ count: number }>(
      rollcall.database,
      "select count(*)::integer from person where email_key like '%@' || $1",
      [domain],
    );
    return count;
  }

  async function detailsOf(runId: string): Promise<{ readonly candidates: readonly string[] }> {
    const { details } = await one<{ details: { candidates: string[] } }>(
      rollcall.database,
      "select details from run_error where run_id = $1",
      [runId],
    );
    return details;
  }
});
