import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunReport, runRunner } from "@rollcall/cli/runner/run-runner.ts";
import { createRunnerApi } from "@rollcall/cli/runner/runner-api.ts";
import { runnerContract, runnerContractHeader } from "@rollcall/core/contract/runners.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import type { TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { parseEgressAllow } from "@rollcall/vendor-http/egress-policy.ts";

/** A runner in this process, with a home of its own and the sandbox's credential in its environment. */
export type TestRunner = AsyncDisposable & {
  readonly id: string;
  readonly token: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Reads every run that waits. */
  readonly readAll: (signal?: AbortSignal) => Promise<readonly RunReport[]>;
};

export type TestRunnerOptions = {
  readonly name?: string;
  readonly integrationIds?: readonly string[];
  /** Where it finds the server, when not at its own address. */
  readonly url?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

export async function startRunner(rollcall: TestRollcall, options: TestRunnerOptions = {}): Promise<TestRunner> {
  const { sandbox } = rollcall;
  const home = await mkdtemp(join(tmpdir(), "rollcall-runner-"));
  const { id, token } = await enrollRunner(rollcall, options);
  const environment = {
    HOME: home,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_STATE_HOME: join(home, "state"),
    ROLLCALL_URL: options.url ?? rollcall.url,
    ROLLCALL_RUNNER_TOKEN: token,
    ROLLCALL_EGRESS_ALLOW: "127.0.0.1",
    ROLLCALL_CREDENTIAL_CLIENT_ID: sandbox.clientId,
    ROLLCALL_CREDENTIAL_CLIENT_SECRET: sandbox.clientSecret,
    ...options.environment,
  };
  return {
    id,
    token,
    environment,
    readAll: async (signal = new AbortController().signal) => {
      const reports: RunReport[] = [];
      await runRunner({
        environment,
        keyFile: null,
        keychain: null,
        api: createRunnerApi({ url: environment.ROLLCALL_URL, token }, () => undefined),
        egress: parseEgressAllow("127.0.0.1"),
        vendor: { retry: { baseMs: 1, capMs: 5, maxAttempts: 3 } },
        once: true,
        begun: () => undefined,
        progress: () => undefined,
        ended: (report) => void reports.push(report),
        signal,
      });
      return reports;
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

/** Creates a runner and exchanges its code. */
export async function enrollRunner(
  rollcall: Pick<TestRollcall, "api" | "url">,
  { name = `Runner ${crypto.randomUUID()}`, integrationIds }: TestRunnerOptions = {},
): Promise<{ readonly id: string; readonly token: string }> {
  const body = { name, ...(integrationIds && { integrationIds }) };
  const { id, code } = await must(rollcall.api<{ id: string; code: string }>("POST", "/runners", body));
  const { status, body: enrolled } = await callAsRunner<{ token: string }>(rollcall.url, null, "POST", "/enroll", {
    code,
    version: "test",
  });
  if (status !== 200) throw new Error(`The enrolment answered ${status}.`);
  return { id, token: enrolled.token };
}

/** Calls the runner's part of the API. */
export async function callAsRunner<Body = unknown>(
  url: string,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: Body }> {
  const response = await fetch(`${url}/api/v1/runner${path}`, {
    method,
    headers: {
      [runnerContractHeader]: String(runnerContract),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as Body };
}

/** Settings of an integration that a runner reads. */
export const local = { installation: "local", credentialId: null } as const;
