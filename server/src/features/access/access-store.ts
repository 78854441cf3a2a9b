import type { CreateAccount } from "@rollcall/core/contract/accounts.ts";
import type { Transaction } from "../../postgres/database.ts";
import { affected, maybeOne, one } from "../../postgres/query.ts";

/** The new account's id; undefined when the e-mail address belongs to another. */
export async function insertAccount(
  transaction: Transaction,
  account: Pick<CreateAccount, "name" | "role"> & {
    readonly kind: "person" | "service";
    readonly email: string | null;
  },
): Promise<string | undefined> {
  const row = await maybeOne<{ id: string }>(
    transaction,
    `insert into account (kind, email, name, role) values ($1, $2, $3, $4)
     on conflict do nothing returning id`,
    [account.kind, account.email, account.name, account.role],
  );
  return row?.id;
}

type AccountUpdate = {
  readonly name?: string | undefined;
  readonly role?: string | undefined;
  readonly status?: "active" | "disabled" | undefined;
};

export async function updateAccount(transaction: Transaction, id: string, change: AccountUpdate): Promise<void> {
  await affected(
    transaction,
    `update account set name = coalesce($2, name), role = coalesce($3, role), status = coalesce($4, status), updated_at = now()
     where id = $1`,
    [id, change.name, change.role, change.status],
  );
}

/** Locks the active administrators, so that two of them cannot remove each other at the same moment, and counts them. */
export async function lockAdministrators(transaction: Transaction): Promise<number> {
  const { count } = await one<{ count: number }>(
    transaction,
    `select count(*)::int as count from
       (select from account where role = 'administrator' and status = 'active' order by id for update) as administrator`,
  );
  return count;
}

type NewToken = {
  readonly accountId: string;
  readonly name: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
};

/** The new token's id; undefined when a token with this hash exists. */
export async function insertApiToken(transaction: Transaction, token: NewToken): Promise<string | undefined> {
  const row = await maybeOne<{ id: string }>(
    transaction,
    `insert into api_token (account_id, name, token_hash, scopes, expires_at) values ($1, $2, $3, $4, $5)
     on conflict (token_hash) do nothing returning id`,
    [token.accountId, token.name, token.hash, token.scopes, token.expiresAt],
  );
  return row?.id;
}

export async function revokeApiToken(transaction: Transaction, id: string, now: Date): Promise<void> {
  await affected(transaction, "update api_token set revoked_at = coalesce(revoked_at, $2) where id = $1", [id, now]);
}

/** Whether a token with this hash exists, used, expired or revoked. Waits for others that ask the same. */
export async function lockTokenHash(transaction: Transaction, hash: Buffer): Promise<boolean> {
  await transaction.query("select pg_advisory_xact_lock($1)", [firstTokenLock]);
  const row = await maybeOne(transaction, "select from api_token where token_hash = $1", [hash]);
  return row !== undefined;
}

// Any constant of ours.
const firstTokenLock = 7_810_778;
