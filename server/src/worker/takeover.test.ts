import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { one } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { anIntegration } from "../features/runs/run-fixtures.ts";
import { startRun } from "../features/runs/start-run.ts";
import { startEngine } from "../queue/engine.ts";
import { runQueueOn } from "../queue/run-queue.ts";

const silent = { warn: () => undefined, error: () => undefined };

// The first attempt saves a checkpoint and then hangs; the second goes on from what it finds and finishes.
const workerProcess = `
  import { openDatabase } from "${new URL("../postgres/database.ts", import.meta.url)}";
  import { inTransaction } from "${new URL("../postgres/transaction.ts", import.meta.url)}";
  import { startEngine } from "${new URL("../queue/engine.ts", import.meta.url)}";
  import { claimRun, finishRun, saveCheckpoint } from "${new URL("../features/runs/run-store.ts", import.meta.url)}";
  import { startWorker } from "${new URL("./worker.ts", import.meta.url)}";
  const connectionString = process.env.TEST_URL;
  const log = { warn() {}, error(...facts) { console.error(...facts); } };
  const database = openDatabase({ connectionString });
  const engine = await startEngine({ connectionString, log });
  const runSync = async (runId) => {
    const lease = crypto.randomUUID();
    const { run } = await inTransaction(database, (transaction) => claimRun(transaction, runId, lease));
    console.log("claimed");
    if (run.checkpoint === null) {
      await inTransaction(database, (transaction) =>
        saveCheckpoint(transaction, runId, lease, { stage: "fetching", checkpoint: { page: 3 } }));
      console.log("saved");
      await new Promise(() => {});
    }
    await inTransaction(database, (transaction) =>
      finishRun(transaction, runId, lease, { status: "completed", counts: { fetched: run.checkpoint.page } }));
    console.log("finished");
  };
  await startWorker({ database, engine, log, runSync });
  console.log("ready");
  process.stdin.resume();
  process.stdin.on("end", async () => { await engine.stop(); await database.close(); });
`;

test("C12 a killed worker's run goes on from its checkpoint in another process within 60 seconds", async () => {
  await using db = await createTestDatabase();
  await using first = startProcess(db.connectionString);
  await first.says("ready");
  const runId = await (async () => {
    await using engine = await startEngine({ connectionString: db.connectionString, log: silent });
    const integrationId = await anIntegration(db.database);
    return await inTransaction(db.database, async (transaction) => {
      const request = { integrationId, trigger: "manual", requestedBy: null } as const;
      const outcome = await startRun(transaction, { queue: runQueueOn(engine) }, request);
      assert.ok(outcome.kind === "started");
      return outcome.run.id;
    });
  })();
  await first.says("saved");
  await using second = startProcess(db.connectionString);
  await second.says("ready");
  first.child.kill("SIGKILL");
  const killedAt = performance.now();
  await second.says("finished");
  assert.ok(performance.now() - killedAt < 60_000);
  const row = await one(db.database, "select status, attempt, counts, lease from run where id = $1", [runId]);
  assert.deepEqual(row, { status: "completed", attempt: 2, counts: { fetched: 3 }, lease: null });
});

type TestProcess = AsyncDisposable & { readonly child: ChildProcess; readonly says: (word: string) => Promise<void> };

function startProcess(url: string): TestProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, TEST_URL: url };
  delete env.NODE_TEST_CONTEXT;
  const child = spawn(process.execPath, ["--input-type=module", "-e", workerProcess], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const words = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const says = async (word: string): Promise<void> => {
    for (;;) {
      const { value, done } = await words.next();
      assert.equal(done ?? false, false, `the process ended before it said ${word}`);
      if (value === word) return;
    }
  };
  const stop = async (): Promise<void> => {
    child.stdin.on("error", () => undefined);
    child.stdin.end();
    await ended;
  };
  return { child, says, [Symbol.asyncDispose]: stop };
}
