import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { startIroncladSandbox } from "@rollcall/sandbox/start-ironclad-sandbox.ts";

/**
 * The product with its embedded database and the vendor's sandbox, set up through the public API as an administrator would, up to the
 * first run. `--once` stops then; `--json` prints one JSON object as the last line of stdout.
 */

const { values: options } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    users: { type: "string", default: "250" },
  },
});
const dataDir = resolve(".rollcall-demo");
const token = randomBytes(32).toString("hex");

await using sandbox = await startIroncladSandbox({ users: Number(options.users), population: "plain" });
await rm(dataDir, { recursive: true, force: true });
say(`Sandbox of Ironclad Clickwrap with ${sandbox.userCount()} users at ${sandbox.url}`);

await using product = await startProduct();
say(`Rollcall with its own PostgreSQL at ${product.url}`);

const { clientId, clientSecret } = sandbox;
const credential = await api<{ id: string }>("POST", "/credentials", {
  name: "Ironclad Clickwrap (sandbox)",
  kind: "ironclad-clickwrap",
  values: { clientId, clientSecret },
});
say("Credential saved; its secret is encrypted and never shown again");

const integration = await api<Integration>("POST", "/integrations", {
  name: "Clickwrap",
  connector: "ironclad-clickwrap",
  credentialId: credential.id,
  mode: "user-plus-saas",
  deactivate: true,
  inputs: { baseUrl: sandbox.url },
});
await api("POST", `/integrations/${integration.id}/launch`);
say("Integration launched: connection tested, default mapping, every day at 02:00 UTC");

const run = await finished(await api<Run>("POST", `/integrations/${integration.id}/runs`));
const people = await api<ListOf<unknown>>("GET", "/people?limit=1");
const saasUsers = await api<ListOf<unknown>>("GET", `/saas/${integration.softwareId}/users?limit=1`);
const { fetched, created } = run.counts;
say(`First run ${run.status}: ${fetched} users read, ${created} people created`);

say(`\n  ${people.total} people and ${saasUsers.total} users of Ironclad Clickwrap are in the inventory.`);
say(`  Open       ${product.startLink ?? product.url}`);
say(`  API        curl -H "Authorization: Bearer ${token}" ${product.url}/api/v1/people`);
say(`  Terminal   ROLLCALL_URL=${product.url} ROLLCALL_TOKEN=${token} npx rollcall people list`);
if (options.json)
  console.log(JSON.stringify({ url: product.url, run, people: people.total, saasUsers: saasUsers.total }));
if (run.status !== "completed") process.exitCode = 1;

if (!options.once) {
  say("\n  Ctrl+C stops everything. The data of the demo is in .rollcall-demo and is made anew each time.");
  await new Promise<void>((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
    void product.gone.then(done);
  });
}

type Ready = {
  readonly url: string;
  /** Works once: makes the administrator in the browser. */
  readonly startLink: string | null;
};
type Product = AsyncDisposable & Ready & { readonly gone: Promise<void> };

/** The product as a process of its own, as `npm start` runs it. */
async function startProduct(): Promise<Product> {
  const child = fork(fileURLToPath(new URL("../../server/start.js", import.meta.url)), {
    env: {
      ...process.env,
      LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
      DATABASE_URL: "",
      ROLLCALL_ROLE: "all",
      ROLLCALL_DATA_DIR: dataDir,
      ROLLCALL_API_TOKEN: token,
      ROLLCALL_EGRESS_ALLOW: "127.0.0.1",
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const gone = new Promise<void>((done) => child.once("exit", () => done()));
  const { url, startLink } = await Promise.race([
    new Promise<Ready>((ready) => child.once("message", (message) => ready(message as Ready))),
    gone.then(() => {
      throw new Error("Rollcall stopped before it was ready; the lines above say why.");
    }),
  ]);
  return {
    url,
    startLink,
    gone,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function finished(started: Run): Promise<Run> {
  for (;;) {
    const seen = await api<Run>("GET", `/runs/${started.id}`);
    if (seen.status !== "queued" && seen.status !== "running") return seen;
    if (process.stderr.isTTY) process.stderr.write(`\r  ${seen.stage}: ${seen.progress.records} users   `);
    await sleep(200);
  }
}

async function api<Body = unknown>(method: string, path: string, body?: unknown): Promise<Body> {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer as Body;
}

/** Progress belongs to people, so it goes where JSON on stdout stays clean. */
function say(line: string): void {
  if (options.json) console.error(line);
  else console.log(line);
}
