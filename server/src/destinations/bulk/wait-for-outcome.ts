import { setTimeout as sleep } from "node:timers/promises";
import { type BulkLog, readRunLog } from "@rollcall/core/destination/read-run-log.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { PushContext } from "../push-context.ts";

/**
 * Waits until the run log says that an upload was worked through: half a second, one, two … half a minute between two looks, ten minutes
 * in all, for the usual base. Without a log that is understood, the list of people alone tells what became of it.
 *
 * @throws ProductError `vendor.…` when the instance does not answer
 */
export async function waitForOutcome({ oomnitza, parts, signal }: PushContext, portion: string): Promise<BulkLog> {
  const base = parts.retry?.baseMs ?? 500;
  const until = performance.now() + base * 1_200;
  for (let wait = base; ; wait = Math.min(wait * 2, base * 60)) {
    const log = await readLog(oomnitza, portion);
    if (log.state !== "working" || performance.now() >= until) return log;
    await sleep(wait, undefined, { signal });
  }
}

async function readLog(oomnitza: PushContext["oomnitza"], portion: string): Promise<BulkLog> {
  try {
    const path = `/connector_run_logs/connectors/${portion}`;
    return readRunLog((await oomnitza.ask({ kind: "bulk-log", method: "GET", path })).body);
  } catch (error) {
    const isMissing =
      error instanceof ProductError && /^vendor\.(?:bad_request|not_found|forbidden|bad_response)$/.test(error.code);
    if (!isMissing) throw error;
    return { state: "unknown", refused: 0, messages: [] };
  }
}
