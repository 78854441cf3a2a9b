import { type ConstructorOptions, PgBoss, type Db as SqlExecutor } from "pg-boss";
import type { DatabaseAddress, Transaction } from "../postgres/database.ts";
import { type EngineLog, runTask, type TaskHandler } from "./run-task.ts";
import { type TaskName, type TaskPayload, taskTypes } from "./task-types.ts";

/** The durable engine: tasks are rows of the same PostgreSQL, so that enqueueing shares the transaction of its cause. */
export type Engine = AsyncDisposable & {
  /**
   * Adds a task under `id`; a second one with the same id, waiting or done lately, is the same task. Of those that wait, the one
   * with the higher priority (0 when absent) comes first, then the older one.
   */
  readonly enqueue: <Name extends TaskName>(
    transaction: Transaction,
    name: Name,
    id: string,
    payload: TaskPayload<Name>,
    options?: { readonly priority?: number },
  ) => Promise<void>;
  /** Removes a task that nobody works on any more; one that is under way loses its claim and its signal fires. */
  readonly remove: (transaction: Transaction, name: TaskName, id: string) => Promise<void>;
  /**
   * Works on tasks of this name, up to `concurrency` at once. A task whose handler throws, or whose process dies, goes to
   * any worker again, so a handler is idempotent and returns only when nothing is left to do.
   */
  readonly work: <Name extends TaskName>(
    name: Name,
    handler: TaskHandler<Name>,
    options?: { readonly concurrency?: number },
  ) => Promise<void>;
  /** Fires the signals of the tasks under way, waits for their handlers and puts back what is not done; at most 20 s. */
  readonly stop: () => Promise<void>;
};

export type EngineOptions = DatabaseAddress & { readonly log: EngineLog };

/**
 * Starts the engine in its own schema, which it makes and migrates itself. Every process that enqueues or works has one;
 * each of them looks after the tasks of dead workers.
 *
 * @throws the driver's error when the database cannot be reached or the schema cannot be made
 */
export async function startEngine({ log, ...address }: EngineOptions): Promise<Engine> {
  // The engine hands the address to the same driver, whose types also take undefined.
  const boss = new PgBoss({ ...address, ...engineSettings } as ConstructorOptions);
  boss.on("error", (error) => log.error({ err: error }, "The job engine reports an error."));
  boss.on("warning", (warning) => log.warn({ warning: warning.data }, `The job engine warns: ${warning.message}`));
  await boss.start();
  for (const name of Object.keys(taskTypes)) {
    await boss.createQueue(name, queueSettings);
    await boss.updateQueue(name, queueSettings);
  }

  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping.abort();
    stopped ??= boss.stop({ graceful: true, timeout: graceMilliseconds });
    return stopped;
  };
  return {
    enqueue: async (transaction, name, id, payload, { priority = 0 } = {}) => {
      await boss.send(name, taskTypes[name].parse(payload), { id, priority, db: executorOf(transaction) });
    },
    remove: async (transaction, name, id) => {
      await boss.deleteJob(name, id, { db: executorOf(transaction) });
    },
    work: async (name, handler, options = {}) => {
      const settings = { ...workSettings, localConcurrency: options.concurrency ?? workSettings.localConcurrency };
      await boss.work<object>(name, settings, async (jobs) => {
        for (const job of jobs) {
          await runTask(name, handler, job, stopping.signal, log);
        }
      });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

// The engine lets the handlers finish for this long; saving the results and closing the connections comes on top.
const graceMilliseconds = 15_000;

const engineSettings = {
  schema: "pgboss",
  application_name: "rollcall-queue",
  max: 3,
  // A server that has gone without a word would be waited for without an end.
  keepAlive: true,
  keepAliveInitialDelayMillis: 60_000,
  schedule: false,
  useListenNotify: true,
  registerInstance: false,
  // A dead worker is noticed after its heartbeat (10 s) at the next look; with the defaults of 60 s each it took minutes.
  superviseIntervalSeconds: 5,
  monitorIntervalSeconds: 5,
} as const;

const queueSettings = {
  notify: true,
  heartbeatSeconds: 10,
  // The longest the engine allows. A run is given up after 24 hours by its watcher, not by the engine.
  expireInSeconds: 24 * 60 * 60,
  // A task comes back for as long as its work is not done; the work itself counts its attempts and gives up with a reason.
  retryLimit: 1_000_000,
  retryDelay: 1,
  retentionSeconds: 365 * 24 * 60 * 60,
  deleteAfterSeconds: 24 * 60 * 60,
};

const workSettings = {
  batchSize: 1,
  localConcurrency: 4,
  pollingIntervalSeconds: 0.5,
  // With one job per fetch a slot takes one job per interval even while NOTIFY works; the default is 30 s.
  notifyPollingIntervalSeconds: 0.5,
} as const;

function executorOf(transaction: Transaction): SqlExecutor {
  return { executeSql: async (text, values) => await transaction.query(text, values) };
}
