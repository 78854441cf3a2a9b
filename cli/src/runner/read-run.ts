import type { RunnerWork } from "@rollcall/core/contract/runners.ts";
import type { EgressPolicy } from "@rollcall/vendor-http/egress-policy.ts";
import { parseReadCheckpoint } from "@rollcall/vendor-http/read-checkpoint.ts";
import type { JoinedRowsStore } from "@rollcall/vendor-http/run-locally/joined-rows-store.ts";
import { type LocalSessionOptions, openLocalSession } from "@rollcall/vendor-http/run-locally/open-local-session.ts";
import { type LocalWork, parseWork } from "@rollcall/vendor-http/run-locally/parse-work.ts";
import { type ReadingProgress, readAndUpload } from "@rollcall/vendor-http/run-locally/read-and-upload.ts";
import { ApiRefusal } from "../api/api-refusal.ts";
import { type CredentialSource, findCredential } from "./find-credential.ts";
import type { RunnerApi } from "./runner-api.ts";
import { openRows } from "./runner-files.ts";

export type RunnerParts = CredentialSource & {
  readonly api: RunnerApi;
  readonly egress: EgressPolicy;
  /** Time-outs and retries other than the defaults, for tests. */
  readonly vendor?: Pick<LocalSessionOptions, "limits" | "retry">;
  readonly progress: (work: LocalWork, facts: ReadingProgress) => void;
};

export type RunOutcome = { readonly kind: "read" } | { readonly kind: "cancelled" };

/**
 * Reads one run to its end and hands it to the server. Its rows of other streams are removed when it is over, however it ends; only a
 * process that is killed leaves them, for whoever goes on here.
 *
 * @throws ApiRefusal of the server; ProductError of the vendor, the credential or the connector; the signal's reason
 */
export async function readRun(parts: RunnerParts, given: RunnerWork, signal: AbortSignal): Promise<RunOutcome> {
  const parsed = parseWork(given);
  const credential = await findCredential(parts, parsed);
  const rows = await openRows(parts.environment, parsed.runId);
  try {
    const work = await withRows(parts.api, parsed, rows, signal);
    await using session = openLocalSession(
      { ...parts.vendor, egress: parts.egress, credential },
      work.manifest,
      work.inputs,
    );
    await using beating = startBeating(parts.api, work, signal);
    const ending = await readAndUpload({
      work,
      ask: session.ask,
      concurrent: session.concurrent,
      rows,
      send: (number, pages) => parts.api.upload(work, number, pages, beating.signal),
      progress: (facts) => parts.progress(work, facts),
      signal: beating.signal,
    });
    if (ending.kind === "read") await parts.api.end(work, ending, signal);
    return { kind: ending.kind };
  } catch (error) {
    if (error instanceof RunCancelled) return { kind: "cancelled" };
    throw error;
  } finally {
    rows.wipe();
  }
}

/** Goes on with the rows that are here, if they are those of what the server has; else has their streams read anew. */
async function withRows(
  api: RunnerApi,
  work: LocalWork,
  rows: JoinedRowsStore,
  signal: AbortSignal,
): Promise<LocalWork> {
  const joined = new Set(Object.values(work.manifest.joins).map(({ stream }) => stream));
  const listings = Object.entries(work.reading.streams).flatMap(([name, { listings }]) =>
    name === work.manifest.users ? [] : listings.map(({ number, state }) => ({ number, pages: state.pages, name })),
  );
  const needed = listings.filter(({ name, pages }) => joined.has(name) && pages > 0);
  if (rows.generation() === work.generation && rows.keepOnly(needed)) return work;
  rows.restart(work.generation);
  if (needed.length === 0) return work;
  const { generation, reading, unavailable } = await api.restartJoins(work, signal);
  rows.restart(generation);
  return parseWorkAgain(work, { generation, reading, unavailable });
}

function parseWorkAgain(
  work: LocalWork,
  { generation, reading, unavailable }: Pick<RunnerWork, "generation" | "reading" | "unavailable">,
): LocalWork {
  return {
    ...work,
    generation,
    reading: parseReadCheckpoint(reading),
    unavailable: unavailable === null ? null : new Set(unavailable),
  };
}

const beatMilliseconds = 5_000;

/** Somebody cancelled the run, or it was given to another runner: the reason of the signal that a run is read under. */
class RunCancelled extends Error {
  override readonly name = "RunCancelled";
}

/** Shows the server that this runner lives, also while the vendor lets it wait; the signal fires when the run is cancelled or lost. */
function startBeating(
  api: RunnerApi,
  work: LocalWork,
  outer: AbortSignal,
): AsyncDisposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const follow = (): void => controller.abort(outer.reason);
  outer.addEventListener("abort", follow, { once: true });
  if (outer.aborted) follow();
  let beating: Promise<void> | undefined;
  const beat = async (): Promise<void> => {
    try {
      const { cancel } = await api.beat(
        work,
        AbortSignal.any([controller.signal, AbortSignal.timeout(beatMilliseconds)]),
      );
      if (cancel) controller.abort(new RunCancelled("The run was cancelled."));
    } catch (error) {
      // No answer is nothing new to the uploads, which wait for the server; a refusal is the end.
      if (error instanceof ApiRefusal && error.problem.status < 429) controller.abort(error);
    }
    beating = undefined;
  };
  const timer = setInterval(() => {
    beating ??= beat();
  }, beatMilliseconds);
  return {
    signal: controller.signal,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      outer.removeEventListener("abort", follow);
      controller.abort(new Error("The reading is over."));
      await beating;
    },
  };
}
