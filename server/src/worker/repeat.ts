import { setTimeout as sleep } from "node:timers/promises";
import type { EngineLog } from "../queue/run-task.ts";

/** A loop that goes on until it is stopped. */
export type Repeating = AsyncDisposable & {
  /** Waits for the turn under way, then ends the loop. */
  readonly stop: () => Promise<void>;
};

type Repetition = {
  /** For the log. */
  readonly name: string;
  /** Between the end of one turn and the start of the next. */
  readonly everyMilliseconds: number;
  /** The signal fires when the loop is stopped. */
  readonly turn: (signal: AbortSignal) => Promise<void>;
  readonly log: EngineLog;
};

/**
 * Takes turns until it is stopped. A turn that fails is told to the log and the next one tries again: what a turn does is
 * in the database, where the next one finds it, and a loop that does no good any more is noticed by its missing beat.
 */
export function startRepeating({ name, everyMilliseconds, turn, log }: Repetition): Repeating {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await turn(signal);
      } catch (error) {
        if (!signal.aborted) log.error({ err: error, loop: name }, "A turn of a background loop failed.");
      }
      await sleep(everyMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  return { stop, [Symbol.asyncDispose]: stop };
}
