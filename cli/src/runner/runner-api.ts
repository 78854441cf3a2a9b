import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import {
  beatAnswerSchema,
  type EndReading,
  restartedJoinsSchema,
  runnerContract,
  runnerContractHeader,
  runnerStatusSchema,
  runnerWorkAnswerSchema,
  type UploadAnswer,
  uploadAnswerSchema,
} from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { type Api, createApi } from "../api/api.ts";
import { apiPath } from "../api/api-path.ts";
import { ApiRefusal } from "../api/api-refusal.ts";
import { programVersion } from "../program-version.ts";
import type { SignIn } from "../sign-in/sign-in-file.ts";

/**
 * The server's calls for runners. Those that must not get lost are repeated while the server is away or busy, until the signal fires: it
 * may be restarted at any time, and repeating any of them is the same as once. Other trouble of the server, or of what stands in front
 * of it, is given `patience` milliseconds to pass.
 */
export type RunnerApi = ReturnType<typeof createRunnerApi>;

const compress = promisify(gzip);
const callMilliseconds = 60_000;
const longestPause = 10_000;
const usualPatience = 15 * 60_000;

export function createRunnerApi(
  enrolment: SignIn,
  onTrouble: (message: string) => void,
  { patience = usualPatience }: { readonly patience?: number } = {},
) {
  const api = runnerCalls(enrolment);
  const insist = async <T>(
    call: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    most = patience,
  ): Promise<T> => {
    let troubleSince: number | null = null;
    for (let failures = 0; ; failures += 1) {
      try {
        return await call(AbortSignal.any([signal, AbortSignal.timeout(callMilliseconds)]));
      } catch (error) {
        signal.throwIfAborted();
        if (!passes(error)) throw error;
        troubleSince = isAway(error) ? null : (troubleSince ?? performance.now());
        if (troubleSince !== null && performance.now() - troubleSince > most) throw error;
        if (failures === 2) onTrouble(`${error.message} Trying again.`);
        await pause(retryAfter(error) ?? Math.random() * Math.min(longestPause, 250 * 2 ** failures), signal);
      }
    }
  };
  return {
    status: () => api.call({ method: "GET", path: "/runner/status" }, runnerStatusSchema),
    askForWork: (waitSeconds: number, signal: AbortSignal) =>
      insist(
        async (each) => {
          const body = { version: programVersion, waitSeconds };
          const request = { method: "POST", path: "/runner/work", body, signal: each } as const;
          return (await api.call(request, runnerWorkAnswerSchema)).work;
        },
        signal,
        Number.POSITIVE_INFINITY,
      ),
    upload: async (
      run: { readonly runId: string; readonly lease: string },
      number: number,
      pages: readonly string[],
      signal: AbortSignal,
    ): Promise<UploadAnswer> => {
      const text = `{"lease":${JSON.stringify(run.lease)},"number":${number},"pages":[${pages.join(",")}]}`;
      const packed = new Uint8Array(await compress(text));
      const path = apiPath`/runner/runs/${run.runId}/uploads`;
      return await insist(
        (each) => api.call({ method: "POST", path, packed, signal: each }, uploadAnswerSchema),
        signal,
      );
    },
    beat: ({ runId, lease }: { readonly runId: string; readonly lease: string }, signal: AbortSignal) =>
      api.call(
        { method: "POST", path: apiPath`/runner/runs/${runId}/beat`, body: { lease }, signal },
        beatAnswerSchema,
      ),
    restartJoins: ({ runId, lease }: { readonly runId: string; readonly lease: string }, signal: AbortSignal) =>
      insist((each) => {
        const path = apiPath`/runner/runs/${runId}/restart-joins`;
        return api.call({ method: "POST", path, body: { lease }, signal: each }, restartedJoinsSchema);
      }, signal),
    end: (
      { runId, lease }: { readonly runId: string; readonly lease: string },
      end: EndReading["end"],
      signal: AbortSignal,
    ) =>
      insist(async (each) => {
        const path = apiPath`/runner/runs/${runId}/end`;
        await api.send({ method: "POST", path, body: { lease, end }, signal: each });
      }, signal),
  };
}

/** The API with what every call of a runner carries; `token` null before it is enrolled. */
export function runnerCalls({ url, token }: { readonly url: string; readonly token: string | null }): Api {
  return createApi({ url, token, headers: { [runnerContractHeader]: String(runnerContract) } });
}

/** Whether the server, or what stands in front of it, may answer again by itself. */
function passes(error: unknown): error is ApiRefusal | ProductError {
  if (error instanceof ApiRefusal) return error.problem.status === 429 || error.problem.status >= 500;
  return error instanceof ProductError && /^cli\.(?:server_unreachable|unexpected_answer)$/.test(error.code);
}

/** Whether the server is not there, or says itself that it is to be asked again. */
function isAway(error: ApiRefusal | ProductError): boolean {
  if (error instanceof ApiRefusal) return error.problem.status === 429 || error.problem.status === 503;
  return error.code === "cli.server_unreachable";
}

function retryAfter(error: ApiRefusal | ProductError): number | undefined {
  const seconds = error instanceof ApiRefusal ? error.problem.details?.retryAfterSeconds : undefined;
  return typeof seconds === "number" ? seconds * 1000 : undefined;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}
