import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";

/** How often the run is looked at, and how long nothing is sent before a comment shows that the connection lives. */
export type EventPace = { readonly lookMilliseconds: number; readonly silenceMilliseconds: number };

export const eventPace: EventPace = { lookMilliseconds: 500, silenceMilliseconds: 15_000 };

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): the run's document at once and
 * whenever it changes, as event `run`. Ends when the run is finished or gone, or when the signal fires.
 */
export async function* runEvents(
  read: () => Promise<Run | undefined>,
  signal: AbortSignal,
  pace = eventPace,
): AsyncGenerator<string> {
  let sent = "";
  let silence = 0;
  while (!signal.aborted) {
    const run = await read();
    if (run === undefined) {
      return;
    }
    const state = stateOf(run);
    if (state !== sent) {
      yield `event: run\ndata: ${JSON.stringify(run)}\n\n`;
      sent = state;
      silence = 0;
    } else if (silence >= pace.silenceMilliseconds) {
      yield ": still here\n\n";
      silence = 0;
    }
    if (run.finishedAt !== null) {
      return;
    }
    await pause(pace.lookMilliseconds, signal);
    silence += pace.lookMilliseconds;
  }
}

// Rate and time left follow the clock, and change even when the run stands still.
function stateOf(run: Run): string {
  return JSON.stringify({ ...run, progress: { ...run.progress, ratePerSecond: null, secondsLeft: null } });
}

/** Waits, or returns at once when the signal fires. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}
