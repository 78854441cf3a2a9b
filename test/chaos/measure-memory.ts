import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { startIroncladSandbox } from "@rollcall/sandbox/start-ironclad-sandbox.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { openProduct } from "./running-product.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Whether a process's resident memory can be read here: only Linux tells. */
export const knowsMemory = process.platform === "linux";

export type MemoryMeasurement = { readonly run: Run; readonly growthMegabytes: number; readonly seconds: number };

/**
 * How much more memory than before its first run the product's process has in use at most, in a first run over so many users and then in
 * one that finds nothing changed.
 */
export async function measureMemory(userCount: number): Promise<readonly MemoryMeasurement[]> {
  await using folder = await temporaryFolder();
  await using testDatabase = await createTestDatabase();
  await using sandbox = await startIroncladSandbox({ users: userCount, population: "plain", rateLimits: false });
  await using product = await openProduct({
    environment: { ROLLCALL_DATA_DIR: folder.path, DATABASE_URL: testDatabase.connectionString },
    connectionString: async () => testDatabase.connectionString,
  });
  const { id } = await product.launch({ inputs: { baseUrl: sandbox.url, requestsPerMinute: 100_000 } });
  const before = await residentMegabytes(product.process.pid);
  const measured: MemoryMeasurement[] = [];
  for (const counter of ["created", "unchanged"] as const) {
    const ended = new AbortController();
    const most = watch(product.process.pid, ended.signal);
    const run = await product.run(id);
    ended.abort();
    assert.equal(run.counts[counter], userCount, JSON.stringify(run.error));
    const seconds = (Date.parse(run.finishedAt ?? "") - Date.parse(run.startedAt ?? "")) / 1000;
    measured.push({ run, growthMegabytes: (await most) - before, seconds });
  }
  return measured;
}

async function watch(pid: number, ended: AbortSignal): Promise<number> {
  let most = 0;
  while (!ended.aborted) {
    most = Math.max(most, await residentMegabytes(pid));
    await sleep(50);
  }
  return most;
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / 1e6;
}
