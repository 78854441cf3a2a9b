import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import type { SaasUser } from "@rollcall/core/contract/saas.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import {
  aUser,
  aVendor,
  countsOf,
  recordsOf,
  users,
  type VendorWorld,
  type VendorWorldOptions,
} from "@rollcall/server/test/vendor-world.ts";
import { rows } from "../postgres/query.ts";

describe("undo", { concurrency: 4 }, () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  test("A6 undo restores status, fields and links bit for bit", async () => {
    await using vendor = await known("all-kinds.example", 8);
    vendor.sandbox.removeUsers({ ids: [7] });
    await vendor.run();
    const before = await recordsOf(rollcall.database, vendor.integration.id);

    vendor.sandbox.restoreUsers([7]);
    vendor.sandbox.removeUsers({ ids: [1, 2] });
    vendor.sandbox.changeUser(3, { set: { email: "user4@all-kinds.example", name: null, verified: false } });
    vendor.sandbox.changeUser(4, { set: { email: "user3@all-kinds.example" } });
    vendor.sandbox.changeUser(5, { unset: ["locale", "time_zone", "verified_time"] });
    vendor.sandbox.setMembership(11, 6, "admin");
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 6, updated: 4, unchanged: 1, deactivated: 2, reactivated: 1 });
    const applied = await recordsOf(rollcall.database, vendor.integration.id);
    assert.notDeepEqual(applied, before);

    const back = await undo(run);
    assert.deepEqual([back.kind, back.ofRunId, back.status, back.error], ["undo", run.id, "completed", null]);
    assert.equal(back.counts.updated, 7);
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
    assert.equal((await rollcall.api<Run>("GET", `/runs/${run.id}`)).body.plan, "undone");

    const again = await undo(back);
    assert.deepEqual([again.kind, again.ofRunId, again.status], ["undo", back.id, "completed"]);
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), applied);
    assert.deepEqual(await planOf(run, back, again), ["applied", "undone", "applied"]);

    // What an undone undo took back counts, so the run may be taken back once more.
    assert.equal((await undo(run)).status, "completed");
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
    const next = await vendor.run();
    assert.deepEqual(countsOf(next), { fetched: 6, updated: 4, unchanged: 1, deactivated: 2, reactivated: 1 });
  });

  test("A6 a record that the run created is archived: hidden, kept, and restored by the next run", async () => {
    await using vendor = await known("created.example", 2);
    vendor.sandbox.addUsers([aUser("created.example", 3)]);
    const run = await vendor.run();
    const { personId, saasUserId } = (await vendor.known())[3] ?? assert.fail("not known");
    const created = await allRecords(personId);
    const back = await undo(run);
    assert.deepEqual([back.status, back.counts.updated], ["completed", 1]);

    assert.equal((await vendor.known())[3], undefined, "the link is gone");
    assert.ok(!(await listed(`/people`)).has(personId));
    assert.ok((await listed(`/people?archived=true`)).has(personId));
    assert.ok(!(await listed(`/saas/${vendor.integration.softwareId}/users`)).has(saasUserId ?? ""));
    const person = (await rollcall.api<Person>("GET", `/people/${personId}`)).body;
    assert.ok(person.archivedAt !== null);

    const again = await undo(back);
    assert.equal(again.status, "completed");
    assert.deepEqual(await allRecords(personId), created, "an undo of the undo brings the same rows back");
    await undo(again);
    assert.ok(!(await listed(`/people`)).has(personId));

    const next = await vendor.run();
    assert.deepEqual(countsOf(next), { fetched: 3, updated: 1, unchanged: 2 });
    assert.equal((await vendor.known())[3]?.personId, personId, "the same person, not a second one");
    assert.ok((await listed(`/people`)).has(personId));
    assert.equal((await saasUsersOf(vendor, personId)).length, 1);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 3, unchanged: 3 });
  });

  test("A6 the first run of all is taken back like any other", async () => {
    await using vendor = await aVendor(rollcall, { users: users("first.example", 4) });
    const run = await vendor.run();
    assert.equal((await undo(run)).counts.updated, 4);
    assert.deepEqual(await vendor.known(), {});
    assert.equal((await rollcall.all(`/people?integrationId=${vendor.integration.id}`)).length, 0);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 4, updated: 4 });
    assert.equal((await rollcall.all(`/people?integrationId=${vendor.integration.id}`)).length, 4);
  });

  test("A6 a person that a run linked is unlinked again, and keeps what they had", async () => {
    const byHand = { username: "linked", email: "user1@linked.example", fullName: "By Hand", locale: "de" };
    const { id } = await must(rollcall.api<Person>("POST", "/people", byHand));
    await using vendor = await aVendor(rollcall, { users: users("linked.example", 1) });
    const before = await allRecords(id);
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 1, updated: 1 });
    const applied = await allRecords(id);
    const back = await undo(run);
    assert.deepEqual(
      (await allRecords(id)).filter((row) => !row.includes('archived_at": "')),
      before,
    );
    assert.deepEqual(await vendor.known(), {});
    assert.equal((await saasUsersOf(vendor, id)).length, 0);
    await undo(back);
    assert.deepEqual(await allRecords(id), applied);
  });

  test("A6 what was edited since is kept and listed; everything else is restored", async () => {
    await using vendor = await known("edited.example", 5);
    vendor.sandbox.changeUser(1, { set: { name: "New One" } });
    vendor.sandbox.changeUser(2, { set: { name: "New Two" } });
    vendor.sandbox.removeUsers({ ids: [3, 4] });
    vendor.sandbox.addUsers([aUser("edited.example", 6)]);
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 4, created: 1, updated: 2, unchanged: 1, deactivated: 2 });
    await edit(vendor, 1, { fullName: "By Hand" });
    await edit(vendor, 3, { status: "active" });
    await edit(vendor, 6, { locale: "fr" });
    const kept = await vendor.known();

    const back = await undo(run);
    assert.deepEqual([back.status, back.counts.updated, back.counts.withheld], ["completed_with_errors", 2, 3]);
    const errors = await vendor.errors(back);
    assert.deepEqual(errors.map(({ vendorKey, code }) => [vendorKey, code]).sort(), [
      ["1", "undo.edited_since"],
      ["3", "undo.edited_since"],
      ["6", "undo.edited_since"],
    ]);
    assert.ok(errors.every(({ message, nextStep }) => !message.includes("does not know") && nextStep.length > 10));
    const now = await vendor.known();
    for (const key of [1, 3, 6]) assert.deepEqual(now[key], kept[key]);
    assert.equal(now[2]?.name, "User 2");
    assert.deepEqual([now[4]?.person, now[4]?.saas, now[4]?.link], ["active", "active", true]);
  });

  test("A6 what a later run wrote is edited since, too", async () => {
    await using vendor = await known("later.example", 3);
    vendor.sandbox.changeUser(1, { set: { name: "Second" } });
    vendor.sandbox.changeUser(2, { set: { name: "Second" } });
    const second = await vendor.run();
    vendor.sandbox.changeUser(1, { set: { name: "Third" } });
    await vendor.run();
    const back = await undo(second);
    assert.deepEqual([back.counts.updated, back.counts.withheld], [1, 1]);
    const now = await vendor.known();
    assert.deepEqual([now[1]?.name, now[2]?.name], ["Third", "User 2"]);
  });

  test("A6 a value that somebody else has by now is kept and listed, of a field made in the inventory too", async () => {
    const badge = { label: "Badge", name: "badgeUndo", type: "short-text", unique: true };
    await must(rollcall.api<Field>("POST", "/fields", badge));
    await using vendor = await known("taken.example", 3, {
      mapping: {
        customFields: [{ name: "Badge", path: "badge" }],
        rules: [
          { source: "email", target: "email", syncKey: 1 },
          { source: "email", target: "username" },
          { source: '{{"User"}}', target: "role" },
          { source: "Badge", target: "badgeUndo" },
        ],
      },
    });
    for (const id of [1, 2, 3]) vendor.sandbox.changeUser(id, { set: { badge: `B-${id}` } });
    await vendor.run();
    vendor.sandbox.changeUser(1, { set: { email: "new1@taken.example" } });
    vendor.sandbox.changeUser(2, { set: { badge: "B-22" } });
    vendor.sandbox.changeUser(3, { set: { badge: "B-33" } });
    const run = await vendor.run();
    await must(rollcall.api("POST", "/people", { username: "new", email: "user1@taken.example" }));
    const takes = { username: "takes", email: "takes@taken.example", attributes: { badgeUndo: "b-2" } };
    await must(rollcall.api("POST", "/people", takes));
    const back = await undo(run);
    assert.equal(back.error, null);
    assert.deepEqual((await vendor.errors(back)).map(({ vendorKey, code }) => [vendorKey, code]).sort(), [
      ["1", "undo.value_taken"],
      ["2", "undo.value_taken"],
    ]);
    const known3 = (await vendor.known())[3];
    const person = (await rollcall.api<Person>("GET", `/people/${known3?.personId}`)).body;
    assert.equal(person.attributes.badgeUndo, "B-3");
  });

  test("A6 an approved plan is taken back with the run, also after an undo of the undo", async () => {
    await using vendor = await known("approved.example", 6, { guard: {} });
    vendor.sandbox.removeUsers({ ids: [2, 3] });
    vendor.sandbox.changeUser(1, { set: { name: "Renamed" } });
    const before = await recordsOf(rollcall.database, vendor.integration.id);
    const run = await vendor.run();
    assert.equal(run.status, "needs_review");
    await must(rollcall.api("POST", `/runs/${run.id}/approve`, { reason: "They left." }));
    const approved = await recordsOf(rollcall.database, vendor.integration.id);
    const back = await undo(run);
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
    await undo(back);
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), approved);
    assert.deepEqual(await planOf(run), ["approved"]);
    await undo(run);
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
  });

  test("A6 a plan that nobody approved has nothing of its deactivations to take back, and is closed", async () => {
    await using vendor = await known("open.example", 4, { guard: {} });
    vendor.sandbox.removeUsers({ ids: [2] });
    vendor.sandbox.changeUser(1, { set: { name: "Renamed" } });
    const before = await recordsOf(rollcall.database, vendor.integration.id);
    const run = await vendor.run();
    assert.equal(run.status, "needs_review");
    await undo(run);
    assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
    const answer = await rollcall.api<Problem>("POST", `/runs/${run.id}/approve`, { reason: "They left." });
    assert.equal(answer.status, 409);
  });

  test("A5 an undo deactivates nobody who has been protected since", async () => {
    await using vendor = await known("undo-protected.example", 3);
    vendor.sandbox.removeUsers({ ids: [2] });
    await vendor.run();
    vendor.sandbox.restoreUsers([2]);
    const back = await vendor.run();
    assert.equal(back.counts.reactivated, 1);
    await edit(vendor, 2, { protected: true });
    const undone = await undo(back);
    assert.deepEqual(
      (await vendor.errors(undone)).map(({ code }) => code),
      ["undo.protected"],
    );
    assert.equal((await vendor.known())[2]?.person, "active");
  });

  test("A5 an undo deactivates nobody whom a later run has seen again", async () => {
    await using vendor = await known("seen-later.example", 3);
    const lose = async () => {
      vendor.sandbox.removeUsers({ ids: [2] });
      return await vendor.run();
    };
    const find = async () => {
      vendor.sandbox.restoreUsers([2]);
      return await vendor.run();
    };
    await lose();
    const found = await find();
    await lose();
    assert.equal((await find()).counts.reactivated, 1);
    const undone = await undo(found);
    assert.deepEqual(
      (await vendor.errors(undone)).map(({ vendorKey, code }) => [vendorKey, code]),
      [["2", "undo.edited_since"]],
    );
    const { person, saas, link } = (await vendor.known())[2] ?? assert.fail("not known");
    assert.deepEqual([person, saas, link], ["active", "active", true]);
  });

  test("A5 an undo archives and deactivates nobody whom another integration sees as active", async () => {
    await using vendor = await known("seen-there.example", 2);
    await using other = await aVendor(rollcall, { users: users("seen-there.example", 2) });
    const [first] = await rollcall.all<Run>(`/runs?integrationId=${vendor.integration.id}`);
    assert.equal((await other.run()).counts.fetched, 2);
    const undone = await undo(first ?? assert.fail("no run"));
    assert.deepEqual(
      (await vendor.errors(undone)).map(({ code }) => code),
      ["undo.seen_elsewhere", "undo.seen_elsewhere"],
    );
    assert.ok(Object.values(await other.known()).every((user) => user.person === "active" && user.archivedBy === null));
  });

  test("A5 an undo archives nobody who has been protected since the run created them", async () => {
    await using vendor = await known("created-protected.example", 2);
    const [first] = await rollcall.all<Run>(`/runs?integrationId=${vendor.integration.id}`);
    await edit(vendor, 2, { protected: true });
    const undone = await undo(first ?? assert.fail("no run"));
    assert.deepEqual(
      (await vendor.errors(undone)).map(({ vendorKey, code }) => [vendorKey, code]),
      [["2", "undo.protected"]],
    );
    assert.equal((await vendor.known())[2]?.archivedBy, null);
  });

  test("A5 nor does an undo that would archive them once more", async () => {
    await using vendor = await known("archived-again.example", 1);
    const [first] = await rollcall.all<Run>(`/runs?integrationId=${vendor.integration.id}`);
    const again = await undo(await undo(first ?? assert.fail("no run")));
    await edit(vendor, 1, { protected: true });
    const undone = await undo(again);
    assert.deepEqual(
      (await vendor.errors(undone)).map(({ code }) => code),
      ["undo.protected"],
    );
    assert.equal((await vendor.known())[1]?.archivedBy, null);
  });

  test("only what was applied can be undone, and once", async () => {
    await using vendor = await known("once.example", 2);
    const dry = await vendor.run({ dryRun: true });
    assert.equal((await rollcall.api<Problem>("POST", `/runs/${dry.id}/undo`)).body.code, "run.not_undoable");
    vendor.sandbox.changeUser(1, { set: { name: "Renamed" } });
    const run = await vendor.run();
    const answers = await Promise.all(
      [1, 2, 3].map(() => rollcall.api<{ id: string }>("POST", `/runs/${run.id}/undo`)),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 409, 409]);
    const started = answers.find(({ status }) => status === 202)?.body.id ?? "";
    assert.equal((await rollcall.waitFor(started)).status, "completed");
    assert.equal((await rollcall.api<Problem>("POST", `/runs/${run.id}/undo`)).body.code, "run.not_undoable");
  });

  test("an undo is history of its own: old and new, and why", async () => {
    await using vendor = await known("history.example", 2);
    vendor.sandbox.removeUsers({ ids: [2] });
    const run = await vendor.run();
    const back = await undo(run);
    const [change] = await vendor.changes(back);
    assert.deepEqual(
      [change?.kind, change?.vendorKey, change?.reason, change?.runId],
      ["restore", "2", "undo", back.id],
    );
    assert.ok(
      change?.fields.some(
        ({ field, before: old, after: now }) => /status/i.test(field) && old === "inactive" && now === "active",
      ),
    );
  });

  test("a run restores no archived person who was deactivated by hand into one that a run may reactivate", async () => {
    await using vendor = await known("restored.example", 2, {
      filter: { mode: "always", rules: null, restoreArchived: true },
    });
    await edit(vendor, 2, { status: "inactive" });
    await edit(vendor, 2, { archived: true });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 2, unchanged: 1, updated: 1 });
    assert.deepEqual([(await vendor.known())[2]?.archivedBy, (await vendor.known())[2]?.personBy], [null, "person"]);
    vendor.sandbox.removeUsers({ ids: [2] });
    await vendor.run();
    vendor.sandbox.restoreUsers([2]);
    await vendor.run();
    assert.deepEqual([(await vendor.known())[2]?.person, (await vendor.known())[2]?.saas], ["inactive", "active"]);
  });

  async function known(
    domain: string,
    count: number,
    settings: NonNullable<VendorWorldOptions["settings"]> = {},
  ): Promise<VendorWorld> {
    const vendor = await aVendor(rollcall, { users: users(domain, count), settings });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: count, created: count });
    return vendor;
  }

  async function undo(run: Run): Promise<Run> {
    const { id } = await must(rollcall.api<Run>("POST", `/runs/${run.id}/undo`));
    return await rollcall.waitFor(id);
  }

  async function edit(vendor: VendorWorld, key: number, change: Readonly<Record<string, unknown>>): Promise<void> {
    const { personId } = (await vendor.known())[key] ?? assert.fail(`user ${key} is not known`);
    await must(rollcall.api("PATCH", `/people/${personId}`, change));
  }

  async function planOf(...runs: readonly Run[]): Promise<readonly string[]> {
    return await Promise.all(runs.map(async ({ id }) => (await rollcall.api<Run>("GET", `/runs/${id}`)).body.plan));
  }

  async function listed(path: string): Promise<ReadonlySet<string>> {
    return new Set((await rollcall.all<{ id: string }>(path)).map(({ id }) => id));
  }

  async function saasUsersOf(vendor: VendorWorld, personId: string): Promise<readonly SaasUser[]> {
    const all = await rollcall.all<SaasUser>(`/saas/${vendor.integration.softwareId}/users`);
    return all.filter((user) => user.personId === personId);
  }

  /** The person's row, their SaaS users and links, archived or not. */
  async function allRecords(personId: string): Promise<readonly string[]> {
    const found = await rows<{ row: string }>(
      rollcall.database,
      `select (to_jsonb(p) - 'updated_at')::text as row from person p where id = $1
       union all select (to_jsonb(u) - 'updated_at')::text from saas_user u where person_id = $1
       union all select to_jsonb(l)::text from link l where person_id = $1`,
      [personId],
    );
    return found.map(({ row }) => row).sort();
  }
});
