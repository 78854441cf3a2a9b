import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Destination } from "@rollcall/core/contract/destinations.ts";
import { assertInStep } from "@rollcall/server/test/assert-in-step.ts";
import { type DestinationWorldOptions, startDestinationWorld } from "@rollcall/server/test/destination-world.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";

describe("a push over the bulk protocol", () => {
  test("uploads everybody in hundreds, then everybody sent before with what changed, and SaaS users as ever", async () => {
    await using world = await startBulkWorld({ sandbox: { users: 250 } });
    const { oomnitza, rollcall } = world;
    const { lastPush } = await world.sync();
    await assertInStep(world);
    assert.deepEqual(lastPush?.people, { created: 250, updated: 0, unchanged: 0, failed: 0, postponed: 0 });
    const { byCall } = oomnitza.counters();
    assert.deepEqual([byCall.bulk, byCall["bulk-finalize"], byCall["create-user"]], [3, 1, undefined]);
    const [first] = uploads(world);
    assert.deepEqual([first?.connector_id, first?.sync_field, first?.records.length], [9, ["USER"], 100]);
    assert.ok(uploads(world).every(({ records }) => records.every((record) => !("SAAS" in record))));

    oomnitza.resetRecord();
    for (const { id } of rollcall.sandbox.users({ offset: 0, limit: 2 })) {
      rollcall.sandbox.changeUser(Number(id), { set: { locale: "de_DE" }, unset: [] });
    }
    await world.sync();
    await assertInStep(world);
    const named = uploads(world).flatMap(({ records }) => records.map(({ USER }) => USER));
    assert.equal(new Set(named).size, 250, "everybody is in it");
    assert.equal(named.length, 252, "the changed ones by their key besides");
    assert.equal(oomnitza.counters().byCall["change-user"], undefined);

    oomnitza.resetRecord();
    await world.sync();
    assert.equal(oomnitza.counters().byCall.bulk, undefined, "nothing changed, nothing is uploaded");
  });

  test("survives 429s, errors, lost answers and half-taken uploads without a double or a gap", async () => {
    await using world = await startBulkWorld({
      sandbox: { users: 330 },
      oomnitza: { modes: { duplicates: "allowed", bulkAbsent: "deactivated" } },
    });
    const { oomnitza } = world;
    oomnitza.addFaults([
      { call: "bulk", count: 2, fault: { kind: "status", status: 429, retryAfter: 0 } },
      { call: "bulk", skip: 1, fault: { kind: "half-applied" } },
      { call: "bulk", skip: 1, fault: { kind: "reset" } },
      { call: "bulk", skip: 2, fault: { kind: "status", status: 500 } },
      { call: "bulk-finalize", fault: { kind: "status", status: 503 } },
      { call: "run-log", fault: { kind: "truncate" } },
    ]);
    const { deliveries } = await world.sync();
    assert.deepEqual(deliveries, { waiting: 0, done: 330, failed: 0 });
    assert.equal(oomnitza.counters().faults, 7);
    await assertInStep(world);
  });

  test("never finalises an upload that was cut off, and begins another", async () => {
    await using world = await startBulkWorld({
      sandbox: { users: 250 },
      oomnitza: { modes: { bulkAbsent: "deactivated" } },
    });
    const { oomnitza } = world;
    oomnitza.addFaults([{ call: "bulk", skip: 1, count: 3, fault: { kind: "status", status: 500 } }]);
    await world.sync();
    const portions = new Set(uploads(world).map(({ portion }) => portion));
    const finalised = oomnitza.received().filter(({ call }) => call === "bulk-finalize");
    assert.deepEqual([portions.size, finalised.length], [2, 1]);
    assert.ok(finalised[0]?.path.includes([...portions][1] ?? "none"));
    await assertInStep(world);
  });

  test("deactivates nobody whom Rollcall did not, though the instance does so to all who are left out", async () => {
    await using world = await startBulkWorld({
      sandbox: { users: 40 },
      oomnitza: { modes: { bulkAbsent: "deactivated" } },
    });
    const { oomnitza, rollcall, integration } = world;
    await world.sync();
    const active = () => [...(oomnitza.applications()[0]?.users.values() ?? [])].filter((user) => user.active).length;
    const suspended = () => oomnitza.people().filter((person) => person.suspended === true).length;
    const change = (locale: string) => {
      const [someone] = rollcall.sandbox.users({ offset: 0, limit: 1 });
      rollcall.sandbox.changeUser(Number(someone?.id), { set: { locale }, unset: [] });
    };

    rollcall.sandbox.removeUsers({ count: 2, from: "end" });
    change("de_DE");
    await world.sync();
    assert.deepEqual([active(), suspended()], [38, 0]);

    rollcall.sandbox.removeUsers({ count: 30, from: "end" });
    change("fr_FR");
    oomnitza.resetRecord();
    const run = await rollcall.run(integration.id);
    assert.equal(run.status, "needs_review");
    await world.settle();
    assert.equal(oomnitza.counters().byCall["bulk-finalize"], 1);
    assert.equal(oomnitza.counters().byCall.deactivate, undefined);
    assert.deepEqual([active(), suspended()], [38, 0]);

    await must(rollcall.api("POST", `/runs/${run.id}/approve`, { reason: "They left." }));
    await world.settle();
    assert.deepEqual([active(), suspended()], [8, 0]);
  });

  test("remembers whom it sent when the destination is made anew", async () => {
    await using world = await startBulkWorld({
      sandbox: { users: 12 },
      oomnitza: { modes: { bulkAbsent: "deactivated" } },
    });
    const { oomnitza, rollcall, destination, integration } = world;
    await world.sync();
    await must(rollcall.api("DELETE", `/destinations/${destination.id}`));
    const follows = [{ integrationId: integration.id, saasName: null }];
    const { name, url, credentialId, fields, constants, mode, bulkConnector } = destination;
    const settings = { name, url, credentialId, fields, constants, mode, bulkConnector, follows };
    const anew = await must(rollcall.api<Destination>("POST", "/destinations", settings));
    const [first] = rollcall.sandbox.users({ offset: 0, limit: 1 });
    rollcall.sandbox.changeUser(Number(first?.id), { set: { locale: "de_DE" }, unset: [] });
    await rollcall.run(integration.id);
    await untilPushed(world, anew.id);
    assert.equal(oomnitza.people().filter(({ locale }) => locale === "de_DE").length, 1);
    assert.ok(oomnitza.people().every(({ suspended: isSuspended }) => isSuspended === false));
  });

  test("renames and suspends by requests, since an upload would make a second person", async () => {
    await using world = await startBulkWorld({ sandbox: { users: 12 }, destination: { suspendPeople: true } });
    const { oomnitza, rollcall } = world;
    await world.sync();
    const [first, second] = rollcall.sandbox.users({ offset: 0, limit: 2 });
    assert.ok(first !== undefined);
    rollcall.sandbox.changeUser(Number(first.id), { set: { email: "married@example.com" }, unset: [] });
    rollcall.sandbox.addUsers([{ user: { ...first, id: 9999, name: "Someone New" }, memberships: [] }]);
    rollcall.sandbox.removeUsers({ ids: [Number(second?.id)] });
    oomnitza.resetRecord();
    await world.sync();
    await assertInStep(world);
    assert.equal(oomnitza.people().filter(({ suspended: isSuspended }) => isSuspended === true).length, 1);
    assert.equal(oomnitza.people().length, 13);
  });

  test("reads from the list and the run log which records were refused", async () => {
    await using world = await startBulkWorld({ sandbox: { users: 6 } });
    const { oomnitza, rollcall } = world;
    await world.sync();
    const [first, second] = rollcall.sandbox.users({ offset: 0, limit: 2 });
    rollcall.sandbox.changeUser(Number(first?.id), { set: { locale: "x".repeat(40) }, unset: [] });
    rollcall.sandbox.changeUser(Number(second?.id), { set: { locale: "de_DE" }, unset: [] });
    const { deliveries } = await world.sync();
    assert.deepEqual(deliveries, { waiting: 0, done: 7, failed: 1 });
    const [failed] = await world.deliveries("?state=failed");
    assert.equal(failed?.code, "destination.refused");
    assert.match(
      failed?.problem ?? "",
      /run log says: 0123456789abcdef\S*: wrong value|run log says: locale: wrong value/,
    );
    assert.equal(oomnitza.people().filter(({ locale }) => locale === "de_DE").length, 1);
  });

  test("says so when an upload was taken and then failed, and tries again", async () => {
    await using world = await startBulkWorld({ sandbox: { users: 5 }, oomnitza: { modes: { bulkOutcome: "failed" } } });
    const { oomnitza, rollcall, destination, integration } = world;
    await rollcall.run(integration.id);
    const path = `/destinations/${destination.id}`;
    let problem: string | null = null;
    while (problem === null) ({ problem } = await must(rollcall.api<Destination>("GET", path)));
    assert.match(problem, /took the upload, which then failed: The portion could not be worked through/);
    assert.equal(oomnitza.people().length, 0);
    Object.assign(oomnitza.state.modes, { bulkOutcome: "processed" });
    await must(rollcall.api("POST", `${path}/retry`));
    await world.settle();
    await assertInStep(world);
  });

  test("does not upload again while the instance still works on what it took", async () => {
    let now = Date.now();
    await using world = await startBulkWorld({
      sandbox: { users: 5 },
      oomnitza: { modes: { bulkMilliseconds: 60_000 }, now: () => now },
    });
    const { oomnitza, rollcall, integration, destination } = world;
    await rollcall.run(integration.id);
    const told = async () => (await must(rollcall.api<Destination>("GET", `/destinations/${destination.id}`))).lastPush;
    while ((await told())?.people.postponed !== 5) await sleep(20);
    while ((oomnitza.counters().byCall.users ?? 0) < 3) await sleep(20);
    now += 60_000;
    await world.settle();
    await assertInStep(world);
    assert.equal(oomnitza.counters().byCall.bulk, 1);
  });

  test("stops with the reason when the instance refuses the protocol", async () => {
    await using world = await startBulkWorld({ sandbox: { users: 3 } });
    const { oomnitza, rollcall, destination, integration } = world;
    oomnitza.addFaults([{ call: "bulk", count: "always", fault: { kind: "status", status: 404 } }]);
    await rollcall.run(integration.id);
    let problem: string | null = null;
    while (problem === null) {
      await sleep(20);
      ({ problem } = await must(rollcall.api<Destination>("GET", `/destinations/${destination.id}`)));
    }
    assert.match(problem, /refused the bulk upload/);
    oomnitza.clearFaults();
    await must(rollcall.api("PATCH", `/destinations/${destination.id}`, { mode: "requests" }));
    await world.settle();
    await assertInStep(world);
  });
});

async function startBulkWorld(options: DestinationWorldOptions) {
  const destination = { mode: "bulk", bulkConnector: "9", ...options.destination };
  return await startDestinationWorld({ ...options, destination });
}

type World = Awaited<ReturnType<typeof startBulkWorld>>;
type Upload = {
  readonly portion: string;
  readonly connector_id: number;
  readonly sync_field: readonly string[];
  readonly records: readonly Readonly<Record<string, unknown>>[];
};

function uploads({ oomnitza }: World): readonly Upload[] {
  return oomnitza
    .received()
    .filter(({ call }) => call === "bulk")
    .map(({ body }) => body as unknown as Upload);
}

async function untilPushed({ rollcall }: World, id: string): Promise<void> {
  for (;;) {
    const { deliveries, pushing } = await must(rollcall.api<Destination>("GET", `/destinations/${id}`));
    if (deliveries.waiting === 0 && !pushing) return;
    await sleep(50);
  }
}
