import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startOomnitzaSandbox } from "@rollcall/sandbox/start-oomnitza-sandbox.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { parseEgressAllow } from "@rollcall/vendor-http/egress-policy.ts";
import { credentialBinding } from "../features/credentials/bindings.ts";
import { queueEverything } from "../features/destinations/destination-store.ts";
import { anIntegration } from "../features/runs/run-fixtures.ts";
import { openVault, type Vault } from "../vault/vault.ts";
import { pushDueDestination } from "./push-destination.ts";

const key = Buffer.alloc(32, 7);

// A worker that pushes until it is killed.
const workerProcess = `
  import { openDatabase } from "${new URL("../postgres/database.ts", import.meta.url)}";
  import { openVault } from "${new URL("../vault/vault.ts", import.meta.url)}";
  import { pushDueDestination } from "${new URL("./push-destination.ts", import.meta.url)}";
  import { parseEgressAllow } from "@rollcall/vendor-http/egress-policy.ts";
  const database = openDatabase({ connectionString: process.env.TEST_URL });
  const vault = openVault({ keys: [{ id: "test", bytes: Buffer.alloc(32, 7) }] });
  const parts = { database, vault, egress: parseEgressAllow("127.0.0.1"), now: () => new Date(), retry: { baseMs: 1 } };
  for (;;) await pushDueDestination(parts, AbortSignal.timeout(60_000));
`;

for (const { mode, people, modes, kills } of [
  {
    mode: "requests",
    people: 60,
    modes: {},
    kills: [
      ["create-user", 7],
      ["create-user", 25],
      ["create-saas", 1],
      ["assign-users", 1],
      ["external-id", 30],
    ],
  },
  {
    mode: "bulk",
    people: 250,
    // Whoever an upload leaves out is deactivated, so that one which is finalised with half a list shows.
    modes: { bulkAbsent: "deactivated", bulkStart: "finalized" },
    kills: [
      ["bulk", 2],
      ["bulk", 4],
      ["run-log", 1],
      ["create-saas", 1],
      ["assign-users", 1],
    ],
  },
] as const) {
  test(`mode ${mode}: a worker killed between a request and its mark leaves neither a double nor a gap`, async () => {
    await using db = await createTestDatabase();
    await using oomnitza = await startOomnitzaSandbox({ modes: { duplicates: "allowed", ...modes } });
    // Answers take a while, so that a kill meets requests that are done and not yet known to be.
    oomnitza.addFaults([{ call: "*", count: "always", fault: { kind: "slow", delayMs: 4 } }]);
    const vault = openVault({ keys: [{ id: "test", bytes: key }] });
    await prepare(db.database, vault, { url: oomnitza.url, token: oomnitza.token, mode, people });

    for (const [call, count] of kills) {
      await using worker = startWorker(db.connectionString);
      while ((oomnitza.counters().byCall[call] ?? 0) < count && worker.child.exitCode === null) await sleep(2);
      worker.child.kill("SIGKILL");
      await once(worker.child, "exit");
      // As if the two minutes of the dead worker's lease were over.
      await db.database.query("update destination set leased_until = now() where lease is not null");
    }
    const parts = { database: db.database, vault, egress: parseEgressAllow("127.0.0.1"), now: () => new Date() };
    while (await pushDueDestination(parts, AbortSignal.timeout(60_000)));

    const usernames = oomnitza.people().map(({ username }) => String(username));
    assert.equal(usernames.length, people);
    assert.equal(new Set(usernames).size, people);
    assert.ok(oomnitza.people().every(({ suspended }) => suspended === false));
    assert.equal(oomnitza.applications().length, 1);
    const users = [...(oomnitza.applications()[0]?.users.values() ?? [])];
    assert.equal(new Set(users.map(({ externalId }) => externalId)).size, people);
    assert.ok(users.every(({ active, roles }) => active && roles.join() === "Member"));
    const { done, others } = await one<{ done: number; others: number }>(
      db.database,
      `select count(*) filter (where state = 'done')::int as done, count(*) filter (where state <> 'done')::int as others
       from destination_delivery`,
    );
    assert.deepEqual({ done, others }, { done: people, others: 0 });
  });
}

test("two workers at once push each record once, and a stopped one gives the destination back", async () => {
  await using db = await createTestDatabase({ max: 10 });
  await using oomnitza = await startOomnitzaSandbox({ modes: { duplicates: "allowed" } });
  const vault = openVault({ keys: [{ id: "test", bytes: key }] });
  const people = 60;
  await prepare(db.database, vault, { url: oomnitza.url, token: oomnitza.token, mode: "requests", people });
  const parts = { database: db.database, vault, egress: parseEgressAllow("127.0.0.1"), now: () => new Date() };

  oomnitza.addFaults([{ call: "users", fault: { kind: "hang" } }]);
  const stop = new AbortController();
  const stopped = pushDueDestination(parts, stop.signal);
  while ((oomnitza.counters().byCall.users ?? 0) === 0) await sleep(2);
  assert.equal(await pushDueDestination(parts, stop.signal), false, "it is leased");
  stop.abort(new Error("The process stops."));
  assert.equal(await stopped, true);

  const both = [1, 2].map(async () => await pushDueDestination(parts, AbortSignal.timeout(60_000)));
  assert.deepEqual((await Promise.all(both)).sort(), [false, true]);
  assert.equal(oomnitza.people().length, people);
  assert.equal(oomnitza.counters().byCall["create-user"], people);
});

type Instance = {
  readonly url: string;
  readonly token: string;
  readonly mode: "requests" | "bulk";
  readonly people: number;
};

async function prepare(database: Database, vault: Vault, { url, token, mode, people }: Instance): Promise<void> {
  const integrationId = await anIntegration(database);
  const { id: credentialId } = await one<{ id: string }>(database, "select uuid7() as id");
  const sealed = {
    name: await vault.seal(credentialBinding(credentialId, "name"), "Authorization2"),
    key: await vault.seal(credentialBinding(credentialId, "key"), token),
  };
  await database.query("insert into credential (id, name, kind, sealed) values ($1, 'Oomnitza', 'api-key', $2)", [
    credentialId,
    JSON.stringify(sealed),
  ]);
  await database.query(
    `insert into person (username, email, first_name, role) select u, u, 'N' || n, 'User'
     from (select n, 'user' || n || '@example.com' as u from generate_series(1, $1) n) x`,
    [people],
  );
  await database.query(
    `with s as (insert into software (name) values ('Clickwrap') returning id)
     insert into saas_user (software_id, person_id, external_id, role) select s.id, p.id, 'key ' || p.id, 'Member' from person p, s`,
  );
  await database.query(
    "insert into link (integration_id, vendor_key, person_id, saas_user_id) select $1, u.external_id, u.person_id, u.id from saas_user u",
    [integrationId],
  );
  const fields = ["username", "email"].map((field) => ({ field, externalId: field, when: "always" }));
  const { id } = await one<{ id: string }>(
    database,
    `insert into destination (name, url, credential_id, fields, constants, mode, bulk_connector)
     values ('Oomnitza', $1, $2, $3, '{"role": 1}', $4, '9') returning id`,
    [url, credentialId, JSON.stringify(fields), mode],
  );
  await database.query(
    "insert into destination_integration (destination_id, integration_id, saas_name) values ($1, $2, 'Clickwrap')",
    [id, integrationId],
  );
  const queued = await inTransaction(database, (transaction) => queueEverything(transaction, id));
  assert.equal(queued, people);
}

type Worker = AsyncDisposable & { readonly child: ChildProcess };

function startWorker(url: string): Worker {
  const env: NodeJS.ProcessEnv = { ...process.env, TEST_URL: url };
  delete env.NODE_TEST_CONTEXT;
  const child = spawn(process.execPath, ["--input-type=module", "-e", workerProcess], {
    env,
    cwd: new URL(".", import.meta.url),
    stdio: ["ignore", "inherit", "inherit"],
  });
  return {
    child,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
