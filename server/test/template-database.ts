import { createHash, randomBytes } from "node:crypto";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, openDatabase } from "@rollcall/server/postgres/database.ts";
import { migrate, readMigrationFiles } from "@rollcall/server/postgres/migrate.ts";
import { maybeOne, one, rows } from "@rollcall/server/postgres/query.ts";
import { startTestPostgres, type TestPostgres } from "./start-test-postgres.ts";

/** A migrated, empty database of its own for one test or one test file. */
export type TestDatabase = AsyncDisposable & {
  readonly database: Database;
  readonly connectionString: string;
  /** Closes `database` and drops it; fails when a connection to it was left open, since that is a leak in what was tested. */
  readonly close: () => Promise<void>;
};

type TestDatabaseOptions = {
  /** Connections of `database`. */
  readonly max?: number;
  /** False for an empty database, without tables. */
  readonly migrated?: boolean;
};

/**
 * Makes a database as a copy of the migrated template, in about 10 ms (50 ms and more on a disk). The server is the one that `ROLLCALL_TEST_DATABASE_URL`
 * names (a role that may create databases), else an embedded one that the first call in the process starts.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = await testServer();
  const name = `rollcall_test_${process.pid}_${randomBytes(6).toString("hex")}`;
  const template = options.migrated === false ? "template0" : await server.template();
  await server.admin.query(`create database ${name} template ${template}${await server.strategy()}`);
  const connectionString = withDatabase(server.connectionString, name);
  const database = openDatabase({ connectionString, max: options.max ?? 5, applicationName: "test" });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= closeAndDrop(server, name, database).finally(() => forget(name));
    return closed;
  };
  open.add(name);
  return { database, connectionString, close, [Symbol.asyncDispose]: close };
}

type TestServer = {
  readonly connectionString: string;
  readonly admin: Database;
  readonly template: () => Promise<string>;
  readonly strategy: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

// One server for all test files of the process. Their own closing hooks run after the one here, which was registered when this
// file was imported; so the last to close a database stops the server.
let shared: Promise<TestServer> | undefined;
const open = new Set<string>();
let testsEnded = false;

after(async () => {
  testsEnded = true;
  await stopWhenUnused();
});

async function forget(name: string): Promise<void> {
  open.delete(name);
  if (testsEnded) {
    await stopWhenUnused();
  }
}

async function testServer(): Promise<TestServer> {
  shared ??= openTestServer();
  return await shared;
}

async function stopWhenUnused(): Promise<void> {
  const server = open.size === 0 ? shared : undefined;
  if (server !== undefined) {
    shared = undefined;
    await (await server).stop();
  }
}

async function openTestServer(): Promise<TestServer> {
  const given = process.env.ROLLCALL_TEST_DATABASE_URL;
  const own: TestPostgres | undefined = given === undefined || given === "" ? await startTestPostgres() : undefined;
  const connectionString = own?.connectionString ?? given ?? "";
  const admin = openDatabase({ connectionString, max: 3, applicationName: "test admin" });
  let template: Promise<string> | undefined;
  let strategy: Promise<string> | undefined;
  return {
    connectionString,
    admin,
    template: () => {
      template ??= ensureTemplate(admin, connectionString);
      return template;
    },
    strategy: () => {
      strategy ??= copyStrategy(admin);
      return strategy;
    },
    stop: async () => {
      await admin.close();
      await own?.stop();
    },
  };
}

/** Copying the files is ten times faster than logging them, where nothing has to be flushed (and since version 15 a choice). */
async function copyStrategy(admin: Database): Promise<string> {
  const { fast } = await one<{ fast: boolean }>(
    admin,
    "select current_setting('fsync') = 'off' and current_setting('server_version_num')::int >= 150000 as fast",
  );
  return fast ? " strategy file_copy" : "";
}

// Any constant of ours: one process makes the template, the others wait for it.
const templateLock = 7_810_777;

/** The template is named after the text of the migrations, so that a server which lives longer than they do is no trouble. */
async function ensureTemplate(admin: Database, connectionString: string): Promise<string> {
  const files = await readMigrationFiles();
  const digest = createHash("sha256").update(JSON.stringify([...files]));
  const name = `rollcall_template_${digest.digest("hex").slice(0, 16)}`;
  const client = await admin.pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [templateLock]);
    try {
      if ((await maybeOne(admin, "select from pg_database where datname = $1", [name])) === undefined) {
        await makeTemplate(admin, connectionString, name);
      }
    } finally {
      await client.query("select pg_advisory_unlock($1)", [templateLock]);
    }
  } finally {
    client.release();
  }
  return name;
}

/** The name appears when the template is complete. */
async function makeTemplate(admin: Database, connectionString: string, name: string): Promise<void> {
  const unfinished = `${name}_unfinished`;
  await admin.query(`drop database if exists ${unfinished} with (force)`);
  await admin.query(`create database ${unfinished} template template0`);
  const database = openDatabase({ connectionString: withDatabase(connectionString, unfinished), max: 1 });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
  await waitForNoConnections(admin, unfinished);
  await admin.query(`alter database ${unfinished} rename to ${name}`);
}

async function closeAndDrop(server: TestServer, name: string, database: Database): Promise<void> {
  const busy = database.pool.totalCount - database.pool.idleCount;
  if (busy > 0) {
    await server.admin.query(`drop database ${name} with (force)`);
    throw new Error(`${busy} connection(s) of the test database were not given back, or a query still runs.`);
  }
  await database.close();
  const left = await waitForNoConnections(server.admin, name);
  await server.admin.query(`drop database ${name} with (force)`);
  if (left.length > 0) {
    throw new Error(`Connections to the test database were left open:\n${left.join("\n")}`);
  }
}

/** A closed connection leaves the server's list a moment later. Returns what is still there when the moment is over. */
async function waitForNoConnections(admin: Database, name: string): Promise<readonly string[]> {
  const text = `select application_name || ': ' || query as "left" from pg_stat_activity
    where datname = $1 and backend_type = 'client backend'`;
  for (let attempt = 0; ; attempt++) {
    const found = await rows<{ left: string }>(admin, text, [name]);
    if (found.length === 0 || attempt === 500) {
      return found.map(({ left }) => left);
    }
    await sleep(attempt < 20 ? 5 : 20);
  }
}

function withDatabase(connectionString: string, name: string): string {
  return connectionString.replace(/^(\w+:\/\/[^/?#]*)(?:\/[^?#]*)?/, `$1/${name}`);
}
