import { ProductError } from "@rollcall/core/errors.ts";
import { runErrorOf } from "../features/runs/run-error-of.ts";
import { RunInterruption } from "../features/runs/run-interruption.ts";
import { failUnfinishedRun, watchRun } from "../features/runs/run-store.ts";
import type { Database } from "../postgres/database.ts";
import type { EngineLog } from "../queue/run-task.ts";

/**
 * Claims the run, does it or goes on from its checkpoint, and finishes it. Expected failures (of the vendor, the settings,
 * the connector) end the run and are not thrown. Stops soon after the signal fires, whose reason is a RunInterruption.
 */
export type RunSync = (runId: string, signal: AbortSignal) => Promise<void>;

type Parts = {
  readonly database: Database;
  readonly log: EngineLog;
  readonly runSync: RunSync;
  /** How often the run's row is looked at, so that a cancel is heard within a page; a quarter of a second when absent. */
  readonly lookMilliseconds?: number;
};

/**
 * Has a run done; returns when it is over or somebody else has it.
 *
 * @throws RunInterruption when this process stops, `database.unreachable`: the run goes on later, here or elsewhere
 */
export async function workOnRun(parts: Parts, runId: string, stopping: AbortSignal): Promise<void> {
  await using watch = watchOver(parts, runId, stopping);
  try {
    await parts.runSync(runId, watch.signal);
  } catch (error) {
    if (error instanceof ProductError && error.code === "run.superseded") {
      return;
    }
    if (stopping.aborted || isPassing(error) || isPassing(watch.signal.reason)) {
      throw error;
    }
    await failRun(parts, runId, error);
    return;
  }
  const { over } = await watchRun(parts.database, runId);
  if (!over) {
    throw new RunInterruption("stopped");
  }
}

/** The database away: nothing can be written down, and nothing is lost by doing the task again. */
function isPassing(error: unknown): boolean {
  return error instanceof ProductError && error.code === "database.unreachable";
}

async function failRun({ database, log }: Parts, runId: string, error: unknown): Promise<void> {
  log.error({ err: error, runId }, "A run failed with an error that it did not expect.");
  await failUnfinishedRun(database, runId, runErrorOf(error));
}

/**
 * Looks at the run's row again and again, showing that somebody works on it, until it is disposed of. The signal fires when the process stops,
 * when somebody cancels the run, and when the database is away (its reason is then that error).
 */
function watchOver(
  { database, lookMilliseconds = 250 }: Parts,
  runId: string,
  stopping: AbortSignal,
): AsyncDisposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new RunInterruption("stopped"));
  stopping.addEventListener("abort", stop, { once: true });
  if (stopping.aborted) {
    stop();
  }
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      const { cancelRequested } = await watchRun(database, runId);
      if (cancelRequested && !disposed) {
        controller.abort(new RunInterruption("cancelled"));
      }
    } catch (error) {
      controller.abort(error);
    }
    schedule();
  };
  const schedule = (): void => {
    if (!disposed) {
      timer = setTimeout(() => {
        looking = look();
      }, lookMilliseconds);
    }
  };
  schedule();
  return {
    signal: controller.signal,
    [Symbol.asyncDispose]: async () => {
      disposed = true;
      clearTimeout(timer);
      stopping.removeEventListener("abort", stop);
      await looking;
    },
  };
}
