import { setTimeout as sleep } from "node:timers/promises";
import { type Run, runSchema } from "@rollcall/core/contract/runs.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Api } from "../api/api.ts";
import { apiPath } from "../api/api-path.ts";
import { ApiRefusal } from "../api/api-refusal.ts";

type Pace = {
  readonly lookMilliseconds: number;
  /** How often a look may fail in a row, while the server is restarted for instance, before the waiting is given up. */
  readonly failures: number;
};

const usualPace: Pace = { lookMilliseconds: 1000, failures: 60 };

/** The finished run, or null when the signal fired before; `show` sees every look. */
export async function waitForRun(
  api: Api,
  id: string,
  show: (run: Run) => void,
  signal: AbortSignal,
  pace = usualPace,
): Promise<Run | null> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const run = await api.call({ method: "GET", path: apiPath`/runs/${id}` }, runSchema);
      failures = 0;
      show(run);
      if (run.finishedAt !== null) return run;
    } catch (error) {
      failures += 1;
      if (!passes(error) || failures >= pace.failures) throw error;
    }
    await pause(pace.lookMilliseconds, signal);
  }
  return null;
}

/** Whether the server may answer again by itself. */
function passes(error: unknown): boolean {
  if (error instanceof ApiRefusal) return error.problem.status === 429 || error.problem.status >= 500;
  return error instanceof ProductError && error.code === "cli.server_unreachable";
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
