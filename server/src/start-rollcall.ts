import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseEgressAllow } from "@rollcall/vendor-http/egress-policy.ts";
import type { RetryPolicy } from "@rollcall/vendor-http/retry-timing.ts";
import type { VendorLimits } from "@rollcall/vendor-http/vendor-request.ts";
import type { Logger } from "pino";
import type { Config } from "./config/config.ts";
import type { Secrets } from "./config/secrets.ts";
import { destinationProbe } from "./destinations/destination-probe.ts";
import { ensureFirstToken } from "./features/access/ensure-first-token.ts";
import { ensureStartLink } from "./features/access/start-link.ts";
import { ensureCatalog } from "./features/catalog/ensure-catalog.ts";
import { rotateKeys } from "./features/credentials/rotate-keys.ts";
import { loadConnectorCatalog } from "./features/integrations/connector-catalog.ts";
import { resealWebhooks } from "./features/webhooks/reseal-webhooks.ts";
import { buildApp } from "./http/app.ts";
import type { AppParts } from "./http/app-parts.ts";
import { type Database, openDatabase } from "./postgres/database.ts";
import { startEmbeddedPostgres } from "./postgres/embedded/start-embedded-postgres.ts";
import { stepBack } from "./postgres/embedded/step-back.ts";
import { migrate } from "./postgres/migrate.ts";
import { startEngine } from "./queue/engine.ts";
import { runQueueOn } from "./queue/run-queue.ts";
import { startRunThread } from "./start-run-thread.ts";
import { planActions } from "./sync/plan-actions.ts";
import { runSync } from "./sync/run-sync.ts";
import type { SyncParts } from "./sync/sync-parts.ts";
import { runnerIntake } from "./sync/uploads/runner-intake.ts";
import { vendorProbe } from "./sync/vendor-probe.ts";
import { loadEncryptionKeys } from "./vault/encryption-keys.ts";
import { openVault, type Vault } from "./vault/vault.ts";
import { startOutbox } from "./worker/deliver-outbox.ts";
import type { MailSettings } from "./worker/outbox/send-email.ts";
import { startPruning } from "./worker/prune-messages.ts";
import { startPushing } from "./worker/push-destination.ts";
import { startScheduleTick } from "./worker/schedule-tick.ts";
import { startWatcher } from "./worker/watcher.ts";
import { startWorker } from "./worker/worker.ts";

export type RollcallOptions = {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly log: Logger;
  /** Settings that only tests and rehearsals change. */
  readonly vendor?: { readonly limits?: Partial<VendorLimits>; readonly retry?: Partial<RetryPolicy> };
  readonly connectorsFolder?: string;
  readonly now?: () => Date;
  /** Whether a process of both roles works on runs in a thread of its own; in this one when absent. */
  readonly runThread?: boolean;
  /** The connection string of the embedded database, when another thread of this process has started it. */
  readonly ownDatabase?: string;
};

export type Rollcall = AsyncDisposable & {
  /** Null for a worker, which answers nobody. */
  readonly url: string | null;
  /** Where the first administrator is made; null when there is one, and for a worker. */
  readonly startLink: string | null;
  readonly database: Database;
  /** The connections of runs. */
  readonly runDatabase: Database;
};

// Where `vite build` puts the console.
const consoleFolder = fileURLToPath(new URL("../../console/dist", import.meta.url));
const connectorsFolder = fileURLToPath(new URL("../../connectors", import.meta.url));

/** How long people leave a page and come back. A new connection has to look every part of the database up for the first time. */
const restMilliseconds = 10 * 60_000;

/** The composition root: configuration → parts → role. Disposing stops everything in the reverse order. */
export async function startRollcall({ config, secrets, log, ...options }: RollcallOptions): Promise<Rollcall> {
  await using starting = new AsyncDisposableStack();
  const now = options.now ?? (() => new Date());

  const connectionString =
    options.ownDatabase ?? secrets.databaseUrl ?? (await startOwnDatabase(config, log, starting));
  const database = starting.use(openDatabase({ connectionString, idleMilliseconds: restMilliseconds }));
  const runDatabase = starting.use(openRunDatabase(connectionString, secrets.databaseUrl === null));
  await migrate(database);

  const vault = openVault({ keys: await loadEncryptionKeys(secrets.encryptionKeys, config.dataDir) });
  const connectors = await loadConnectorCatalog(options.connectorsFolder ?? connectorsFolder);
  await ensureCatalog(database, connectors.list());
  if (secrets.apiToken !== null) await ensureFirstToken(database, secrets.apiToken);
  if (vault.keyIds.length > 1) await sealWithFirstKey(database, vault, log);

  const engine = starting.use(await startEngine({ connectionString, log }));
  const queue = runQueueOn(engine);
  const syncParts: SyncParts = {
    database,
    vault,
    connectors,
    now,
    egress: parseEgressAllow(config.egressAllow.join(",")),
    ...options.vendor,
  };
  if (config.role === "all" && options.runThread === true) {
    const ownDatabase = secrets.databaseUrl === null ? connectionString : undefined;
    starting.use(startRunThread({ config: { ...config, role: "worker" }, secrets, ownDatabase }, log));
  } else if (config.role !== "server") {
    const runParts: SyncParts = { ...syncParts, database: runDatabase };
    await startWorker({
      database: runDatabase,
      engine,
      log,
      runSync: (runId, signal) => runSync(runParts, runId, signal),
    });
    starting.use(startPushing({ ...runParts, log }));
    starting.use(startScheduleTick({ database, queue, log, now }));
    starting.use(startPruning({ database: runDatabase, log, keepDays: config.keepMessagesDays }));
    starting.use(startOutbox({ ...runParts, log, publicUrl: config.publicUrl, mail: mailSettings(config, secrets) }));
  }
  // Every process watches, so that somebody notices when the one that fires the schedules is gone.
  starting.use(startWatcher({ database, queue, log, now }));
  if (config.role === "worker") return finished({ url: null, startLink: null, database, runDatabase }, starting);

  const parts: AppParts = {
    database,
    vault,
    connectors,
    queue,
    plans: planActions({ queue }),
    vendor: vendorProbe(syncParts),
    intake: runnerIntake({ ...syncParts, queue }),
    destinations: destinationProbe(syncParts),
    config,
    now,
  };
  const app = await buildApp(parts, { logger: log, consoleFolder });
  starting.defer(() => app.close());
  await app.listen({ host: config.host, port: config.port });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://${config.host === "127.0.0.1" ? "localhost" : config.host}:${port}`;
  const startLink = await ensureStartLink(database, config.port === 0 ? url : config.publicUrl, now());
  return finished({ url, startLink, database, runDatabase }, starting);
}

/** With several keys the first is to take over; once this has run, the others can be removed. */
async function sealWithFirstKey(database: Database, vault: Vault, log: Logger): Promise<void> {
  const sealed = (await rotateKeys(database, vault)) + (await resealWebhooks(database, vault));
  log.info({ sealed, key: vault.currentKeyId }, "Every secret is sealed with the first encryption key.");
}

function mailSettings(config: Config, secrets: Secrets): MailSettings | null {
  if (secrets.smtpUrl === null) return null;
  return {
    smtpUrl: secrets.smtpUrl,
    from: config.mailFrom ?? `Rollcall <rollcall@${new URL(config.publicUrl).hostname}>`,
  };
}

/**
 * What runs, pushes and the like work on: connections of their own, so that an answer never waits for one of theirs, and in the embedded
 * database with a lower priority.
 */
function openRunDatabase(connectionString: string, isEmbedded: boolean): Database {
  const options = { connectionString, max: 20, applicationName: "rollcall-runs" };
  return openDatabase(isEmbedded ? { ...options, onConnect: stepBack } : options);
}

function finished(parts: Omit<Rollcall, typeof Symbol.asyncDispose>, starting: AsyncDisposableStack): Rollcall {
  const running = starting.move();
  return { ...parts, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const restartPauseMilliseconds = 5_000;

/** The embedded server, brought back when it dies under a running product. */
async function startOwnDatabase(config: Config, log: Logger, stack: AsyncDisposableStack): Promise<string> {
  const postgres = stack.use(await startEmbeddedPostgres({ dataDir: config.dataDir }));
  let stopping = false;
  stack.defer(() => {
    stopping = true;
  });
  const watch = async (): Promise<void> => {
    for (;;) {
      await postgres.exited();
      if (stopping) return;
      log.warn("The embedded database stopped by itself and is started again.");
      try {
        await postgres.restart();
      } catch (error) {
        // A full disk, for one: as soon as there is room again it starts.
        log.error({ err: error }, "The embedded database could not be started again; it is tried again.");
        await sleep(restartPauseMilliseconds, undefined, { ref: false });
      }
    }
  };
  void watch();
  return postgres.connectionString;
}
