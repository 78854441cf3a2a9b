import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { verifyHistory } from "@rollcall/server/features/audit/verify-history-queries.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aVendor, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";
import { integrationSnapshot } from "../chaos/integration-snapshot.ts";
import { startProduct } from "../chaos/product-process.ts";
import { local, startRunner, type TestRunner } from "./start-runner.ts";

export type KillPlan = {
  readonly userCount: number;
  readonly perPage: number;
  readonly kills: number;
  /** Of the pauses between kills. */
  readonly random: () => number;
  /** Has the server find a killed runner silent at once, in place of after its twenty seconds. */
  readonly hurry: boolean;
};

export type KillReport = {
  readonly runners: number;
  readonly servers: number;
  readonly pages: number;
  readonly cleanPages: number;
};

/**
 * An integration is read by a runner undisturbed; then one over an alike vendor is, while runner and server are killed at random. Both
 * must end alike, in two runs: the first, and one with changes.
 */
export async function killSides(plan: KillPlan): Promise<KillReport> {
  await using rollcall = await startTestRollcall({ role: "server" });
  const port = await freePort();
  const environment = { ...rollcall.environment, ROLLCALL_ROLE: "all", PORT: String(port) };
  await using clean = await aLife(rollcall, "clean.example", plan);
  await using killed = await aLife(rollcall, "killed.example", plan);
  let server = await startProduct(environment);
  const report = { runners: 0, servers: 0, pages: 0, cleanPages: 0 };
  try {
    for (const changes of [unchanged, changed]) {
      for (const life of [clean, killed]) changes(life.vendor);
      const undisturbed = await begin(rollcall, clean);
      await using honest = await startRunner(rollcall, runnerOf(clean, port));
      const reports = await honest.readAll();
      assert.equal(reports[0]?.outcome, "read", reports[0]?.detail ?? "");
      await rollcall.waitFor(undisturbed);

      for (const { vendor } of [killed]) vendor.sandbox.addFaults([slow]);
      const run = await begin(rollcall, killed);
      await using runner = await startRunner(rollcall, runnerOf(killed, port));
      let child = startProgram(runner);
      for (let kills = 0; kills < plan.kills; kills += 1) {
        await sleep(200 + plan.random() * 1_300);
        if ((await rollcall.api<Run>("GET", `/runs/${run}`)).body.finishedAt !== null) break;
        if (kills % 2 === 0) {
          report.runners += 1;
          await killProcess(child);
          if (plan.hurry)
            await rollcall.database.query("update run set heartbeat_at = null where id = $1 and stage = 'fetching'", [
              run,
            ]);
          child = startProgram(runner);
        } else {
          report.servers += 1;
          await server.kill();
          server = await startProduct(environment);
        }
      }
      await rollcall.waitFor(run);
      await stopProgram(child);
      killed.vendor.sandbox.clearFaults();
      const snapshot = ({ vendor, domain }: Life) =>
        integrationSnapshot(rollcall.database, vendor.integration.id, domain);
      assert.deepEqual(await snapshot(killed), await snapshot(clean));
    }
    report.pages = killed.vendor.sandbox.counters().requests;
    report.cleanPages = clean.vendor.sandbox.counters().requests;
    assert.deepEqual(await verifyHistory(rollcall.database), { runs: [], edits: [] });
    return report;
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

type Life = AsyncDisposable & { readonly domain: string; readonly vendor: VendorWorld };

const slow = { call: "*", count: "always", fault: { kind: "slow", delayMs: 60 } } as const;

const unchanged = (): void => undefined;

function changed({ sandbox }: VendorWorld): void {
  sandbox.removeUsers({ ids: [3, 4, 5] });
  sandbox.changeUser(7, { set: { name: "Renamed" } });
  sandbox.setMembership(11, 9, "admin");
}

async function aLife(rollcall: TestRollcall, domain: string, { userCount, perPage }: KillPlan): Promise<Life> {
  const { id } = await one<{ id: string }>(
    rollcall.database,
    "insert into account (name, email) values ('Contact', $1) returning id",
    [`contact@${domain}`],
  );
  const inputs = { requestsPerMinute: 100_000, perPage };
  const settings = { ...local, name: `Users of ${domain}`, contacts: [id], inputs };
  const vendor = await aVendor(rollcall, { users: users(domain, userCount), settings });
  return { domain, vendor, [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose]() };
}

function runnerOf({ vendor }: Life, port: number) {
  return { url: `http://127.0.0.1:${port}`, integrationIds: [vendor.integration.id] };
}

async function begin(rollcall: TestRollcall, { vendor }: Life): Promise<string> {
  return (await must(rollcall.api<Run>("POST", `/integrations/${vendor.integration.id}/runs`))).id;
}

const program = fileURLToPath(new URL("../../cli/src/rollcall.js", import.meta.url));

/** `rollcall runner start` as a process of its own. */
function startProgram({ environment }: TestRunner): Program {
  const env = { PATH: process.env.PATH, ...environment };
  const child = spawn(process.execPath, [program, "runner", "start"], { env, stdio: ["ignore", "ignore", "pipe"] });
  const listening = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      console.error(line);
      if (line.includes("Waiting for runs")) resolve();
    });
  });
  return { child, listening };
}

type Program = {
  readonly child: ChildProcess;
  /** When it says that it waits for runs; it listens to signals before. */
  readonly listening: Promise<void>;
};

async function killProcess({ child }: Program): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function stopProgram({ child, listening }: Program): Promise<void> {
  const gone = once(child, "exit");
  await Promise.race([listening, gone]);
  assert.equal(child.exitCode, null, "the runner has ended by itself");
  child.kill("SIGTERM");
  const [code] = await gone;
  assert.equal(code, 0);
}

/** Below those that outgoing connections get, one of which could have it while the server is dead. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
