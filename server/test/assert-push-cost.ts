import assert from "node:assert/strict";
import { assertInStep } from "./assert-in-step.ts";
import { startDestinationWorld } from "./destination-world.ts";

/**
 * Pushes so many people to an empty instance, then a hundredth of them after they changed, then nobody; asserts values and the
 * requests of each kind. The formula (docs/oomnitza.md): one reading of the list in pages of 500, one request for each person that
 * differs and for each id of a new SaaS user, everything else in bulk calls of 100.
 */
export async function assertPushCost(users: number): Promise<void> {
  await using world = await startDestinationWorld({
    sandbox: { users },
    oomnitza: { modes: { duplicates: "allowed" } },
  });
  const { oomnitza, rollcall } = world;
  const first = await world.sync();
  assert.deepEqual(first.lastPush?.people, { created: users, updated: 0, unchanged: 0, failed: 0, postponed: 0 });
  await assertInStep(world);
  const roles = new Set([...(oomnitza.applications()[0]?.users.values() ?? [])].flatMap((user) => user.roles));
  const withRole = [...(oomnitza.applications()[0]?.users.values() ?? [])].filter((user) => user.roles.length > 0);
  const chunks = (count: number) => Math.ceil(count / 100);
  const roleCalls = [...roles].reduce(
    (sum, role) => sum + chunks(withRole.filter((user) => user.roles.includes(role)).length),
    0,
  );
  assert.deepEqual(oomnitza.counters().byCall, {
    users: 1,
    "create-user": users,
    saas: 1,
    "create-saas": 1,
    "assigned-users": 1,
    "assign-users": chunks(users),
    "external-id": users,
    "set-roles": roleCalls,
  });

  const changed = Math.ceil(users / 100);
  const vendorUsers = rollcall.sandbox.users({ offset: 0, limit: changed });
  for (const { id } of vendorUsers) {
    rollcall.sandbox.changeUser(Number(id), { set: { locale: "tlh" }, unset: [] });
  }
  oomnitza.resetRecord();
  const second = await world.sync();
  assert.deepEqual(second.lastPush?.people, { created: 0, updated: changed, unchanged: 0, failed: 0, postponed: 0 });
  assert.deepEqual(oomnitza.counters().byCall, {
    users: Math.ceil(users / 500),
    "change-user": changed,
    "assigned-users": Math.ceil(users / 500),
  });
  assert.ok(oomnitza.received().every(({ body }) => JSON.stringify(body) === '{"locale":"tlh"}'));
  await assertInStep(world);

  oomnitza.resetRecord();
  await world.sync();
  assert.equal(oomnitza.counters().requests, 0, "nothing changed, nothing is sent");
}
