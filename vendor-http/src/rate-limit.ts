import { untilAborted } from "./abort.ts";
import { type Clock, steadyClock } from "./clock.ts";

/** Permission to send one request. The server has one of the same shape that all its processes share. */
export type RateLimit = {
  /** Resolves when one more request may be sent; first come, first served. Rejects with the signal's reason when aborted. */
  readonly acquire: (signal?: AbortSignal) => Promise<void>;
  /** The vendor refused a request for being one too many: nobody gets permission for the next `ms` milliseconds. */
  readonly slowDown?: (ms: number) => void | Promise<void>;
};

export const noLimit: RateLimit = { acquire: async (signal) => signal?.throwIfAborted() };

type SlidingWindow = {
  readonly perMinute: number;
  readonly clock?: Clock;
  /**
   * Added to the 60 seconds (default 250 ms), because the vendor counts arrivals: a request that took long to arrive and one
   * that took less are closer together there than here.
   */
  readonly marginMs?: number;
};

/**
 * Never more than `perMinute` permissions in any 60 seconds, however they are counted, and all of them while work waits (but
 * for the margin). Lives in one process. `perMinute` is a whole number of 1 or more.
 */
export function slidingWindowLimit({ perMinute, clock = steadyClock, marginMs = 250 }: SlidingWindow): RateLimit {
  if (!Number.isInteger(perMinute) || perMinute < 1) throw new RangeError("perMinute must be a whole number from 1");
  const windowMs = 60_000 + Math.max(1, marginMs);
  const granted: number[] = []; // the times of the last `perMinute` permissions, oldest first
  const turns = inTurn();
  let heldUntil = 0;

  const acquire = (signal?: AbortSignal): Promise<void> =>
    turns(async () => {
      for (;;) {
        const now = clock.now();
        const oldest = granted.length < perMinute ? undefined : granted[0];
        const free = Math.max(heldUntil, oldest === undefined ? 0 : oldest + windowMs);
        if (now >= free) break;
        await clock.sleep(free - now, signal);
      }
      if (granted.length === perMinute) granted.shift();
      granted.push(clock.now());
    }, signal);

  const slowDown = (ms: number): void => {
    heldUntil = Math.max(heldUntil, clock.now() + ms);
  };
  return { acquire, slowDown };
}

/** Adds the pause after a 429 to a limit that does not know it (no limit at all, or one kept elsewhere). */
export function pausingAfterRefusal(limit: RateLimit, clock: Clock): Required<RateLimit> {
  let heldUntil = 0;
  return {
    async acquire(signal) {
      for (let wait = heldUntil - clock.now(); wait > 0; wait = heldUntil - clock.now()) {
        await clock.sleep(wait, signal);
      }
      await limit.acquire(signal);
    },
    async slowDown(ms) {
      heldUntil = Math.max(heldUntil, clock.now() + ms);
      await limit.slowDown?.(ms);
    },
  };
}

/** Runs one task after the other in the order they came. One that is aborted while it waits leaves without its turn. */
function inTurn(): (task: () => Promise<void>, signal?: AbortSignal) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (task, signal) => {
    const mine = last.then(async () => {
      signal?.throwIfAborted();
      await task();
    });
    last = mine.catch(() => undefined);
    if (signal === undefined) return mine;
    return untilAborted(mine, signal);
  };
}
