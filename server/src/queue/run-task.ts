import type { Job } from "pg-boss";
import { type TaskName, type TaskPayload, taskTypes } from "./task-types.ts";

/**
 * Does a task. The signal fires when the process stops or when the task was given to somebody else, never after the
 * handler has settled.
 */
export type TaskHandler<Name extends TaskName> = (payload: TaskPayload<Name>, signal: AbortSignal) => Promise<void>;

/** Who hears of trouble in background work; a pino logger fits. */
export type EngineLog = {
  readonly warn: (facts: object, message: string) => void;
  readonly error: (facts: object, message: string) => void;
};

/**
 * Runs the handler on one job of the engine.
 *
 * @throws an error without the cause, to be stored in the job's row, when the task has to be done again
 */
export async function runTask<Name extends TaskName>(
  name: Name,
  handler: TaskHandler<Name>,
  job: Pick<Job<object>, "id" | "data" | "signal">,
  stopping: AbortSignal,
  log: EngineLog,
): Promise<void> {
  using lifetime = forwardAborts([stopping, job.signal]);
  try {
    await handler(taskTypes[name].parse(job.data), lifetime.signal);
  } catch (error) {
    // A task that was interrupted is no failure; what is left of it goes to the next worker.
    if (!lifetime.signal.aborted) {
      log.error({ err: error, task: name, id: job.id }, "A task failed and will be done again.");
    }
    // The engine keeps the error in the job's row, where nothing a vendor sent may end up.
    throw new Error(`${name} ${lifetime.signal.aborted ? "was interrupted" : "failed"}`);
  }
}

/** A signal that follows `sources` until it is disposed: the engine also aborts a job's signal after a normal end. */
function forwardAborts(sources: readonly AbortSignal[]): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const source of sources) {
    source.addEventListener("abort", abort, { once: true });
  }
  if (sources.some((source) => source.aborted)) {
    abort();
  }
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const source of sources) {
        source.removeEventListener("abort", abort);
      }
    },
  };
}
