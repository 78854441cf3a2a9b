import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import { loadConfig } from "@rollcall/server/config/config.ts";
import { ensureFirstToken } from "@rollcall/server/features/access/ensure-first-token.ts";
import { ensureCatalog } from "@rollcall/server/features/catalog/ensure-catalog.ts";
import type { DestinationProbe } from "@rollcall/server/features/destinations/destination-probe.ts";
import { loadConnectorCatalog } from "@rollcall/server/features/integrations/connector-catalog.ts";
import type { VendorProbe } from "@rollcall/server/features/integrations/vendor-probe.ts";
import type { RunnerIntake } from "@rollcall/server/features/runners/runner-intake.ts";
import type { PlanActions } from "@rollcall/server/features/runs/plan-actions.ts";
import { type AppOptions, buildApp, type RouteEntry } from "@rollcall/server/http/app.ts";
import type { AppParts } from "@rollcall/server/http/app-parts.ts";
import { createLogger } from "@rollcall/server/http/logger.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import type { RunQueue } from "@rollcall/server/queue/run-queue.ts";
import { openVault } from "@rollcall/server/vault/vault.ts";
import { createTestDatabase } from "./template-database.ts";

/** What a call answered: the parsed JSON, or the text of anything else. */
export type Answer<Body = unknown> = {
  readonly status: number;
  readonly body: Body;
  readonly text: string;
  readonly headers: Headers;
};

export type CallOptions = {
  /** Null sends none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, with the content type application/json. */
  readonly rawBody?: string | Uint8Array<ArrayBuffer>;
};

/** The real HTTP application on a free port of this machine, over a migrated database of its own. */
export type TestServer = AsyncDisposable & {
  readonly url: string;
  /** Of an administrator. */
  readonly token: string;
  /**
   * Calls `/api/v1` + `path` (a path that starts with `/api/` or `/health/` is taken as it is). `Body` is the caller's claim about
   * the answer.
   */
  readonly api: <Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    options?: CallOptions,
  ) => Promise<Answer<Body>>;
  /** `api` for answers that are problems. */
  readonly refused: (method: string, path: string, body?: unknown, options?: CallOptions) => Promise<Answer<Problem>>;
  /** A token of a new account with the role. */
  readonly tokenOf: (role: string) => Promise<string>;
  readonly database: Database;
  readonly connectionString: string;
  readonly parts: AppParts;
  readonly routeTable: readonly RouteEntry[];
  /** Ids of the runs that were handed to the queue, without those taken back. */
  readonly enqueued: readonly string[];
  /** Everything logged so far. */
  readonly log: () => string;
};

export type TestServerOptions = {
  /** Replaces parts; `vendor` and `plans` refuse every call otherwise, `queue` only remembers. */
  readonly parts?: Partial<Omit<AppParts, "database">>;
  readonly app?: Omit<AppOptions, "logger">;
};

export async function startTestServer({
  parts: given = {},
  app: options = {},
}: TestServerOptions = {}): Promise<TestServer> {
  const { database, connectionString, close } = await createTestDatabase({ max: 10 });
  const enqueued: string[] = [];
  const logged: string[] = [];
  const token = `test-${randomBytes(24).toString("base64url")}`;
  const parts: AppParts = {
    database,
    vault: openVault({ keys: [{ id: "test", bytes: randomBytes(32) }] }),
    connectors: await loadConnectorCatalog(fileURLToPath(new URL("../../connectors", import.meta.url))),
    queue: rememberingQueue(enqueued),
    plans: noPlans,
    vendor: noVendor,
    intake: noIntake,
    destinations: noInstance,
    config: loadConfig({}),
    now: () => new Date(),
    ...given,
  };
  await ensureFirstToken(database, token);
  await ensureCatalog(database, parts.connectors.list());
  const app = await buildApp(parts, { ...options, logger: createLogger("debug", collect(logged)) });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;

  const api = async <Body>(
    method: string,
    path: string,
    body?: unknown,
    call: CallOptions = {},
  ): Promise<Answer<Body>> =>
    await send<Body>(url, call.token === undefined ? { ...call, token } : call, method, path, body);
  return {
    url,
    token,
    api,
    refused: async (method, path, body, call) => await api<Problem>(method, path, body, call),
    tokenOf: async (role) => {
      const name = `${role} ${randomBytes(4).toString("hex")}`;
      const email = `${randomBytes(6).toString("hex")}@example.com`;
      const { body: account } = await api<{ id: string }>("POST", "/accounts", { name, email, role });
      const made = await api<{ token: string }>("POST", "/api-tokens", { name, accountId: account.id });
      return made.body.token;
    },
    database,
    connectionString,
    parts,
    routeTable: app.routeTable,
    enqueued,
    log: () => logged.join(""),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await close();
    },
  };
}

async function send<Body>(
  url: string,
  { token, headers, rawBody }: CallOptions,
  method: string,
  path: string,
  body: unknown,
): Promise<Answer<Body>> {
  const content = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${url}${/^\/(?:api\/|health\/|$)/.test(path) ? path : `/api/v1${path}`}`, {
    method,
    headers: {
      ...(token === null || token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(content === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Body, text, headers: response.headers };
}

function rememberingQueue(enqueued: string[]): RunQueue {
  return {
    enqueueRun: async (transaction, runId) => transaction.onCommit(() => void enqueued.push(runId)),
    removeRun: async (_transaction, runId) => void enqueued.splice(enqueued.indexOf(runId), 1),
  };
}

const noPlans: PlanActions = {
  approve: () => Promise.reject(new Error("This test did not expect a plan to be applied.")),
  undo: () => Promise.reject(new Error("This test did not expect a run to be undone.")),
};

const noIntake: RunnerIntake = {
  claim: () => Promise.resolve(null),
  accept: () => Promise.reject(new Error("This test did not expect an upload.")),
  beat: () => Promise.reject(new Error("This test did not expect a runner's run.")),
  restartJoins: () => Promise.reject(new Error("This test did not expect a runner's run.")),
  end: () => Promise.reject(new Error("This test did not expect a runner's run.")),
};

const noVendor: VendorProbe = {
  testCredential: () => Promise.reject(new Error("This test did not expect a call to a vendor.")),
  testIntegration: () => Promise.reject(new Error("This test did not expect a call to a vendor.")),
  sampleRecords: () => Promise.reject(new Error("This test did not expect a call to a vendor.")),
};

const noInstance: DestinationProbe = {
  test: () => Promise.reject(new Error("This test did not expect a call to a destination.")),
  readFields: () => Promise.reject(new Error("This test did not expect a call to a destination.")),
};

function collect(lines: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
}
