import type { ApiToken } from "@rollcall/core/contract/access.ts";
import type { Account } from "@rollcall/core/contract/accounts.ts";
import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import { sql } from "kysely";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { maybeOne } from "../../postgres/query.ts";
import { readPage } from "../../postgres/read-page.ts";

type TokenHolder = { readonly account_id: string; readonly role: string; readonly scopes: readonly string[] };

/** The account of a token that may be used at `now`. */
export async function findTokenHolder(database: Database, hash: Buffer, now: Date): Promise<TokenHolder | undefined> {
  return await maybeOne<TokenHolder>(
    database,
    `select a.id as account_id, a.role, t.scopes
     from api_token t join account a on a.id = t.account_id
     where t.token_hash = $1 and t.revoked_at is null and a.status = 'active'
       and (t.expires_at is null or t.expires_at > $2)`,
    [hash, now],
  );
}

type AccountRow = Omit<Account, "createdAt"> & { readonly createdAt: Date };

const accountColumns = `a.id, a.kind, a.email, a.name, a.role, a.status,
  exists (select from password p where p.account_id = a.id) as "hasPassword", a.created_at as "createdAt"`;

const accountKeyset: Keyset = {
  list: "accounts",
  sorts: {
    name: { value: sql`a.name`, type: "text" },
    createdAt: { value: sql`a.created_at`, type: "timestamptz" },
  },
  defaultSort: "name",
  id: { value: sql`a.id`, type: "uuid" },
};

export async function listAccounts(database: Database, query: ListQuery): Promise<ListOf<Account>> {
  const pattern = containsPattern(query.q);
  const list = await readPage<AccountRow>(database, accountKeyset, query, {
    columns: sql.raw(accountColumns),
    from: sql`account a`,
    where: pattern === null ? [] : [sql`(a.name ilike ${pattern} or a.email ilike ${pattern})`],
  });
  return { ...list, data: list.data.map(toAccount) };
}

export async function findAccount(on: Queryable, id: string): Promise<Account | undefined> {
  if (!isUuid(id)) {
    return undefined;
  }
  const row = await maybeOne<AccountRow>(on, `select ${accountColumns} from account a where a.id = $1`, [id]);
  return row === undefined ? undefined : toAccount(row);
}

function toAccount({ id, kind, email, name, role, status, hasPassword, createdAt }: AccountRow): Account {
  return { id, kind, email, name, role, status, hasPassword, createdAt: createdAt.toISOString() };
}

type TokenRow = Omit<ApiToken, "expiresAt" | "revokedAt" | "createdAt"> & {
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
};

const tokenColumns = `t.id, t.account_id as "accountId", a.name as "accountName", t.name, t.scopes,
  t.expires_at as "expiresAt", t.revoked_at as "revokedAt", t.created_at as "createdAt"`;

const tokenKeyset: Keyset = {
  list: "api-tokens",
  sorts: { createdAt: { value: sql`t.created_at`, type: "timestamptz" }, name: { value: sql`t.name`, type: "text" } },
  defaultSort: "-createdAt",
  id: { value: sql`t.id`, type: "uuid" },
};

/** API tokens, never their secret; of one account, or of all when `accountId` is null. */
export async function listApiTokens(
  database: Database,
  query: ListQuery,
  accountId: string | null,
): Promise<ListOf<ApiToken>> {
  const list = await readPage<TokenRow>(
    database,
    tokenKeyset,
    { ...query, accountId },
    {
      columns: sql.raw(tokenColumns),
      from: sql`api_token t join account a on a.id = t.account_id`,
      where: accountId === null ? [] : [sql`t.account_id = ${accountId}`],
    },
  );
  return { ...list, data: list.data.map(toApiToken) };
}

export async function findApiToken(on: Queryable, id: string): Promise<ApiToken | undefined> {
  if (!isUuid(id)) {
    return undefined;
  }
  const row = await maybeOne<TokenRow>(
    on,
    `select ${tokenColumns} from api_token t join account a on a.id = t.account_id where t.id = $1`,
    [id],
  );
  return row === undefined ? undefined : toApiToken(row);
}

function toApiToken({ id, accountId, accountName, name, scopes, expiresAt, revokedAt, createdAt }: TokenRow): ApiToken {
  return {
    id,
    accountId,
    accountName,
    name,
    scopes,
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
