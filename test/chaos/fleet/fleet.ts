import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyHistory } from "@rollcall/server/features/audit/verify-history-queries.ts";
import { type Database, openDatabase } from "@rollcall/server/postgres/database.ts";
import { startEmbeddedPostgres } from "@rollcall/server/postgres/embedded/start-embedded-postgres.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { type Mailbox, startMailbox } from "@rollcall/server/test/start-mailbox.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type Fleet, startFleet } from "./fleet-processes.ts";
import { type FleetVendor, openTenants, type Tenant } from "./fleet-tenants.ts";
import { assertChangedOnce, assertPopulation } from "./judge-records.ts";
import { assertFiredOnce, assertRunsEndedApart, assertToldOnce, type Counted } from "./judge-runs.ts";
import { type StormPlan, storm } from "./storm.ts";

export type FleetPlan = StormPlan & {
  readonly servers: number;
  readonly workers: number;
  /** Of each vendor, for its two tenants together. */
  readonly requestsPerMinute: readonly number[];
  readonly usersPerTenant: number;
};

/**
 * Servers and workers as processes of their own on an external PostgreSQL, killed at random under load. When it has blown over, every due
 * run has happened once, the inventory is the vendors', and people were told once.
 *
 * @returns figures, to be printed
 */
export async function runFleet(plan: FleetPlan): Promise<Readonly<Record<string, unknown>>> {
  await using folder = await temporaryFolder();
  await using postgres = await startEmbeddedPostgres({
    dataDir: join(folder.path, "database"),
    settings: { max_connections: "200" },
  });
  const { connectionString } = postgres;
  await using mailbox = await startMailbox();
  await using fleet = await startFleet({
    ...plan,
    environment: {
      DATABASE_URL: connectionString,
      SMTP_URL: mailbox.url,
      ROLLCALL_ENCRYPTION_KEYS: `fleet:${randomBytes(32).toString("base64")}`,
      ROLLCALL_EGRESS_ALLOW: "127.0.0.1",
      ROLLCALL_DATA_DIR: join(folder.path, "product"),
    },
  });
  await using database = openDatabase({ connectionString, max: 5, applicationName: "test" });
  const contacts = await twoContacts(database);
  await using opened = await openTenants(fleet, { ...plan, contacts });
  const { vendors, tenants } = opened;
  const since = await activeSince(database);

  const { madeDue, takeOvers, manual } = await storm({ fleet, database, tenants }, plan);

  const counted = await pauseAll(fleet, database, tenants, since);
  await noRunUnderWay(database);
  // Nobody comes or goes any more: one more run of each is to agree with its vendor.
  for (const { integrationId } of tenants) await fleet.ask("POST", `/integrations/${integrationId}/runs`);
  await noRunUnderWay(database);
  await everythingSent(database);

  let madeUpFor = 0;
  let users = 0;
  for (const tenant of tenants) {
    const { integrationId } = tenant;
    await assertRunsEndedApart(database, integrationId);
    const count = counted.find((each) => each.integrationId === integrationId);
    assert.ok(count);
    madeUpFor += await assertFiredOnce(database, count, madeDue.get(integrationId) ?? []);
    await assertToldOnce(database, integrationId, contacts.length);
    await assertChangedOnce(database, integrationId);
    users += await assertPopulation(database, tenant);
  }
  assert.deepEqual(await endsOfOthers(database, tenants[0]), []);
  assert.deepEqual(await verifyHistory(database), { runs: [], edits: [] });
  const kills = fleet.kills();
  const mails = await assertMailedOnce(database, mailbox, kills.worker);
  const busiestMinutes = vendors.map(assertWithinBudget);
  return {
    kills,
    users,
    ...(await figures(database)),
    madeUpFor,
    manual,
    takeOversSeen: takeOvers.length,
    longestTakeOverMilliseconds: Math.max(0, ...takeOvers),
    mails,
    busiestMinutes,
  };
}

async function twoContacts(database: Database): Promise<readonly string[]> {
  const text = `insert into account (name, email) values ('Ada', 'ada@example.com'), ('Grace', 'grace@example.com') returning id`;
  return (await rows<{ id: string }>(database, text)).map(({ id }) => id);
}

async function activeSince(database: Database): Promise<ReadonlyMap<string, Date>> {
  const text = `select integration_id as id, active_since as since from schedule`;
  return new Map((await rows<{ id: string; since: Date }>(database, text)).map(({ id, since }) => [id, since]));
}

/** Waits for a moment when nothing is due, notes how far each schedule has counted, and pauses all. */
async function pauseAll(
  fleet: Fleet,
  database: Database,
  tenants: readonly Tenant[],
  since: ReadonlyMap<string, Date>,
): Promise<readonly Counted[]> {
  const text = `select integration_id as "integrationId", next_run_at as next, next_run_at > now() as later from schedule`;
  type Row = { readonly integrationId: string; readonly next: Date; readonly later: boolean };
  let found = await rows<Row>(database, text);
  while (!found.every(({ later }) => later)) {
    await sleep(100);
    found = await rows<Row>(database, text);
  }
  for (const { integrationId } of tenants) await fleet.ask("POST", `/integrations/${integrationId}/pause`);
  return found.map(({ integrationId, next }) => ({ integrationId, next, from: since.get(integrationId) ?? next }));
}

async function noRunUnderWay(database: Database): Promise<void> {
  await none(database, "select count(*)::int as n from run where status in ('queued', 'running')");
}

async function everythingSent(database: Database): Promise<void> {
  await none(database, "select count(*)::int as n from outbox where state in ('waiting', 'sending')");
}

async function none(database: Database, text: string): Promise<void> {
  while ((await one<{ n: number }>(database, text)).n > 0) await sleep(100);
}

/** Ends that only a refusing vendor explains, of tenants whose vendor refused nothing. */
async function endsOfOthers(database: Database, refused: Tenant | undefined): Promise<readonly unknown[]> {
  return await rows(
    database,
    `select id, integration_id, status, error from run
     where status not in ('completed', 'incomplete') and integration_id <> $1`,
    [refused?.integrationId],
  );
}

/** Each e-mail arrived, and again only where a worker was killed between the mail server's yes and its own note of it. */
async function assertMailedOnce(database: Database, mailbox: Mailbox, kills: number): Promise<object> {
  const sent = await rows<{ id: string; attempts: number; state: string }>(
    database,
    "select id, attempts, state from outbox",
  );
  const received = Map.groupBy(mailbox.received, ({ messageId }) => messageId.slice(1, messageId.indexOf("@")));
  assert.deepEqual([...received.keys()].toSorted(), sent.map(({ id }) => id).toSorted());
  for (const { id, attempts, state } of sent) {
    assert.equal(state, "sent");
    assert.ok((received.get(id)?.length ?? 0) <= attempts);
  }
  const again = mailbox.received.length - sent.length;
  assert.ok(again <= 10 * kills);
  return { sent: sent.length, again };
}

/** By the vendor's own log, no 60 seconds had more requests than the limit that its tenants share. */
function assertWithinBudget({ sandbox, requestsPerMinute }: FleetVendor): string {
  const times = sandbox.requests().map(({ at }) => at);
  let most = 0;
  for (let last = 0, first = 0; last < times.length; last += 1) {
    while ((times[last] ?? 0) - (times[first] ?? 0) >= 60_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  assert.ok(most <= requestsPerMinute, `${most} requests in a minute, where ${requestsPerMinute} are allowed`);
  return `${most} of ${requestsPerMinute}`;
}

async function figures(database: Database): Promise<Readonly<Record<string, number>>> {
  return await one(
    database,
    `select count(*)::int as runs, count(due_at)::int as scheduled, (select count(*)::int from run_skip where due_at is not null) as skipped,
       count(*) filter (where status = 'incomplete')::int as incomplete, count(*) filter (where status = 'failed')::int as failed,
       sum(attempt - 1)::int as "takeOvers", max(attempt)::int as "mostAttempts",
       round(extract(epoch from percentile_cont(0.5) within group (order by started_at - due_at)) * 1000)::int as "startDelayMedianMilliseconds",
       round(extract(epoch from max(started_at - due_at)) * 1000)::int as "startDelayMaxMilliseconds",
       (select count(*)::int from message) as messages, (select count(*)::int from change) as changes
     from run`,
  );
}
