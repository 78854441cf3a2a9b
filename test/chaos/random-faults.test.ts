import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyHistory } from "@rollcall/server/features/audit/verify-history-queries.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, countsOf, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";
import { type FaultyEpisode, faultHistories } from "./fault-histories.ts";
import { newDomain } from "./life.ts";

const histories = Math.min(400, Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 12));
/** Runs that the product works on at once (queue/engine.ts). */
const atOnce = 4;

test("A1 B8 random faults: nobody is deactivated but who is gone, every run ends, and afterwards a clean run agrees with the vendor", async () => {
  await using rollcall = await startTestRollcall();
  const waiting = [...faultHistories(histories, 20_261_124).entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [number, history] = next;
      await liveWithFaults(rollcall, `history ${number}`, history, number % 2 === 0);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  assert.deepEqual(await verifyHistory(rollcall.database), { runs: [], edits: [] });
});

async function liveWithFaults(
  rollcall: TestRollcall,
  name: string,
  history: readonly FaultyEpisode[],
  guarded: boolean,
): Promise<void> {
  const domain = newDomain();
  await using vendor = await aVendor(rollcall, {
    users: users(domain, 45),
    settings: { guard: { enabled: guarded }, inputs: { perPage: 10, requestsPerMinute: 100_000 } },
  });
  for (const [index, episode] of history.entries()) {
    happen(vendor, domain, index, episode);
    const before = await vendor.known();
    const run = await vendor.run();
    const where = `${name}, run ${index + 1}, ${JSON.stringify(episode.faults)}: ${run.status}`;
    const now = await vendor.known();
    const gone = Object.keys(before).filter((key) => before[key]?.link === true && now[key]?.link !== true);
    if (run.coverage?.complete !== true) assert.deepEqual(gone, [], where);
    const present = presentIds(vendor);
    assert.deepEqual(
      gone.filter((key) => present.has(key)),
      [],
      `${where}: deactivated although at the vendor`,
    );
    assert.equal(gone.length, run.counts.deactivated, where);
    assert.notEqual(run.error?.code, "internal.unexpected", where);
  }

  vendor.sandbox.clearFaults();
  await vendor.set({ guard: { enabled: false } });
  const clean = await vendor.run();
  assert.equal(clean.coverage?.complete, true, `${name}: ${JSON.stringify(clean.coverage)}`);
  await agrees(vendor, name);
  const again = await vendor.run();
  assert.deepEqual(
    countsOf(again),
    { fetched: vendor.sandbox.userCount(), unchanged: vendor.sandbox.userCount() },
    name,
  );
}

function happen({ sandbox }: VendorWorld, domain: string, index: number, episode: FaultyEpisode): void {
  const ids = [...sandbox.users()].map(({ id }) => Number(id));
  const at = (place: number): number | undefined => ids[place];
  const alive = (places: readonly number[]) => places.map(at).filter((id) => id !== undefined);
  for (const id of alive(episode.rename)) sandbox.changeUser(id, { set: { name: `Renamed ${index} ${id}` } });
  for (const id of alive(episode.readdress))
    sandbox.changeUser(id, { set: { email: `moved${index}.${id}@${domain}` } });
  if (episode.allBack) sandbox.restoreUsers();
  sandbox.removeUsers({ ids: alive(episode.leave) });
  sandbox.addUsers(Array.from({ length: episode.join }, (_, n) => aUser(domain, 10_000 + index * 100 + n)));
  sandbox.clearFaults();
  sandbox.addFaults(episode.faults);
}

/** Everybody at the vendor is known once, active and with the vendor's values; everybody else who is known is not active. */
async function agrees(vendor: VendorWorld, name: string): Promise<void> {
  const known = await vendor.known();
  const people = new Set<string>();
  for (const user of vendor.sandbox.users()) {
    const record = known[String(user.id)];
    assert.ok(record, `${name}: ${user.id} is not known`);
    assert.deepEqual(
      [record.email, record.name, record.person, record.saas, record.link],
      [user.email, user.name, "active", "active", true],
      `${name}: ${user.id}`,
    );
    people.add(record.personId);
  }
  assert.equal(people.size, vendor.sandbox.userCount(), `${name}: two users are one person`);
  const present = presentIds(vendor);
  const others = Object.entries(known).filter(([key]) => !present.has(key));
  assert.deepEqual(
    others.filter(([, { link, person, saas }]) => link || person === "active" || saas === "active"),
    [],
    `${name}: active although gone`,
  );
}

function presentIds({ sandbox }: VendorWorld): ReadonlySet<string> {
  return new Set(sandbox.users().map(({ id }) => String(id)));
}
