import type { Clock } from "../src/clock.ts";

/** A clock on which waiting takes no time: `sleep` moves the hands and notes how far. */
export type InstantClock = Clock & { readonly slept: readonly number[]; readonly advance: (ms: number) => void };

export function instantClock(start = Date.UTC(2026, 0, 1)): InstantClock {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    advance(ms) {
      now += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

/** A clock on which every wait lasts until it is aborted; `asleep(n)` resolves when so many have begun. */
export type FrozenClock = Clock & { readonly asleep: (count: number) => Promise<void> };

export function frozenClock(now = Date.UTC(2026, 0, 1)): FrozenClock {
  let begun = 0;
  const watchers: { readonly count: number; readonly resolve: () => void }[] = [];
  return {
    now: () => now,
    asleep: (count) =>
      new Promise((resolve) => {
        if (begun >= count) resolve();
        else watchers.push({ count, resolve });
      }),
    sleep(_ms, signal) {
      const { promise, reject } = Promise.withResolvers<never>();
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      begun += 1;
      for (const { count, resolve } of watchers) if (begun >= count) resolve();
      return promise;
    },
  };
}
