import { Client } from "pg";
import { asDatabaseError } from "../database-error.ts";
import { embeddedName, ensureCluster } from "./create-cluster.ts";
import { lockFolder } from "./folder-lock.ts";
import {
  chooseLaunchPlan,
  type Installation,
  installationIn,
  type LaunchKind,
  type LaunchPlan,
} from "./launch-plan.ts";
import { type PostgresExit, type Postmaster, startPostmaster } from "./postmaster.ts";
import { defaultSettings, type PostgresSettings, settingArguments, withoutFsync } from "./settings.ts";
import { type Endpoint, openEndpoint, removeTemporarySocketFolder } from "./socket-folder.ts";
import { stopOrphan } from "./stop-orphan.ts";

/** A PostgreSQL of our own, reachable by this process's user alone. Its address stays the same over restarts. */
export type EmbeddedPostgres = AsyncDisposable & {
  readonly connectionString: string;
  readonly address: EmbeddedAddress;
  readonly launchKind: LaunchKind;
  /** PostgreSQL's data folder itself. */
  readonly clusterFolder: string;
  /** The current server process. */
  readonly pid: () => number;
  /** Resolves when the current server process has ended, whether asked to or not. */
  readonly exited: () => Promise<PostgresExit>;
  /** Starts the server again after it ended by itself; stops it first if it still runs. */
  readonly restart: () => Promise<void>;
  /** Ends sessions, writes everything down, stops, and gives the folder free. Stopping twice is the same as once. */
  readonly stop: () => Promise<void>;
};

export type EmbeddedAddress = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

export type EmbeddedOptions = {
  readonly dataDir: string;
  /** Added to, or instead of, the default settings. */
  readonly settings?: PostgresSettings;
  /** Hears every line of the server's log. */
  readonly log?: (line: string) => void;
  /** False for throw-away databases: fast; the last commits are lost with the server, all of them with the machine. */
  readonly fsync?: boolean;
  /** One way to launch instead of the best that works. */
  readonly only?: LaunchKind;
  /** Other places for programs and shared files. */
  readonly installation?: Partial<Installation>;
};

/**
 * Starts the embedded PostgreSQL on `dataDir`, made at the first start. Whatever killed the last owner, the folder opens
 * again: a server that it left behind is stopped first.
 *
 * @throws ProductError `database.folder_in_use` when another living process owns the folder, also while that one still
 *   starts; `database.cannot_start` when PostgreSQL cannot run here
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log = () => undefined, fsync = true } = options;
  const lock = await lockFolder(dataDir);
  try {
    const installation = { ...installationIn(dataDir), ...options.installation };
    const plan = await chooseLaunchPlan(installation, options.only);
    await stopOrphan(plan, log);
    const password = await ensureCluster(plan, { fsync });
    const endpoint = await openEndpoint(plan);
    const args = settingArguments({
      ...defaultSettings,
      ...(fsync ? {} : withoutFsync),
      ...options.settings,
      ...endpoint.settings,
    });
    const start = () => startPostmaster(plan, args, log);
    const first = await start();
    const address = { host: endpoint.host, port: endpoint.port, user: embeddedName, password, database: embeddedName };
    try {
      await ensureDatabase(address);
    } catch (error) {
      await first.stop();
      throw error;
    }
    return handle({ plan, endpoint, address, first, start, unlock: lock.release });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

type Parts = {
  readonly plan: LaunchPlan;
  readonly endpoint: Endpoint;
  readonly address: EmbeddedAddress;
  readonly first: Postmaster;
  readonly start: () => Promise<Postmaster>;
  readonly unlock: () => Promise<void>;
};

function handle({ plan, endpoint, address, first, start, unlock }: Parts): EmbeddedPostgres {
  let current = first;
  // Stop and restart wait for each other.
  let last: Promise<void> = Promise.resolve();
  let stopped: Promise<void> | undefined;
  const restart = (): Promise<void> => {
    if (stopped !== undefined) {
      return Promise.reject(new Error("The embedded PostgreSQL was stopped."));
    }
    const done = last.then(async () => {
      await current.stop();
      current = await start();
    });
    last = done.catch(() => undefined);
    return done;
  };
  const stop = (): Promise<void> => {
    stopped ??= last.then(async () => {
      await current.stop();
      await removeTemporarySocketFolder(endpoint.host);
      await unlock();
    });
    return stopped;
  };
  return {
    connectionString: connectionStringOf(address),
    address,
    launchKind: plan.kind,
    clusterFolder: plan.clusterFolder,
    pid: () => current.pid,
    exited: () => current.exited,
    restart,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A connection URI as libpq and the driver read it: a socket's folder stands percent-encoded in place of the host. */
export function connectionStringOf({ host, port, user, password, database }: EmbeddedAddress): string {
  return `postgresql://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`;
}

async function ensureDatabase(address: EmbeddedAddress): Promise<void> {
  const client = new Client({ ...address, database: "postgres" });
  try {
    await client.connect();
    const { rowCount } = await client.query("select from pg_database where datname = $1", [address.database]);
    if (rowCount === 0) {
      await client.query(`create database ${client.escapeIdentifier(address.database)}`);
    }
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    await client.end();
  }
}
