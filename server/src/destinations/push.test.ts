import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { InstanceField } from "@rollcall/core/contract/destinations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { assertInStep } from "@rollcall/server/test/assert-in-step.ts";
import { assertPushCost } from "@rollcall/server/test/assert-push-cost.ts";
import { applicationName, startDestinationWorld } from "@rollcall/server/test/destination-world.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { aUser, aVendor, users } from "@rollcall/server/test/vendor-world.ts";
import { renewLease, savePersonIds } from "../features/destinations/push-store.ts";
import { one, rows } from "../postgres/query.ts";

describe("a push to Oomnitza", () => {
  test("sends everybody once, then only what changed, at the cost that the formula says", async () => {
    await assertPushCost(500);
  });

  test("survives 429s, errors, lost answers and half-done batches without a double or a gap", async () => {
    await using world = await startDestinationWorld({
      sandbox: { users: 230 },
      oomnitza: { modes: { duplicates: "allowed" } },
    });
    const { oomnitza } = world;
    oomnitza.addFaults([
      { call: "users", page: 1, fault: { kind: "status", status: 503 } },
      { call: "create-user", skip: 2, count: 3, fault: { kind: "status", status: 429, retryAfter: 0 } },
      { call: "create-user", skip: 10, count: 3, fault: { kind: "status", status: 500 } },
      { call: "create-user", skip: 20, count: 4, fault: { kind: "half-applied", status: 502 } },
      { call: "create-user", skip: 30, count: 2, fault: { kind: "reset" } },
      { call: "create-user", skip: 40, count: 2, fault: { kind: "truncate" } },
      { call: "create-saas", fault: { kind: "half-applied" } },
      { call: "assign-users", skip: 1, fault: { kind: "half-applied" } },
      { call: "external-id", skip: 5, count: 3, fault: { kind: "status", status: 500 } },
      { call: "set-roles", fault: { kind: "half-applied" } },
    ]);
    const { deliveries } = await world.sync();
    assert.deepEqual(deliveries, { waiting: 0, done: 230, failed: 0 });
    assert.equal(oomnitza.counters().faults, 21);
    assert.equal(oomnitza.applications().length, 1);
    await assertInStep(world);
  });

  test("follows a person who is renamed, also when somebody new takes the old name", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 3 } });
    const { oomnitza, rollcall } = world;
    await world.sync();
    const before = oomnitza.people().map(({ user_id }) => user_id);
    const [first] = rollcall.sandbox.users({ offset: 0, limit: 1 });
    assert.ok(first !== undefined);
    rollcall.sandbox.changeUser(Number(first.id), { set: { email: "married@example.com" }, unset: [] });
    rollcall.sandbox.addUsers([{ user: { ...first, id: 9999, name: "Someone New" }, memberships: [] }]);
    await world.sync();
    const after = oomnitza.people();
    assert.deepEqual(
      after.slice(0, 3).map(({ user_id }) => user_id),
      before,
    );
    assert.deepEqual([after.length, after[3]?.username], [4, first.email]);
    assert.ok(after.slice(0, 3).some(({ username }) => username === "married@example.com"));
    await assertInStep(world);
  });

  test("deactivates what a run applied, and nothing that the guard keeps back before it is approved", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 40 }, destination: { suspendPeople: true } });
    const { oomnitza, rollcall, integration } = world;
    await world.sync();
    rollcall.sandbox.removeUsers({ count: 2, from: "end" });
    await world.sync();
    const active = () => [...(oomnitza.applications()[0]?.users.values() ?? [])].filter((user) => user.active).length;
    const suspended = () => oomnitza.people().filter((person) => person.suspended === true).length;
    assert.deepEqual([active(), suspended()], [38, 2]);

    rollcall.sandbox.removeUsers({ count: 30, from: "end" });
    oomnitza.resetRecord();
    const run = await rollcall.run(integration.id);
    assert.equal(run.status, "needs_review");
    await world.settle();
    assert.equal(oomnitza.counters().byCall.deactivate, undefined);
    assert.deepEqual([active(), suspended()], [38, 2]);

    await must(rollcall.api("POST", `/runs/${run.id}/approve`, { reason: "They left." }));
    await world.settle();
    assert.deepEqual([active(), suspended()], [8, 32]);
    await assertInStep(world);

    const undo = await must(rollcall.api<{ id: string }>("POST", `/runs/${run.id}/undo`));
    await rollcall.waitFor(undo.id);
    await world.settle();
    assert.deepEqual([active(), suspended()], [38, 2]);
    await assertInStep(world);
  });

  test("keeps the seat of a person who is in the application through another integration, until that has lost them too", async () => {
    await using world = await startDestinationWorld({
      sandbox: { users: users("two.example", 3) },
      integration: { guard: { enabled: false } },
    });
    const { oomnitza, rollcall, integration, destination } = world;
    await using other = await aVendor(rollcall, {
      users: [aUser("two.example", 1, { id: 101 }), aUser("two.example", 4, { id: 104 })],
      settings: { softwareId: integration.softwareId },
    });
    const follows = [integration.id, other.integration.id].map((integrationId) => ({
      integrationId,
      saasName: applicationName,
    }));
    await must(rollcall.api("PATCH", `/destinations/${destination.id}`, { follows }));
    await world.sync();
    await other.run();
    await world.settle();
    const active = () =>
      [...(oomnitza.applications()[0]?.users.values() ?? [])]
        .filter((user) => user.active)
        .map(({ userId }) => oomnitza.state.people.get(userId)?.username)
        .sort();
    const names = [1, 2, 3, 4].map((n) => `user${n}@two.example`);
    assert.deepEqual(active(), names);
    rollcall.sandbox.removeUsers({ ids: [1] });
    await world.sync();
    assert.deepEqual(active(), names);
    other.sandbox.removeUsers({ ids: [101] });
    await other.run();
    await world.settle();
    assert.deepEqual(active(), names.slice(1));
    rollcall.sandbox.restoreUsers([1]);
    await world.sync();
    assert.deepEqual(active(), names);
  });

  test("tells which records were refused and why, and retries them when asked", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 5 }, destination: { constants: {} } });
    const { oomnitza, rollcall, destination } = world;
    const { deliveries, lastPush } = await world.sync();
    assert.deepEqual([deliveries.failed, lastPush?.people.failed, lastPush?.problem], [5, 5, null]);
    const [failed] = await world.deliveries("?state=failed");
    assert.equal(failed?.code, "destination.refused");
    assert.match(failed?.problem ?? "", /refused it with 400: .*role: is mandatory/);

    await must(rollcall.api("PATCH", `/destinations/${destination.id}`, { constants: { role: 1 } }));
    const { queued } = await must(rollcall.api<{ queued: number }>("POST", `/destinations/${destination.id}/retry`));
    assert.equal(queued, 5);
    assert.deepEqual((await world.settle()).deliveries, { waiting: 0, done: 5, failed: 0 });
    assert.ok(oomnitza.people().every(({ role }) => role === 1));
    await assertInStep(world);
  });

  test("reads every element of a partly successful answer", async () => {
    await using world = await startDestinationWorld({
      sandbox: { users: 10 },
      oomnitza: { modes: { saasUserIds: "own" } },
    });
    const { oomnitza, rollcall } = world;
    await world.sync();
    const users = [...(oomnitza.applications()[0]?.users.values() ?? [])];
    oomnitza.addFaults([
      {
        call: "deactivate",
        fault: { kind: "json", body: users.map(({ ownId }) => ({ saas_user_id: ownId, error: "It is locked." })) },
      },
    ]);
    rollcall.sandbox.removeUsers({ count: 1, from: "end" });
    await world.sync();
    const [failed, ...others] = await world.deliveries("?state=failed");
    assert.equal(others.length, 0);
    assert.match(failed?.problem ?? "", /It is locked/);
    await must(rollcall.api("POST", `/destinations/${world.destination.id}/retry`));
    assert.equal((await world.settle()).deliveries.failed, 0);
    await assertInStep(world);
  });

  test("understands the other forms that answers may have: small pages, empty bodies, ids of their own", async () => {
    await using world = await startDestinationWorld({
      sandbox: { users: 20 },
      oomnitza: {
        modes: { maxPageSize: 7, assignAnswer: "empty", saasUserIds: "own", deactivatedUsers: "listed" },
        applications: [{ saas_name: "Something else" }, { saas_name: "CLICKWRAP of the legal team " }],
      },
    });
    const { oomnitza, rollcall } = world;
    await world.sync();
    rollcall.sandbox.removeUsers({ count: 1, from: "end" });
    assert.deepEqual((await world.sync()).deliveries, { waiting: 0, done: 21, failed: 0 });
    const users = [...(oomnitza.applications()[1]?.users.values() ?? [])];
    assert.deepEqual([users.length, users.filter(({ active }) => active).length], [20, 19]);
    rollcall.sandbox.restoreUsers();
    await world.sync();
    assert.ok(users.every(({ active, externalId }) => active && externalId !== null));
    assert.deepEqual([oomnitza.applications().length, oomnitza.people().length], [2, 20]);
    assert.equal(oomnitza.counters().byCall["assign-users"], 1);
  });

  test("sends people alone when no application is named, and the rest of a failure with the next change", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 3 } });
    const { oomnitza, rollcall, destination, integration } = world;
    const follows = [{ integrationId: integration.id, saasName: null }];
    await must(rollcall.api("PATCH", `/destinations/${destination.id}`, { follows }));
    oomnitza.addFaults([{ call: "create-user", fault: { kind: "status", status: 400 } }]);
    assert.equal((await world.sync()).deliveries.failed, 1);
    await must(rollcall.api("POST", `/destinations/${destination.id}/resynchronise`));
    assert.equal((await world.settle()).deliveries.failed, 0);
    assert.deepEqual([oomnitza.people().length, oomnitza.applications().length], [3, 0]);
  });

  test("brings everything back into step when asked, and finds people who were there before", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 30 } });
    const { oomnitza, rollcall, destination } = world;
    await world.sync();
    for (const person of oomnitza.state.people.values()) person.first_name = "Changed by hand";
    const { queued } = await must(
      rollcall.api<{ queued: number }>("POST", `/destinations/${destination.id}/resynchronise`),
    );
    assert.equal(queued, 30);
    await world.settle();
    await assertInStep(world);
    assert.equal(oomnitza.people().length, 30);
  });

  test("creates nobody after an incomplete list without asking for them first", async () => {
    await using world = await startDestinationWorld({
      sandbox: { users: 6 },
      oomnitza: { modes: { duplicates: "allowed" } },
    });
    const { oomnitza, rollcall, destination } = world;
    await world.sync();
    await rollcall.database.query("delete from destination_person");
    oomnitza.addFaults([{ call: "users", fault: { kind: "short-page", drop: 4 } }]);
    oomnitza.addFaults([{ call: "users", fault: { kind: "empty-200" } }]);
    await must(rollcall.api("POST", `/destinations/${destination.id}/resynchronise`));
    await world.settle();
    assert.equal(oomnitza.people().length, 6);
    await assertInStep(world);
  });

  test("can be tried beforehand, and tells the fields that the instance has", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 1 } });
    const { rollcall, oomnitza, destination } = world;
    const path = `/destinations/${destination.id}`;
    const outcome = await must(rollcall.api<TestOutcome>("POST", `${path}/test`));
    assert.deepEqual([outcome.ok, outcome.message], [true, "The instance accepted the credential. People: 0."]);
    const { data } = await must(rollcall.api<ListOf<InstanceField>>("GET", `${path}/fields`));
    assert.deepEqual(data.find(({ externalId }) => externalId === "department")?.choices, ["Legal", "Sales"]);
    assert.equal(data.find(({ externalId }) => externalId === "role")?.mandatory, true);
    oomnitza.addFaults([{ call: "users", fault: { kind: "html-200" } }]);
    const refused = await must(rollcall.api<TestOutcome>("POST", `${path}/test`));
    assert.deepEqual([refused.ok, refused.code], [false, "vendor.bad_response"]);
    oomnitza.addFaults([{ call: "users-meta", fault: { kind: "status", status: 403 } }]);
    assert.equal((await rollcall.api("GET", `${path}/fields`)).status, 422);
  });

  test("waits, and says why, while the instance refuses the credential", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 3 } });
    const { rollcall, destination, oomnitza } = world;
    const wrong = await must(
      rollcall.api<{ id: string }>("POST", "/credentials", {
        name: "Wrong",
        kind: "basic",
        values: { username: "sandbox", password: "not-it" },
      }),
    );
    const path = `/destinations/${destination.id}`;
    await must(rollcall.api("PATCH", path, { credentialId: wrong.id }));
    await rollcall.run(world.integration.id);
    let problem: string | null = null;
    while (problem === null) ({ problem } = await must(rollcall.api<{ problem: string | null }>("GET", path)));
    assert.match(problem, /answered 401/);
    assert.equal(problem.includes("not-it"), false);
    assert.equal(oomnitza.people().length, 0);
    await must(rollcall.api("PATCH", `/credentials/${wrong.id}`, { values: { password: "sandbox-password" } }));
    await must(rollcall.api("POST", `${path}/retry`));
    await world.settle();
    await assertInStep(world);
  });

  test("is over when its destination moves to another instance, and nothing it found out is kept for that one", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 3 } });
    const { rollcall, destination } = world;
    await world.sync();
    const known =
      'select person_id as "personId", remote_id as "remoteId" from destination_person where destination_id = $1';
    const ids = await rows<{ personId: string; remoteId: string }>(rollcall.database, known, [destination.id]);
    assert.equal(ids.length, 3);
    const leased = await one<{ id: string; lease: string }>(
      rollcall.database,
      `update destination set lease = gen_random_uuid(), leased_until = now() + interval '1 minute' where id = $1
       returning id, lease`,
      [destination.id],
    );
    assert.equal(await renewLease(rollcall.database, leased), true);
    await must(rollcall.api("PATCH", `/destinations/${destination.id}`, { url: "http://127.0.0.1:2", enabled: false }));
    assert.equal(await renewLease(rollcall.database, leased), false);
    await savePersonIds(rollcall.database, leased, ids);
    assert.deepEqual(await rows(rollcall.database, known, [destination.id]), []);
  });
});
