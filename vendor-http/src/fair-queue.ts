import { untilAborted } from "./abort.ts";

/** Lets at most so many tasks run at once; the others wait in the order they came. */
export type FairQueue = <T>(task: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** `places` is a whole number of 1 or more. A task that is aborted while it waits leaves the queue. */
export function fairQueue(places: number): FairQueue {
  if (!Number.isInteger(places) || places < 1) throw new RangeError("A queue needs one place or more");
  let free = places;
  const waiting: (() => void)[] = [];

  return async (task, signal) => {
    signal.throwIfAborted();
    if (free > 0) free -= 1;
    else await place(waiting, signal);
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next(); // hands the place on, so that nobody who comes later can take it
    }
  };
}

async function place(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.push(resolve);
  try {
    await untilAborted(promise, signal);
  } catch (error) {
    const position = waiting.indexOf(resolve);
    if (position >= 0) waiting.splice(position, 1);
    else waiting.shift()?.(); // the place came at the same moment as the abort: hand it on
    throw error;
  }
}
