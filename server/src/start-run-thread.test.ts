import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { getPriority } from "node:os";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { loadConfig } from "@rollcall/server/config/config.ts";
import { loadSecrets } from "@rollcall/server/config/secrets.ts";
import { createLogger } from "@rollcall/server/http/logger.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { type RunThread, startRunThread } from "./start-run-thread.ts";

test("a run goes on after the thread that worked on it died", async () => {
  await using rollcall = await startTestRollcall({ role: "server", sandbox: { users: 300, population: "plain" } });
  rollcall.sandbox.addFaults([{ call: "members", count: "always", fault: { kind: "slow", delayMs: 1_000 } }]);
  const log: string[] = [];
  await using thread = startThread(rollcall, log);
  const integration = await rollcall.launch();
  const started = await rollcall.api<Run>("POST", `/integrations/${integration.id}/runs`);
  await fetching(rollcall, started.body.id);

  const died = thread.current();
  await died.terminate();
  const run = await rollcall.waitFor(started.body.id);
  assert.equal(run.status, "completed");
  assert.equal(run.counts.created, 300);
  assert.notEqual(thread.current(), died);
  assert.match(log.join(""), /The thread that works on runs died and is started again/);
});

test("the thread of runs computes later than what answers", { skip: process.platform !== "linux" }, async () => {
  await using rollcall = await startTestRollcall({ role: "server" });
  const own = getPriority();
  await using _thread = startThread(rollcall, []);
  const integration = await rollcall.launch();
  await rollcall.run(integration.id);
  assert.equal(getPriority(), own);
  assert.ok((await nicenessOfThreads()).some((nice) => nice > own));
});

function startThread({ environment }: TestRollcall, log: string[]): RunThread {
  const config = { ...loadConfig({ ...environment, LOG_LEVEL: "silent" }), role: "worker" } as const;
  const data = { config, secrets: loadSecrets(environment), ownDatabase: undefined };
  return startRunThread(data, createLogger("error", { write: (line) => void log.push(line) }));
}

async function fetching({ api }: TestRollcall, runId: string): Promise<void> {
  for (;;) {
    const { body } = await api<Run>("GET", `/runs/${runId}`);
    if (body.stage === "fetching") return;
    assert.equal(body.finishedAt, null);
    await sleep(20);
  }
}

/** proc_pid_stat(5): the nice value is the 19th field, and the second, in brackets, may hold spaces. */
async function nicenessOfThreads(): Promise<readonly number[]> {
  const stats = (await readdir("/proc/self/task")).map((id) =>
    // A thread may have ended since.
    readFile(`/proc/self/task/${id}/stat`, "utf8").catch(() => ""),
  );
  return (await Promise.all(stats)).map((stat) => Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]));
}
