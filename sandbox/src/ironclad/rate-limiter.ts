export type RateLimiter = {
  /** Takes one request from a key's quota. Returns undefined, or the milliseconds until the quota is whole again. */
  readonly take: (key: string, limit: number, windowMs: number) => number | undefined;
  readonly reset: () => void;
};

/**
 * Fixed windows: the timer starts with the first request that lowers the quota; when it ends the quota is whole.
 * https://clickwrap-developer.ironcladapp.com/reference/rate-limits
 */
export function createRateLimiter(now: () => number): RateLimiter {
  const windows = new Map<string, { readonly endsAt: number; used: number }>();
  return {
    take: (key, limit, windowMs) => {
      const time = now();
      let window = windows.get(key);
      if (window === undefined || window.endsAt <= time) {
        window = { endsAt: time + windowMs, used: 0 };
        windows.set(key, window);
      }
      if (window.used >= limit) return window.endsAt - time;
      window.used++;
      return undefined;
    },
    reset: () => windows.clear(),
  };
}
