import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from "kysely";
import { type ClientBase, Pool, type PoolClient, type PoolConfig, type QueryResult, type QueryResultRow } from "pg";
import { asDatabaseError } from "./database-error.ts";
import type { Tables } from "./tables.ts";
import { typeParsers } from "./type-parsers.ts";

/** What a query can be sent to: the database (one statement, its own transaction) or an open transaction. */
export type Queryable = Database | Transaction;

export type Database = AsyncDisposable & {
  readonly kind: "database";
  readonly query: Query;
  readonly kysely: Kysely<Tables>;
  /** For libraries that bring their own queries; the product's own code uses `query` and `kysely`. */
  readonly pool: Pool;
  /** Waits for connections in use, then closes all. Closing twice is the same as once. */
  readonly close: () => Promise<void>;
};

/** An open transaction; made by `inTransaction` alone. After its end every use throws "transaction already finished". */
export type Transaction = {
  readonly kind: "transaction";
  readonly query: Query;
  readonly kysely: Kysely<Tables>;
  /** The connection, for COPY. */
  readonly connection: () => PoolClient;
  /** Runs `action` after the commit, in the order given; never when the transaction rolls back. */
  readonly onCommit: (action: () => void | Promise<void>) => void;
};

/**
 * Runs one statement, `$1` … standing for `params`. Without parameters the text may hold several statements.
 *
 * @throws ProductError `database.unreachable`, `database.cannot_start`; the driver's error (see `sqlState`) otherwise
 */
export type Query = <Row extends QueryResultRow = QueryResultRow>(
  text: string,
  params?: readonly unknown[],
) => Promise<QueryResult<Row>>;

/** Where PostgreSQL is: a connection string, or its parts. */
export type DatabaseAddress =
  | { readonly connectionString: string }
  | Pick<PoolConfig, "host" | "port" | "user" | "password" | "database" | "ssl">;

/**
 * Settings of a pool: `max` connections (10), how long one is kept that nobody uses (10 s), the name that pg_stat_activity shows, what is
 * done first on each, and who hears of lost idle connections.
 */
export type DatabaseOptions = DatabaseAddress & {
  readonly max?: number;
  readonly idleMilliseconds?: number;
  readonly applicationName?: string;
  readonly onConnect?: (client: ClientBase) => Promise<void>;
  readonly onConnectionLost?: (error: Error) => void;
};

/**
 * Opens a pool; nothing connects before the first query. Every connection speaks UTC. How values arrive is written in
 * `type-parsers.ts`.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const {
    max = 10,
    idleMilliseconds = 10_000,
    applicationName = "rollcall",
    onConnect,
    onConnectionLost,
    ...address
  } = options;
  const pool = new Pool({
    ...address,
    max,
    idleTimeoutMillis: idleMilliseconds,
    // A router forgets a connection that says nothing for minutes.
    keepAlive: true,
    keepAliveInitialDelayMillis: 60_000,
    application_name: applicationName,
    types: typeParsers,
    connectionTimeoutMillis: 15_000,
    onConnect: async (client) => {
      // A connection that breaks between two queries emits an error that would end the process if nobody listened; the
      // next query on it fails and reports the same break.
      client.on("error", () => undefined);
      await client.query(`set time zone 'UTC'; ${noticeDeadHosts}`);
      await onConnect?.(client);
    },
  });
  pool.on("error", (error) => onConnectionLost?.(error));

  const query: Query = async (text, params) => {
    try {
      return await pool.query(text, params === undefined ? undefined : [...params]);
    } catch (error) {
      throw asDatabaseError(error);
    }
  };
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= pool.end();
    return closed;
  };
  const connect = async (): Promise<PostgresPoolClient> => {
    try {
      const client = await pool.connect();
      return kyselyClient(client, (text, params) => client.query(text, [...(params ?? [])]));
    } catch (error) {
      throw asDatabaseError(error);
    }
  };
  return {
    kind: "database",
    query,
    kysely: openKysely(connect),
    pool,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** When the machine of this process dies without a word, the server gives its locks up after a minute instead of two hours. */
const noticeDeadHosts = "set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3";

/** Kysely over connections that somebody else owns: destroying it closes nothing. */
export function openKysely(connect: () => Promise<PostgresPoolClient>): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect, end: async () => undefined, options: {} } }),
  });
}

/** A connection as Kysely sees it, its queries going through `query`. */
export function kyselyClient(client: PoolClient, query: Query, release = client.release): PostgresPoolClient {
  function send<Row>(text: string, params: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  function send<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  function send(text: unknown, params?: readonly unknown[]): unknown {
    if (typeof text !== "string") {
      throw new Error("Kysely's stream() is not set up; read with keyset pages, or with COPY.");
    }
    return query(text, params).catch((error: unknown) => {
      throw asDatabaseError(error);
    });
  }
  return { query: send, release: (destroy) => release(destroy) };
}
