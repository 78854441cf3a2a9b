import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Logger } from "pino";
import type { Config } from "./config/config.ts";
import type { Secrets } from "./config/secrets.ts";

/** What the thread is told (run-thread.ts). */
export type RunThreadData = {
  readonly config: Config;
  readonly secrets: Secrets;
  /** The connection string of the embedded database, which this thread has started; undefined for an external one. */
  readonly ownDatabase: string | undefined;
};

export type RunThread = AsyncDisposable & {
  /** The thread of now; it is another after one has died. */
  readonly current: () => Worker;
};

const restartPauseMilliseconds = 5_000;

/**
 * Works on runs in a thread of their own, so that no answer waits until a page of users is read. A thread that dies is started again,
 * and its runs are taken over as those of any dead worker.
 */
export function startRunThread(data: RunThreadData, log: Logger): RunThread {
  const start = () => new Worker(new URL("./run-thread.ts", import.meta.url), { workerData: data });
  let thread = start();
  const stopping = new AbortController();
  const keepRunning = async (): Promise<void> => {
    for (;;) {
      const error = await endOf(thread);
      if (stopping.signal.aborted) return;
      log.error({ err: error }, "The thread that works on runs died and is started again.");
      await sleep(restartPauseMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      thread = start();
    }
  };
  const running = keepRunning();
  return {
    current: () => thread,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      thread.postMessage("stop");
      await running;
    },
  };
}

async function endOf(thread: Worker): Promise<unknown> {
  return await new Promise((resolve) => {
    thread.once("error", resolve);
    thread.once("exit", (code) => resolve(new Error(`It exited with code ${code}.`)));
  });
}
