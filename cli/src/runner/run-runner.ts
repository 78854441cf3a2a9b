import type { RunnerWork } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { ApiRefusal } from "../api/api-refusal.ts";
import { type RunnerParts, readRun } from "./read-run.ts";

/** What became of a run in the hands of this runner. */
export type RunReport = {
  readonly runId: string;
  readonly integration: string;
  readonly outcome: "read" | "cancelled" | "lost" | "given-back" | "failed";
  readonly detail: string | null;
};

export type RunnerLoop = RunnerParts & {
  /** Ends when no run waits; otherwise the server is asked for ever. */
  readonly once: boolean;
  readonly begun: (work: RunnerWork) => void;
  readonly ended: (report: RunReport) => void;
  readonly signal: AbortSignal;
};

const waitSeconds = 25;
/** Statuses of refusals that are about this runner and not about the run. */
const ofRunner: ReadonlySet<number> = new Set([401, 403, 426]);
/** How often a run is begun anew because the server has something else of it, before it is given up. */
const mostMissteps = 5;

/**
 * Asks for runs and reads them, one after the other, until the signal fires. A run that cannot be read fails and is not thrown.
 *
 * @throws ApiRefusal when the server has no place for this runner: deleted, or of another version
 */
export async function runRunner(loop: RunnerLoop): Promise<void> {
  const { api, once, signal } = loop;
  const missteps = new Map<string, number>();
  while (!signal.aborted) {
    const work = await unlessStopped(signal, () => api.askForWork(once ? 0 : waitSeconds, signal));
    if (work === undefined) return;
    if (work === null) {
      if (once) return;
      continue;
    }
    loop.begun(work);
    loop.ended({ runId: work.runId, integration: work.integration.name, ...(await take(loop, work, missteps)) });
  }
}

type Ending = Pick<RunReport, "outcome" | "detail">;

async function take(loop: RunnerLoop, work: RunnerWork, missteps: Map<string, number>): Promise<Ending> {
  try {
    const { kind } = await readRun(loop, work, loop.signal);
    missteps.delete(work.runId);
    return { outcome: kind, detail: null };
  } catch (error) {
    if (loop.signal.aborted) return await giveBack(loop, work, "The runner stops.");
    const code = error instanceof ApiRefusal ? error.problem.code : error instanceof ProductError ? error.code : null;
    const detail = error instanceof Error ? error.message : String(error);
    if (code === "run.superseded" || code === "run.not_found") return { outcome: "lost", detail };
    const status = error instanceof ApiRefusal ? error.problem.status : null;
    if (status !== null && ofRunner.has(status)) throw error;
    // 422: the integration's settings cannot be read any more, which the server says of the run when it gives it out anew.
    if (code === "runner.out_of_step" || status === 422) {
      const times = (missteps.get(work.runId) ?? 0) + 1;
      missteps.set(work.runId, times);
      if (times < mostMissteps) return await giveBack(loop, work, detail);
    }
    const told = error instanceof ApiRefusal && code?.startsWith("request.") ? "runner.upload_refused" : code;
    await finish(loop, work, { kind: "failed", code: told ?? "internal.unexpected" });
    if (code === null) throw error;
    return { outcome: "failed", detail };
  }
}

async function giveBack(loop: RunnerLoop, work: RunnerWork, detail: string): Promise<Ending> {
  await finish(loop, work, { kind: "stopped" });
  return { outcome: "given-back", detail };
}

const farewellMilliseconds = 5_000;

/** Says how it ended, if the server can be reached; otherwise it finds out by the silence. */
async function finish(
  { api }: RunnerLoop,
  work: RunnerWork,
  end: Parameters<RunnerLoop["api"]["end"]>[1],
): Promise<void> {
  const signal = AbortSignal.timeout(farewellMilliseconds);
  try {
    await api.end(work, end, signal);
  } catch (error) {
    if (!signal.aborted && !(error instanceof ApiRefusal)) throw error;
  }
}

async function unlessStopped<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
