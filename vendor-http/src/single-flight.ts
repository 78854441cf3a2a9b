import { untilAborted } from "./abort.ts";

/**
 * One call for everybody who needs its result at the same time. A caller that is aborted leaves alone; the call itself is
 * aborted when its last caller has left.
 */
export function singleFlight<T>(call: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let flight: { readonly result: Promise<T>; readonly stop: AbortController; passengers: number } | null = null;

  return async (signal) => {
    signal.throwIfAborted();
    if (flight === null) {
      const stop = new AbortController();
      const result = call(stop.signal).finally(() => {
        if (flight?.stop === stop) flight = null;
      });
      flight = { result, stop, passengers: 0 };
    }
    const mine = flight;
    mine.passengers += 1;
    try {
      return await untilAborted(mine.result, signal);
    } finally {
      mine.passengers -= 1;
      if (mine.passengers === 0) {
        if (flight === mine) flight = null; // who comes now must not join a call that is being aborted
        mine.stop.abort(new Error("Nobody waits for the result any more."));
      }
    }
  };
}
