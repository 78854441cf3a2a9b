import { setTimeout as sleep } from "node:timers/promises";
import { ProductError } from "@rollcall/core/errors.ts";
import type { StoredToken, TokenStore } from "@rollcall/vendor-http/access-token.ts";
import type { PoolClient, QueryResultRow } from "pg";
import type { Database } from "../postgres/database.ts";
import { asDatabaseError } from "../postgres/database-error.ts";
import type { Vault } from "../vault/vault.ts";

export type TokenSubject = {
  readonly credentialId: string;
  readonly tokenUrl: string;
  /** Of the client's id and secret: a token of an earlier secret is not used. */
  readonly fingerprint: Buffer;
};

/**
 * Keeps a credential's access token in the database, sealed, where every process finds it. The lock is a session's advisory
 * lock, not a transaction, because minting waits for the vendor.
 *
 * Who waits for the lock holds no connection, and who has it reads and writes over the lock's own: else a pool of waiting runs
 * would leave the one that mints no connection to store its token.
 */
export function credentialTokenStore(database: Database, vault: Vault, subject: TokenSubject): TokenStore {
  const { credentialId, tokenUrl, fingerprint } = subject;
  const binding = { table: "credential_token", row: credentialId, field: tokenUrl };
  const key = `mint ${credentialId} ${tokenUrl}`;
  let lockHolder: PoolClient | null = null;
  const query = <Row extends QueryResultRow>(sql: string, params: unknown[]) =>
    lockHolder === null ? database.query<Row>(sql, params) : lockHolder.query<Row>(sql, params).catch(throwCoded);
  return {
    read: async () => {
      const { rows } = await query<{ sealed: string; expiresAt: Date | null }>(
        `select sealed, expires_at as "expiresAt" from credential_token
         where credential_id = $1 and token_url = $2 and fingerprint = $3`,
        [credentialId, tokenUrl, fingerprint],
      );
      const [row] = rows;
      if (row === undefined) return null;
      return { accessToken: await vault.open(binding, row.sealed), expiresAt: row.expiresAt };
    },
    write: async ({ accessToken, expiresAt }: StoredToken) => {
      await query(
        `insert into credential_token (credential_id, token_url, sealed, fingerprint, expires_at)
         values ($1, $2, $3, $4, $5)
         on conflict (credential_id, token_url) do update
         set sealed = excluded.sealed, fingerprint = excluded.fingerprint, expires_at = excluded.expires_at, minted_at = now()`,
        [credentialId, tokenUrl, await vault.seal(binding, accessToken), fingerprint, expiresAt],
      );
    },
    withLock: async (work, signal) => {
      const client = await lockedConnection(database, key, signal);
      lockHolder = client;
      try {
        return await work();
      } finally {
        lockHolder = null;
        await unlock(client, key);
      }
    },
  };
}

const longestWaitMs = 60_000;
const longestPauseMs = 250;

/** A connection whose session has the advisory lock; asked for again and again, at growing pauses. */
async function lockedConnection(database: Database, key: string, signal: AbortSignal): Promise<PoolClient> {
  const since = performance.now();
  for (let pause = 20; ; pause = Math.min(pause * 1.5, longestPauseMs)) {
    signal.throwIfAborted();
    const client = await database.pool.connect().catch(throwCoded);
    try {
      const { rows } = await client.query<{ held: boolean }>(
        "select pg_try_advisory_lock(hashtextextended($1, 1)) as held",
        [key],
      );
      if (rows[0]?.held === true) return client;
    } catch (error) {
      client.release(true);
      throw asDatabaseError(error);
    }
    client.release();
    if (performance.now() - since > longestWaitMs) throw lockedTooLong();
    await sleep(pause, undefined, { signal });
  }
}

/** A session that cannot say that it gave up the lock is closed, which gives it up. */
async function unlock(client: PoolClient, key: string): Promise<void> {
  try {
    await client.query("select pg_advisory_unlock(hashtextextended($1, 1))", [key]);
    client.release();
  } catch (error) {
    client.release(true);
    throw asDatabaseError(error);
  }
}

function throwCoded(error: unknown): never {
  throw asDatabaseError(error);
}

function lockedTooLong(): ProductError {
  return new ProductError(
    "vendor.unreachable",
    "Another process has been fetching an access token for this credential for over a minute; the next attempt tries again.",
  );
}
