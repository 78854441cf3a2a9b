import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Destination } from "@rollcall/core/contract/destinations.ts";
import type { Notification } from "@rollcall/core/contract/notifications.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { assertInStep } from "@rollcall/server/test/assert-in-step.ts";
import { type DestinationWorld, startDestinationWorld } from "@rollcall/server/test/destination-world.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { rows } from "../postgres/query.ts";
import { recordPushEnd } from "./record-push-end.ts";

describe("a push that stops", () => {
  test("tells the contacts once that the credential is refused, and once that it goes on", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 3 } });
    const { rollcall, destination, integration } = world;
    const contact = await aContactOf(world);
    const path = `/destinations/${destination.id}`;
    const wrong = await must(
      rollcall.api<{ id: string }>("POST", "/credentials", {
        name: "Wrong",
        kind: "basic",
        values: { username: "sandbox", password: "not-it" },
      }),
    );
    await must(rollcall.api("PATCH", path, { credentialId: wrong.id }));
    await rollcall.run(integration.id);
    await untilTold(world, 1);
    await untilPushes(world, 3);

    const [stopped, ...others] = await listTold(world);
    assert.equal(others.length, 0, "the pushes after it change nothing");
    assert.ok(stopped !== undefined);
    assert.deepEqual(
      [stopped.kind, stopped.trigger, stopped.title, stopped.account.id, stopped.destinationId, stopped.path],
      ["raised", "push_stopped", "Oomnitza: pushing stopped", contact, destination.id, path],
    );
    assert.match(stopped.reason, /answered 401.*waits to be pushed/);
    assert.match(stopped.nextStep, /credential/);
    assert.equal(JSON.stringify(stopped).includes("not-it"), false);
    const mails = await rows<{ account_id: string }>(
      rollcall.database,
      "select account_id from outbox where channel = 'email'",
    );
    assert.deepEqual(
      mails.map(({ account_id }) => account_id),
      [contact],
    );

    await must(rollcall.api("PATCH", `/credentials/${wrong.id}`, { values: { password: "sandbox-password" } }));
    await must(rollcall.api("POST", `${path}/retry`));
    await world.settle();
    await untilTold(world, 2);
    const [recovered] = await listTold(world);
    assert.deepEqual([recovered?.kind, recovered?.title], ["recovered", "Oomnitza: recovered"]);
    assert.match(recovered?.reason ?? "", /A push went through.*pushing had stopped/);
    await assertInStep(world);
  });

  test("tells of eight failures in a row, of fewer nothing", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 12 } });
    const { oomnitza, rollcall, integration } = world;
    await world.sync();
    for (const { id } of rollcall.sandbox.users({ offset: 0, limit: 12 })) {
      rollcall.sandbox.changeUser(Number(id), { set: { locale: "de_DE" }, unset: [] });
    }
    oomnitza.addFaults([
      { call: "users", count: 3, fault: { kind: "status", status: 503 } },
      { call: "change-user", count: 60, fault: { kind: "status", status: 500 } },
    ]);
    await rollcall.run(integration.id);
    await untilTold(world, 1);
    const [stopped] = await listTold(world);
    assert.match(stopped?.reason ?? "", /8 requests in a row failed/);
    await world.settle();
    await untilTold(world, 2);
    assert.deepEqual(
      (await listTold(world)).map(({ kind }) => kind),
      ["recovered", "raised"],
    );
    await assertInStep(world);
  });

  test("is nobody's concern once the destination is switched off or deleted", async () => {
    await using world = await startDestinationWorld({ sandbox: { users: 3 } });
    const { oomnitza, rollcall, destination, integration } = world;
    oomnitza.addFaults([{ call: "users", count: "always", fault: { kind: "status", status: 401 } }]);
    await rollcall.run(integration.id);
    await untilTold(world, 1);
    await must(rollcall.api("PATCH", `/destinations/${destination.id}`, { enabled: false }));
    const openAlarms = async () =>
      (await rows(rollcall.database, "select from alarm where subject = 'destination' and open")).length;
    assert.equal(await openAlarms(), 0);
    // A push that was under way when it was switched off ends a moment later.
    const lease = randomUUID();
    await rollcall.database.query("update destination set lease = $2 where id = $1", [destination.id, lease]);
    const people = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0, postponed: 0 } as const;
    await recordPushEnd(
      { database: rollcall.database, now: () => new Date() },
      { id: destination.id, lease, name: "Oomnitza", failures: 0 },
      new ProductError("vendor.unauthorized", "The instance answered 401."),
      { startedAt: new Date().toISOString(), people, requests: { users: 1 } },
    );
    assert.equal(await openAlarms(), 0);
    assert.equal((await rollcall.api("DELETE", `/destinations/${destination.id}`)).status, 204);
    assert.equal((await listTold(world)).length, 1);
  });
});

async function aContactOf({ rollcall, integration }: DestinationWorld): Promise<string> {
  const account = { email: "ada@example.com", name: "Ada", role: "viewer" };
  const { id } = await must(rollcall.api<{ id: string }>("POST", "/accounts", account));
  await must(rollcall.api("PATCH", `/integrations/${integration.id}`, { contacts: [id] }));
  await rollcall.database.query("delete from outbox");
  return id;
}

async function listTold({ rollcall }: DestinationWorld): Promise<readonly Notification[]> {
  const all = await rollcall.all<Notification>("/notifications?all=true&trigger=push_stopped");
  return all;
}

async function untilTold(world: DestinationWorld, count: number): Promise<void> {
  while ((await listTold(world)).length < count) await sleep(20);
}

/** Waits until so many pushes have ended since now. */
async function untilPushes({ rollcall, destination }: DestinationWorld, count: number): Promise<void> {
  const ends = new Set<string | undefined>();
  while (ends.size <= count) {
    const { lastPush } = await must(rollcall.api<Destination>("GET", `/destinations/${destination.id}`));
    ends.add(lastPush?.finishedAt);
    await sleep(10);
  }
}
