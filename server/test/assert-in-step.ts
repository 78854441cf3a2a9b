import assert from "node:assert/strict";
import type { Person } from "@rollcall/core/contract/people.ts";
import type { SaasUser } from "@rollcall/core/contract/saas.ts";
import type { DestinationWorld } from "./destination-world.ts";

/** Every person and SaaS user of the inventory is in the instance exactly once, with equal values. */
export async function assertInStep({ rollcall, oomnitza, integration }: DestinationWorld): Promise<void> {
  const people = (await rollcall.all<Person>("/people")).filter(({ status }) => status === "active");
  const remote = Map.groupBy(oomnitza.people(), ({ username }) => String(username));
  assert.equal(remote.size, oomnitza.people().length, "no username twice");
  for (const person of people) {
    const [found, ...others] = remote.get(person.username) ?? [];
    assert.equal(others.length, 0);
    assert.deepEqual(
      [found?.email, found?.first_name ?? null, found?.last_name ?? null, found?.locale ?? null, found?.suspended],
      [person.email, person.firstName, person.lastName, person.locale, false],
    );
  }
  const saasUsers = await rollcall.all<SaasUser>(`/saas/${integration.softwareId}/users`);
  const assigned = new Map(
    [...(oomnitza.applications()[0]?.users.values() ?? [])].map((user) => [user.externalId, user]),
  );
  for (const user of saasUsers) {
    const found = assigned.get(user.externalId);
    assert.ok(found !== undefined, `SaaS user ${user.externalId} is missing`);
    assert.equal(found.active, user.status === "active");
    if (found.active) assert.deepEqual(found.roles, user.role === null ? [] : [user.role]);
    const owner = people.find(({ id }) => id === user.personId);
    if (owner !== undefined) assert.equal(oomnitza.state.people.get(found.userId)?.username, owner.username);
  }
  assert.equal(assigned.size, saasUsers.length);
}
