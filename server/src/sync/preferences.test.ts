import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, countsOf, recordsOf, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";
import { rows } from "../postgres/query.ts";

const identity = [
  { source: "email", target: "email", syncKey: 1 },
  { source: "email", target: "username" },
  { source: '{{"User"}}', target: "role" },
];

describe("what an integration may write", { concurrency: 4 }, () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("A7 create only: new people are created; nobody is updated, deactivated or reactivated", async () => {
    await using vendor = await aVendor(rollcall, {
      users: users("create.example", 4),
      settings: { preference: "create-only" },
    });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 4, created: 4 });
    const before = await recordsOf(rollcall.database, vendor.integration.id);
    vendor.sandbox.changeUser(1, { set: { name: "New Name", email: "other@create.example" } });
    vendor.sandbox.removeUsers({ ids: [2, 3] });
    for (let again = 0; again < 2; again++) {
      const run = await vendor.run();
      assert.deepEqual(countsOf(run), { fetched: 2, unchanged: 1, skippedByPreference: 1 });
      assert.deepEqual(await skipped(vendor, run.id), [["1", "preference.create_only"]]);
    }
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
    vendor.sandbox.addUsers([aUser("create.example", 5)]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 1, created: 1, skippedByPreference: 1 });

    // What was left out is not forgotten.
    await vendor.set({ preference: "create-update" });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 2, updated: 1, deactivated: 2 });
    assert.equal((await vendor.known())[1]?.name, "New Name");
  });

  test("create only writes nothing, run after run, over a user who is back and a user without a SaaS row", async () => {
    await using vendor = await aVendor(rollcall, { users: users("quiet.example", 3), settings: { mode: "user-only" } });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [2] });
    await vendor.run();
    await vendor.set({ preference: "create-only", mode: "user-plus-saas" });
    vendor.sandbox.restoreUsers([2]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 3 });
    const before = await rowVersions(vendor.integration.id);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 3 });
    assert.deepEqual(await rowVersions(vendor.integration.id), before);
  });

  test("create only: a record that fits somebody who is there is left out, counted, and listed with the reason", async () => {
    await must(
      rollcall.api("POST", "/people", { username: "there", email: "user2@left-out.example", fullName: "There" }),
    );
    await using vendor = await aVendor(rollcall, {
      users: users("left-out.example", 3),
      settings: { preference: "create-only" },
    });
    const run = await vendor.run();
    assert.equal(run.status, "completed");
    assert.deepEqual(countsOf(run), { fetched: 3, created: 2, skippedByPreference: 1 });
    assert.deepEqual(await skipped(vendor, run.id), [["2", "preference.create_only"]]);
    assert.equal((await vendor.known())[2], undefined);
  });

  test("A7 update only: nobody is created, and each record left out is counted and listed with the reason", async () => {
    await must(rollcall.api("POST", "/people", { username: "known", email: "user2@update.example", fullName: "Old" }));
    await using vendor = await aVendor(rollcall, {
      users: users("update.example", 3),
      settings: { preference: "update-only" },
    });
    const run = await vendor.run();
    assert.equal(run.status, "completed");
    assert.deepEqual(countsOf(run), { fetched: 3, updated: 1, skippedByPreference: 2 });
    assert.deepEqual(await skipped(vendor, run.id), [
      ["1", "preference.update_only"],
      ["3", "preference.update_only"],
    ]);
    assert.deepEqual(Object.keys(await vendor.known()), ["2"]);
    assert.equal((await vendor.known())[2]?.name, "User 2");
    // It still deactivates and reactivates whom it knows.
    vendor.sandbox.removeUsers({ ids: [2] });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, skippedByPreference: 2, deactivated: 1 });
    vendor.sandbox.restoreUsers([2]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, skippedByPreference: 2, reactivated: 1 });
  });

  test("an archived person is left alone, or restored when the filter says so; new and known records alike", async () => {
    await using vendor = await aVendor(rollcall, { users: users("archive.example", 3) });
    await vendor.run();
    const { personId } = (await vendor.known())[2] ?? assert.fail("user 2 is not known");
    await must(rollcall.api("PATCH", `/people/${personId}`, { archived: true }));
    vendor.sandbox.changeUser(2, { set: { name: "Changed" } });
    const left = await vendor.run();
    assert.deepEqual(countsOf(left), { fetched: 3, unchanged: 2, skippedByPreference: 1 });
    assert.deepEqual(await skipped(vendor, left.id), [["2", "archived.not_restored"]]);
    assert.equal((await vendor.known())[2]?.archivedBy, "person");

    await vendor.set({ filter: { mode: "always", rules: null, restoreArchived: true } });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 2, updated: 1 });
    const restored = (await vendor.known())[2];
    assert.deepEqual([restored?.archivedBy, restored?.name, restored?.person], [null, "Changed", "active"]);
    assert.equal((await rollcall.api<Person>("GET", `/people/${personId}`)).body.archivedAt, null);

    const byHand = { username: "archived", email: "user4@archive.example" };
    const { id } = await must(rollcall.api<Person>("POST", "/people", byHand));
    await must(rollcall.api("PATCH", `/people/${id}`, { archived: true }));
    vendor.sandbox.addUsers([aUser("archive.example", 4)]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 4, unchanged: 3, updated: 1 });
    assert.deepEqual([(await vendor.known())[4]?.personId, (await vendor.known())[4]?.archivedBy], [id, null]);
  });

  test("each field follows its policy: always, only on create, only when empty, never over a manual edit", async () => {
    await using vendor = await aVendor(rollcall, {
      users: [
        aUser("policy.example", 1, { name: "First", locale: "en", time_zone: null }),
        aUser("policy.example", 2, { name: "First", locale: "en", time_zone: null }),
      ],
      settings: {
        mapping: {
          customFields: [{ name: "Title", path: "title" }],
          rules: [
            ...identity,
            { source: "name", target: "fullName", policy: "not-over-manual" },
            { source: "locale", target: "locale", policy: "on-create" },
            { source: "time_zone", target: "timeZone", policy: "when-empty" },
            { source: "Title", target: "firstName", policy: "always" },
          ],
        },
      },
    });
    await vendor.run();
    const idOf = async (key: number) => (await vendor.known())[key]?.personId ?? assert.fail("not known");
    await must(rollcall.api("PATCH", `/people/${await idOf(1)}`, { fullName: "By Hand", firstName: "By Hand" }));
    for (const id of [1, 2]) {
      vendor.sandbox.changeUser(id, { set: { name: "Second", locale: "de", time_zone: "CET", title: "Dr" } });
    }
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, updated: 2 });
    for (const id of [1, 2]) {
      vendor.sandbox.changeUser(id, { set: { name: "Third", locale: "fr", time_zone: "PST", title: "Prof" } });
    }
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, updated: 2 });
    const valuesOf = async (key: number) => {
      const { fullName, locale, timeZone, firstName } = (
        await rollcall.api<Person>("GET", `/people/${await idOf(key)}`)
      ).body;
      return { fullName, locale, timeZone, firstName };
    };
    assert.deepEqual(await valuesOf(1), { fullName: "By Hand", locale: "en", timeZone: "CET", firstName: "Prof" });
    assert.deepEqual(await valuesOf(2), { fullName: "Third", locale: "en", timeZone: "CET", firstName: "Prof" });
  });

  test("null or absent at the vendor clears the field; a mandatory one rejects the record and stays", async () => {
    const seat = { label: "Seat", name: "seatClear", type: "short-text" };
    await must(rollcall.api<Field>("POST", "/fields", seat));
    await using vendor = await aVendor(rollcall, {
      users: users("clear.example", 3),
      settings: {
        mapping: {
          customFields: [{ name: "Provider", path: "profiles[0].provider" }],
          rules: [
            ...identity.slice(0, 2),
            { source: "locale", target: "role" },
            { source: "name", target: "fullName" },
            { source: "Provider", target: "seatClear" },
            { source: "name", target: "saas.name" },
            { source: "verified", target: "saas.verified" },
          ],
        },
      },
    });
    await vendor.run();
    vendor.sandbox.changeUser(1, { set: { name: null, verified: null }, unset: ["profiles"] });
    vendor.sandbox.changeUser(2, { unset: ["name", "verified"], set: { profiles: [] } });
    vendor.sandbox.changeUser(3, { set: { locale: null, name: "Not Written" } });
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 3, updated: 2, rejected: 1 });
    const known = await vendor.known();
    for (const key of [1, 2]) {
      const person = (await rollcall.api<Person>("GET", `/people/${known[key]?.personId}`)).body;
      assert.deepEqual([person.fullName, person.attributes], [null, {}]);
    }
    const [error] = await vendor.errors(run);
    assert.deepEqual([error?.vendorKey, error?.code, error?.field], ["3", "mapping.mandatory_empty", "role"]);
    const kept = (await rollcall.api<Person>("GET", `/people/${known[3]?.personId}`)).body;
    assert.deepEqual([kept.role, kept.fullName], ["en-US", "User 3"]);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 2, rejected: 1 });
  });

  test("a value that does not fit its field is listed and the field left as it was, the others are written", async () => {
    await must(rollcall.api<Field>("POST", "/fields", { label: "Level", name: "levelFit", type: "number" }));
    await using vendor = await aVendor(rollcall, {
      users: [aUser("fit.example", 1, { level: 3 })],
      settings: {
        mapping: {
          customFields: [{ name: "Level", path: "level" }],
          rules: [
            ...identity,
            { source: "name", target: "fullName" },
            { source: "Level", target: "levelFit" },
            { source: "locale", target: "locale" },
          ],
        },
      },
    });
    await vendor.run();
    const long = "x".repeat(257);
    vendor.sandbox.changeUser(1, { set: { name: long, level: "3.5", locale: "de" } });
    const run = await vendor.run();
    assert.equal(run.status, "completed_with_errors");
    assert.deepEqual(countsOf(run), { fetched: 1, updated: 1 });
    assert.deepEqual(
      (await vendor.errors(run)).map(({ kind, field, code, found }) => [kind, field, code, found]).sort(),
      [
        ["field", "fullName", "mapping.too_long", "text of 257 characters"],
        ["field", "levelFit", "mapping.wrong_type", "text of 3 characters"],
      ],
    );
    const known = await vendor.known();
    const person = (await rollcall.api<Person>("GET", `/people/${known[1]?.personId}`)).body;
    assert.deepEqual([person.fullName, person.attributes, person.locale], ["User 1", { levelFit: 3 }, "de"]);
  });

  test("a unique field made in the inventory is a sync key like the e-mail address, and two may swap its values", async () => {
    await must(
      rollcall.api<Field>("POST", "/fields", { label: "Badge", name: "badgeKey", type: "short-text", unique: true }),
    );
    const byHand = { username: "b7", email: "elsewhere@badge.example", attributes: { badgeKey: "B-7" } };
    const { id } = await must(rollcall.api<Person>("POST", "/people", byHand));
    const rules = [
      { source: "Badge", target: "badgeKey", syncKey: 1 },
      { source: "email", target: "email" },
      ...identity.slice(1),
    ];
    await using vendor = await aVendor(rollcall, {
      users: [aUser("badge.example", 1, { badge: " b-7 " }), aUser("badge.example", 2, { badge: "B-8" })],
      settings: { mapping: { customFields: [{ name: "Badge", path: "badge" }], rules } },
    });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, created: 1, updated: 1 });
    assert.equal((await vendor.known())[1]?.personId, id);
    vendor.sandbox.changeUser(1, { set: { badge: "B-8" } });
    vendor.sandbox.changeUser(2, { set: { badge: "b-7" } });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, updated: 2 });
    const found = await rollcall.api<Person>("GET", `/people/${id}`);
    assert.deepEqual(found.body.attributes, { badgeKey: "B-8" });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, unchanged: 2 });
  });

  test("user only: no SaaS rows, and not one request for memberships", async () => {
    await using vendor = await aVendor(rollcall, { users: users("only.example", 3), settings: { mode: "user-only" } });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, created: 3 });
    assert.deepEqual(
      Object.values(await vendor.known()).map(({ saas, saasUserId }) => [saas, saasUserId]),
      [
        [null, null],
        [null, null],
        [null, null],
      ],
    );
    assert.equal(vendor.sandbox.counters().byCall.memberships, undefined);
    assert.equal(vendor.integration.softwareId, null);

    // Switched to user plus SaaS user, the rows appear, of unchanged people too.
    const changed = await vendor.set({ mode: "user-plus-saas" });
    assert.ok(changed.softwareId !== null);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, updated: 3 });
    assert.deepEqual(
      Object.values(await vendor.known()).map(({ saas, role }) => [saas, role]),
      [
        ["active", "member"],
        ["active", "member"],
        ["active", "member"],
      ],
    );
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 3 });
  });

  test("the SaaS record is chosen, or found by its catalog entry; both are said", async () => {
    await using first = await aVendor(rollcall, { users: [] });
    await using second = await aVendor(rollcall, { users: [] });
    assert.ok(first.integration.softwareOutcome === "created" || first.integration.softwareOutcome === "found");
    assert.equal(second.integration.softwareOutcome, "found");
    assert.equal(second.integration.softwareId, first.integration.softwareId);
    const own = await must(rollcall.api<{ id: string }>("POST", "/saas", { name: "Clickwrap EU" }));
    await using chosen = await aVendor(rollcall, { users: users("eu.example", 2), settings: { softwareId: own.id } });
    assert.equal(chosen.integration.softwareOutcome, "chosen");
    await chosen.run();
    assert.equal((await rollcall.all(`/saas/${own.id}/users`)).length, 2);
  });

  test("several integrations created at once share one SaaS record", async () => {
    const created = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        must(
          rollcall.api<Integration>("POST", "/integrations", {
            name: `At once ${index}`,
            connector: "ironclad-clickwrap",
            mode: "user-plus-saas",
          }),
        ),
      ),
    );
    assert.equal(new Set(created.map(({ softwareId }) => softwareId)).size, 1);
  });

  async function rowVersions(integrationId: string): Promise<readonly unknown[]> {
    return await rows(
      rollcall.database,
      "select vendor_key, xmin::text from link where integration_id = $1 order by 1",
      [integrationId],
    );
  }

  async function skipped(vendor: VendorWorld, runId: string) {
    const found = await rollcall.all<{ kind: string; vendorKey: string; code: string }>(
      `/runs/${runId}/errors?kind=skipped`,
    );
    assert.ok(vendor.integration.id);
    return found.map(({ vendorKey, code }) => [vendorKey, code]).sort();
  }
});
