/** The promise, or the signal's reason if that comes first; what the promise stands for is not stopped. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener("abort", onAbort));
}

/**
 * Runs work under a signal that fires when any of the given ones does or, with `limit`, when its time is over. Listeners and
 * timer are gone afterwards; `AbortSignal.any` would leave one follower on a run's signal for every request of the run.
 */
export async function underSignals<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
  limit?: { readonly ms: number; readonly reason: () => unknown },
): Promise<T> {
  const controller = new AbortController();
  const sources = signals.filter((signal) => signal !== undefined);
  const follow = (): void => controller.abort(sources.find((signal) => signal.aborted)?.reason);
  for (const source of sources) source.addEventListener("abort", follow, { once: true });
  if (sources.some((source) => source.aborted)) follow();
  const timer = limit === undefined ? undefined : setTimeout(() => controller.abort(limit.reason()), limit.ms);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    for (const source of sources) source.removeEventListener("abort", follow);
  }
}
