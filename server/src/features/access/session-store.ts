import type { Database, Transaction } from "../../postgres/database.ts";
import { affected, maybeOne } from "../../postgres/query.ts";

type NewSession = {
  readonly accountId: string;
  readonly tokenHash: Buffer;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly address: string;
  readonly userAgent: string;
};

export async function insertSession(transaction: Transaction, session: NewSession): Promise<void> {
  await affected(
    transaction,
    `insert into session (account_id, token_hash, created_at, last_used_at, expires_at, address, user_agent)
     values ($1, $2, $3, $3, $4, $5, $6)`,
    [session.accountId, session.tokenHash, session.now, session.expiresAt, session.address, session.userAgent],
  );
}

export async function touchSession(database: Database, id: string, now: Date): Promise<void> {
  await affected(database, "update session set last_used_at = greatest(last_used_at, $2) where id = $1", [id, now]);
}

/** Whether the account had such a session. */
export async function deleteSession(transaction: Transaction, accountId: string, id: string): Promise<boolean> {
  return (await affected(transaction, "delete from session where account_id = $1 and id = $2", [accountId, id])) > 0;
}

export async function deleteSessionsOf(transaction: Transaction, accountId: string): Promise<void> {
  await affected(transaction, "delete from session where account_id = $1", [accountId]);
}

export async function deleteSessionWith(transaction: Transaction, tokenHash: Buffer): Promise<void> {
  await affected(transaction, "delete from session where token_hash = $1", [tokenHash]);
}

/** Takes away what ended by itself: sessions, links and counts of attempts. */
export async function deleteEnded(
  transaction: Transaction,
  { now, idleSince, attemptsBefore }: { readonly now: Date; readonly idleSince: Date; readonly attemptsBefore: Date },
): Promise<void> {
  await affected(transaction, "delete from session where expires_at <= $1 or last_used_at <= $2", [now, idleSince]);
  await affected(transaction, "delete from one_time_link where expires_at <= $1", [now]);
  await affected(transaction, "delete from sign_in_attempt where started_at <= $1", [attemptsBefore]);
}

/** Who has a password needs no start link any more, so that goes as well. */
export async function savePassword(
  transaction: Transaction,
  accountId: string,
  hash: string,
  now: Date,
): Promise<void> {
  await affected(
    transaction,
    `insert into password (account_id, hash, changed_at) values ($1, $2, $3)
     on conflict (account_id) do update set hash = excluded.hash, changed_at = excluded.changed_at`,
    [accountId, hash, now],
  );
  await affected(transaction, "delete from one_time_link where purpose = 'start'");
}

type NewLink = { readonly accountId: string | null; readonly tokenHash: Buffer; readonly expiresAt: Date };

/** The link takes the place of the one before it: of the account's, or of the start's when `accountId` is null. */
export async function replaceLink(
  transaction: Transaction,
  { accountId, tokenHash, expiresAt }: NewLink,
): Promise<void> {
  await transaction.query("select pg_advisory_xact_lock($1)", [linkLock]);
  await affected(transaction, "delete from one_time_link where account_id is not distinct from $1", [accountId]);
  await affected(
    transaction,
    "insert into one_time_link (token_hash, purpose, account_id, expires_at) values ($1, $2, $3, $4)",
    [tokenHash, accountId === null ? "start" : "invitation", accountId, expiresAt],
  );
}

/** Uses the start link up; false when there is none with this hash. */
export async function takeStartLink(transaction: Transaction, tokenHash: Buffer, now: Date): Promise<boolean> {
  const taken = await affected(
    transaction,
    "delete from one_time_link where token_hash = $1 and purpose = 'start' and expires_at > $2",
    [tokenHash, now],
  );
  return taken > 0;
}

/** Uses an invitation up; the account's id, undefined when there is none with this hash. */
export async function takeInvitation(
  transaction: Transaction,
  tokenHash: Buffer,
  now: Date,
): Promise<string | undefined> {
  const row = await maybeOne<{ account_id: string }>(
    transaction,
    `delete from one_time_link using account a
     where token_hash = $1 and purpose = 'invitation' and expires_at > $2 and a.id = account_id and a.status = 'active'
     returning account_id`,
    [tokenHash, now],
  );
  return row?.account_id;
}

type Attempts = { readonly attempts: number; readonly startedAt: Date };

/** Counts one more attempt before its outcome is known, so that many at once are all counted. A count of before `windowStart` begins anew. */
export async function countAttempt(database: Database, key: Buffer, now: Date, windowStart: Date): Promise<Attempts> {
  const row = await maybeOne<Attempts>(
    database,
    `insert into sign_in_attempt as a (key, attempts, started_at) values ($1, 1, $2)
     on conflict (key) do update set
       attempts = case when a.started_at <= $3 then 1 else a.attempts + 1 end,
       started_at = case when a.started_at <= $3 then excluded.started_at else a.started_at end
     returning attempts, started_at as "startedAt"`,
    [key, now, windowStart],
  );
  return row ?? { attempts: 1, startedAt: now };
}

export async function forgetAttempts(transaction: Transaction, key: Buffer): Promise<void> {
  await affected(transaction, "delete from sign_in_attempt where key = $1", [key]);
}

// Any constant of ours.
const linkLock = 7_810_779;
