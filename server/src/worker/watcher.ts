import type { Database } from "../postgres/database.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import type { EngineLog } from "../queue/run-task.ts";
import { type Repeating, startRepeating } from "./repeat.ts";
import { rememberLasting } from "./watch/lasting.ts";
import { sweepStages } from "./watch/sweep-stages.ts";
import { watchCredentials } from "./watch/watch-credentials.ts";
import type { WatchParts } from "./watch/watch-parts.ts";
import { watchReviews, watchRuns } from "./watch/watch-runs.ts";
import { watchScheduler } from "./watch/watch-scheduler.ts";
import { watchFreshness, watchStarts } from "./watch/watch-schedules.ts";

export type WatcherParts = {
  readonly database: Database;
  readonly queue: RunQueue;
  readonly log: EngineLog;
  readonly now: () => Date;
  /** Milliseconds that only go forward, whatever is done to the clock on the wall; the process's own when absent. */
  readonly steady?: () => number;
  /** Between two looks; 15 seconds when absent. */
  readonly everyMilliseconds?: number;
};

/** Takes one look at everything. */
export type Watch = () => Promise<void>;

/**
 * Watches over what should be happening and tells people when it is not. It knows nothing of the loop that fires the schedules
 * but its beat, and runs in every process, so that it goes on when that loop, or the process with it, has died.
 */
export function startWatcher(parts: WatcherParts): Repeating {
  const { log, everyMilliseconds = 15_000 } = parts;
  return startRepeating({ name: "watcher", everyMilliseconds, turn: openWatch(parts), log });
}

/** The looks of one watcher, who remembers what it saw before. One that fails does not keep the others from being taken. */
export function openWatch({ database, queue, now, steady = () => performance.now() }: WatcherParts): Watch {
  const parts: WatchParts = { database, queue, now, lasting: rememberLasting(steady) };
  let slowAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const failures: unknown[] = [];
    const slow = steady() - slowAt >= slowEveryMilliseconds;
    slowAt = slow ? steady() : slowAt;
    for (const look of slow ? [...looks, ...slowLooks] : looks) {
      await look(parts).catch((error: unknown) => void failures.push(error));
    }
    if (failures.length > 0) {
      throw failures.length === 1 ? failures[0] : new AggregateError(failures, "Several looks of the watcher failed.");
    }
  };
}

const looks = [watchScheduler, watchStarts, watchRuns, watchReviews];

// What changes within hours, and costs more.
const slowEveryMilliseconds = 60_000;
const slowLooks = [watchCredentials, watchFreshness, sweepStages];
