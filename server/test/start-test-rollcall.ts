import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IroncladSandbox, startIroncladSandbox } from "@rollcall/sandbox/start-ironclad-sandbox.ts";
import { loadConfig } from "@rollcall/server/config/config.ts";
import { createLogger } from "@rollcall/server/http/logger.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { type RollcallOptions, startRollcall } from "@rollcall/server/start-rollcall.ts";
import { type RollcallClient, rollcallClient } from "./rollcall-client.ts";
import { createTestDatabase } from "./template-database.ts";

/** The whole product in this process, on a database of its own, with the vendor's sandbox beside it. */
export type TestRollcall = AsyncDisposable &
  RollcallClient & {
    readonly url: string;
    readonly token: string;
    readonly database: Database;
    /** The connections that runs work on. */
    readonly runDatabase: Database;
    /** Of another process of this product: the same database, keys and token. */
    readonly environment: Readonly<Record<string, string>>;
    readonly sandbox: IroncladSandbox;
  };

export type TestRollcallOptions = {
  readonly sandbox?: Parameters<typeof startIroncladSandbox>[0];
  readonly vendor?: NonNullable<RollcallOptions["vendor"]>;
  /** `server`: it answers, and runs wait for another process; `all` when absent. */
  readonly role?: "all" | "server";
  /** Who hears the product; when absent, `npm test` shows its errors where tests failed. */
  readonly log?: RollcallOptions["log"];
};

/** Waits of a test: refused requests are tried again at once, hanging ones are given up soon. */
const quickVendor: NonNullable<RollcallOptions["vendor"]> = {
  retry: { baseMs: 1, capMs: 5, maxAttempts: 3 },
  limits: { connectMs: 5_000, headersMs: 5_000, bodyMs: 5_000, attemptMs: 60_000 },
};

export async function startTestRollcall(options: TestRollcallOptions = {}): Promise<TestRollcall> {
  await using starting = new AsyncDisposableStack();
  const sandbox = starting.use(await startIroncladSandbox({ rateLimits: false, ...options.sandbox }));
  const testDatabase = starting.use(await createTestDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), "rollcall-test-"));
  starting.defer(() => rm(dataDir, { recursive: true, force: true }));
  const token = randomBytes(24).toString("hex");
  const environment = {
    DATABASE_URL: testDatabase.connectionString,
    PORT: "0",
    ROLLCALL_API_TOKEN: token,
    ROLLCALL_DATA_DIR: dataDir,
    ROLLCALL_EGRESS_ALLOW: "127.0.0.1",
  };
  const rollcall = starting.use(
    await startRollcall({
      config: loadConfig({ ...environment, ROLLCALL_ROLE: options.role ?? "all" }),
      secrets: { databaseUrl: testDatabase.connectionString, apiToken: token, encryptionKeys: null, smtpUrl: null },
      log: options.log ?? createLogger("error"),
      vendor: options.vendor ?? quickVendor,
    }),
  );
  const url = String(rollcall.url);
  const running = starting.move();

  return {
    url,
    token,
    database: rollcall.database,
    runDatabase: rollcall.runDatabase,
    environment,
    sandbox,
    ...rollcallClient({ url, token, sandbox, database: rollcall.database }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
