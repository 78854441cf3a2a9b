import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Schedule } from "@rollcall/core/contract/integrations.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { maybeOne, one, rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { claimRun, finishRun } from "../features/runs/run-store.ts";
import { aScheduledIntegration } from "../features/schedules/schedule-fixtures.ts";
import { startEngine } from "../queue/engine.ts";
import { runQueueOn } from "../queue/run-queue.ts";
import { startScheduleTick } from "./schedule-tick.ts";
import { startWatcher } from "./watcher.ts";
import { startWorker } from "./worker.ts";

const silent = { warn: () => undefined, error: () => undefined };
const yearly: Schedule = { kind: "cron", expression: "0 0 1 1 *", timeZone: "UTC" };
const load = Number(process.env.ROLLCALL_LOAD ?? 100);

/** Integrations that are due so many milliseconds from now, by the real clock. */
async function dueTogether(database: Database, count: number, milliseconds: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await aScheduledIntegration(database, yearly, new Date());
  await database.query("update schedule set next_run_at = now() + $1 * interval '1 millisecond'", [milliseconds]);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

// Ticks by the real clock, moved by the milliseconds that it reads, until its input ends.
const tickProcess = `
  import { openDatabase } from "${new URL("../postgres/database.ts", import.meta.url)}";
  import { startEngine } from "${new URL("../queue/engine.ts", import.meta.url)}";
  import { runQueueOn } from "${new URL("../queue/run-queue.ts", import.meta.url)}";
  import { startScheduleTick } from "${new URL("./schedule-tick.ts", import.meta.url)}";
  const connectionString = process.env.TEST_URL;
  const log = { warn() {}, error(...facts) { console.error(...facts); } };
  const database = openDatabase({ connectionString });
  const engine = await startEngine({ connectionString, log });
  let moved = 0;
  const now = () => new Date(Date.now() + moved);
  const tick = startScheduleTick({ database, queue: runQueueOn(engine), log, now, everyMilliseconds: 50 });
  console.log("ready");
  process.stdin.on("data", (text) => { moved = Number(text); });
  process.stdin.on("end", async () => { await tick.stop(); await engine.stop(); await database.close(); });
`;

describe("with real clocks and processes", () => {
  test("C14 C15 three processes, one of them killed while they fire, start each due run once by the real clock", async () => {
    await using db = await createTestDatabase();
    const processes = [
      startTicking(db.connectionString),
      startTicking(db.connectionString),
      startTicking(db.connectionString),
    ];
    try {
      await Promise.all(processes.map(async ({ ready }) => await ready));
      await dueTogether(db.database, load, 1_500);
      const fired = async (): Promise<number> =>
        (await one<{ fired: number }>(db.database, "select count(*)::int as fired from run where due_at is not null"))
          .fired;
      await until(async () => (await fired()) >= load / 10);
      processes[0]?.child.kill("SIGKILL");
      await until(async () => (await fired()) >= load);
      await sleep(500);
      const { runs, integrations, skips, tasks } = await one<Record<string, number>>(
        db.database,
        `select count(*)::int as runs, count(distinct integration_id)::int as integrations,
           (select count(*)::int from run_skip) as skips, (select count(*)::int from pgboss.job where name = 'run.start') as tasks
         from run`,
      );
      assert.deepEqual({ runs, integrations, skips, tasks }, { runs: load, integrations: load, skips: 0, tasks: load });
    } finally {
      await Promise.all(processes.map(async ({ stop }) => await stop()));
    }
  });

  test("C15 while the clock of one of two processes jumps a day ahead and back, each due time fires once", async () => {
    await using db = await createTestDatabase();
    const { database } = db;
    // Not due in the next hours, whenever the test runs.
    const hour = new Date().getUTCHours();
    const twiceADay: Schedule = {
      kind: "cron",
      expression: `0 ${(hour + 6) % 12},${((hour + 6) % 12) + 12} * * *`,
      timeZone: "UTC",
    };
    for (let index = 0; index < 20; index += 1) await aScheduledIntegration(database, twiceADay, new Date());
    const processes = [startTicking(db.connectionString), startTicking(db.connectionString)];
    const turns = async (): Promise<number> =>
      (await maybeOne<{ count: number }>(database, "select count::int from beat"))?.count ?? 0;
    const aFewTurns = async (): Promise<void> => {
      const before = await turns();
      await until(async () => (await turns()) >= before + 20);
    };
    try {
      await Promise.all(processes.map(async ({ ready }) => await ready));
      await aFewTurns();
      assert.equal((await one<{ runs: number }>(database, "select count(*)::int as runs from run")).runs, 0);
      const [{ due } = { due: null }] = await rows<{ due: Date }>(database, "select next_run_at as due from schedule");
      processes[0]?.child.stdin?.write(String(24 * 3_600_000));
      await until(async () => (await one<{ n: number }>(database, "select count(*)::int as n from run")).n === 20);
      await aFewTurns();
      processes[0]?.child.stdin?.write("0");
      await aFewTurns();
      // Runs that nobody ends are in the way of those after them, which are recorded as skipped.
      const fired = await one(
        database,
        `select count(*)::int as times, count(distinct (integration_id, due_at))::int as distinct,
           count(*) filter (where due_at = $1)::int as due
         from (select integration_id, due_at from run union all select integration_id, due_at from run_skip) fired`,
        [due],
      );
      assert.deepEqual([fired.times, fired.due], [fired.distinct, 20]);
      const { astray } = await one(
        database,
        `select count(*)::int as astray from schedule s where next_run_at <> interval '12 hours' + (
           select max(due_at) from (select integration_id, due_at from run union all select integration_id, due_at from run_skip) fired
           where integration_id = s.integration_id)`,
      );
      assert.equal(astray, 0);
    } finally {
      await Promise.all(processes.map(async ({ stop }) => await stop()));
    }
  });

  test("all that are due at once are done by two workers while one of them is at a huge integration", async (t) => {
    await using db = await createTestDatabase({ max: 20 });
    const { database, connectionString } = db;
    const options = { connectionString, log: silent };
    await using engines = new AsyncDisposableStack();
    const [first, second] = [engines.use(await startEngine(options)), engines.use(await startEngine(options))];
    const othersDone = Promise.withResolvers<void>();
    let huge: string | undefined;
    const runSync = async (runId: string): Promise<void> => {
      const lease = crypto.randomUUID();
      await inTransaction(database, (transaction) => claimRun(transaction, runId, lease));
      huge ??= runId;
      if (runId === huge) await othersDone.promise;
      await inTransaction(database, (transaction) => finishRun(transaction, runId, lease, { status: "completed" }));
    };
    for (const engine of [first, second]) await startWorker({ database, engine, log: silent, runSync });
    const queue = runQueueOn(first);
    await dueTogether(database, load, 500);
    {
      const parts = { database, queue, log: silent, now: () => new Date() };
      await using _tick = startScheduleTick({ ...parts, everyMilliseconds: 100 });
      await using _watcher = startWatcher({ ...parts, everyMilliseconds: 500 });
      const done = async (): Promise<number> =>
        (await one<{ done: number }>(database, "select count(*)::int as done from run where status = 'completed'"))
          .done;
      await until(async () => (await done()) === load - 1);
      othersDone.resolve();
      await until(async () => (await done()) === load);
    }
    const report = await one<Record<string, number>>(
      database,
      `select count(*)::int as runs, count(distinct integration_id)::int as integrations, max(attempt) filter (where id <> $1::uuid)::int as attempts,
         round(extract(epoch from percentile_cont(0.5) within group (order by queued_at - due_at))::numeric, 2)::float as "fireMedian",
         round(extract(epoch from max(queued_at - due_at))::numeric, 2)::float as "fireMax",
         round(extract(epoch from percentile_cont(0.5) within group (order by started_at - due_at))::numeric, 2)::float as "startMedian",
         round(extract(epoch from max(started_at - due_at))::numeric, 2)::float as "startMax",
         (select count(*)::int from message) as messages
       from run`,
      [huge],
    );
    t.diagnostic(`seconds after the due time: ${JSON.stringify(report)}`);
    assert.deepEqual([report.runs, report.integrations, report.attempts, report.messages], [load, load, 1, 0]);
  });
});

type Ticking = { readonly child: ChildProcess; readonly ready: Promise<void>; readonly stop: () => Promise<void> };

function startTicking(url: string): Ticking {
  const env: NodeJS.ProcessEnv = { ...process.env, TEST_URL: url };
  delete env.NODE_TEST_CONTEXT;
  const child = spawn(process.execPath, ["--input-type=module", "-e", tickProcess], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  child.stdin.on("error", () => undefined);
  const ready = once(createInterface({ input: child.stdout }), "line").then(() => undefined);
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  return { child, ready, stop };
}
