import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "@rollcall/server/config/config.ts";
import { createLogger } from "@rollcall/server/http/logger.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { maybeOne, one } from "@rollcall/server/postgres/query.ts";
import { startTestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { type Rollcall, startRollcall } from "./start-rollcall.ts";

test("every start has a new link for the first administrator, until there is one", async () => {
  await using stack = new AsyncDisposableStack();
  const { connectionString } = stack.use(await createTestDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), "rollcall-start-"));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const start = async (role: "all" | "worker"): Promise<Rollcall> =>
    await startRollcall({
      config: loadConfig({ PORT: "0", ROLLCALL_ROLE: role, ROLLCALL_DATA_DIR: dataDir }),
      secrets: { databaseUrl: connectionString, apiToken: null, encryptionKeys: null, smtpUrl: null },
      log: createLogger("silent"),
    });

  await using first = await start("all");
  const firstLink = first.startLink;
  assert.ok(firstLink?.startsWith(`${first.url}/start#`));
  await first[Symbol.asyncDispose]();

  await using worker = await start("worker");
  assert.equal(worker.startLink, null);
  await using second = await start("all");
  assert.equal(await openLink(second, firstLink), 403);
  assert.equal(await openLink(second, second.startLink), 201);
  await second[Symbol.asyncDispose]();

  await using again = await start("all");
  assert.equal(again.startLink, null);
});

test("stopping waits for the answers under way, and not for what their clients might ask next", async () => {
  await using product = await startTestRollcall({ role: "server" });
  const { database } = product;
  const gate = await database.pool.connect();
  await gate.query("begin; lock table person in access exclusive mode");
  const answer = product.api("GET", "/people");
  const waiting = "select 1 from pg_locks where relation = 'person'::regclass and not granted";
  while ((await maybeOne(database, waiting, [])) === undefined) await sleep(20);
  const stopped = product[Symbol.asyncDispose]();
  await sleep(200);
  await gate.query("commit");
  gate.release();
  assert.equal((await answer).status, 200);
  // A client that keeps its connection may do so for 72 seconds.
  assert.equal(await Promise.race([stopped.then(() => "stopped"), sleep(30_000, "waits", { ref: false })]), "stopped");
});

test("in the embedded database, what works for runs steps back behind what answers", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "rollcall-start-"));
  try {
    await using product = await startRollcall({
      config: loadConfig({ PORT: "0", ROLLCALL_DATA_DIR: dataDir }),
      secrets: { databaseUrl: null, apiToken: null, encryptionKeys: null, smtpUrl: null },
      log: createLogger("silent"),
    });
    const ofRuns = await niceness(product.runDatabase);
    const ofAnswers = await niceness(product.database);
    assert.ok(ofRuns.process > ofAnswers.process);
    // Where the system has sessions compete, the priority within one says nothing.
    if (ofRuns.session !== null) assert.ok(ofRuns.session > Number(ofAnswers.session));
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

/** Of the server process behind a connection, within its session and of its session: the higher, the later it computes. */
async function niceness(database: Database): Promise<{ readonly process: number; readonly session: number | null }> {
  const { pid } = await one<{ pid: number }>(database, "select pg_backend_pid() as pid");
  const session = /nice (-?\d+)/.exec(await readFile(`/proc/${pid}/autogroup`, "utf8").catch(() => ""))?.[1];
  return { process: getPriority(pid), session: session === undefined ? null : Number(session) };
}

async function openLink(server: Rollcall, link: string | null): Promise<number> {
  const response = await fetch(`${server.url}/api/v1/start`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      token: link?.split("#")[1],
      email: "ada@example.com",
      name: "Ada",
      password: "correct horse battery",
    }),
  });
  return response.status;
}
