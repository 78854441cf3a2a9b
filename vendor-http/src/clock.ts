import { setTimeout as pause } from "node:timers/promises";

/** Time as an argument: milliseconds that only go forward, and a wait that a signal can end. Tests inject their own. */
export type Clock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
};

/** The clock on the wall: right for dates (a token's expiry), wrong for spans, as an administrator may set it. */
export const systemClock: Clock = { now: () => Date.now(), sleep };

/** A clock that nobody can set back: right for spans (rate limits, budgets). It may drift from the wall clock. */
export const steadyClock: Clock = { now: () => performance.timeOrigin + performance.now(), sleep };

// A longer time-out than this fires at once in Node (32-bit timers).
const LONGEST_TIMER_MS = 2 ** 31 - 1;

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await pause(Math.min(Math.max(ms, 0), LONGEST_TIMER_MS), undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
