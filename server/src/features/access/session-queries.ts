import type { Session } from "@rollcall/core/contract/session.ts";
import type { Database, Queryable } from "../../postgres/database.ts";
import { maybeOne, one, rows } from "../../postgres/query.ts";

type SessionHolder = {
  readonly id: string;
  readonly accountId: string;
  readonly role: string;
  readonly lastUsedAt: Date;
};

/** The account behind a session that was used after `idleSince`. */
export async function findSessionHolder(
  database: Database,
  tokenHash: Buffer,
  { now, idleSince }: { readonly now: Date; readonly idleSince: Date },
): Promise<SessionHolder | undefined> {
  return await maybeOne<SessionHolder>(
    database,
    `select s.id, s.account_id as "accountId", a.role, s.last_used_at as "lastUsedAt"
     from session s join account a on a.id = s.account_id
     where s.token_hash = $1 and s.expires_at > $2 and s.last_used_at > $3 and a.status = 'active'`,
    [tokenHash, now, idleSince],
  );
}

type SessionRow = Omit<Session, "current" | "createdAt" | "lastUsedAt" | "expiresAt"> & {
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
};

/** The sessions of an account that have not ended, the last used first. */
export async function listSessions(
  database: Database,
  accountId: string,
  { now, idleSince, currentId }: { readonly now: Date; readonly idleSince: Date; readonly currentId: string | null },
): Promise<readonly Session[]> {
  const found = await rows<SessionRow>(
    database,
    `select id, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt", address,
       user_agent as "userAgent"
     from session where account_id = $1 and expires_at > $2 and last_used_at > $3
     order by last_used_at desc, id desc limit 200`,
    [accountId, now, idleSince],
  );
  return found.map(({ id, createdAt, lastUsedAt, expiresAt, address, userAgent }) => ({
    id,
    current: id === currentId,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    address,
    userAgent,
  }));
}

type PasswordHolder = {
  readonly accountId: string;
  readonly email: string;
  /** Null: none was chosen yet, or the account is disabled. */
  readonly hash: string | null;
};

/** The person with this e-mail address, compared as sync keys are. */
export async function findPasswordHolder(database: Database, email: string): Promise<PasswordHolder | undefined> {
  return await maybeOne<PasswordHolder>(
    database,
    `select a.id as "accountId", a.email, case when a.status = 'active' then p.hash end as hash
     from account a left join password p on p.account_id = a.id
     where comparable(a.email) = comparable($1) and a.email is not null and a.kind = 'person'`,
    [email],
  );
}

/** Whether anybody can sign in with a password, disabled people not counted. */
export async function somebodyHasPassword(on: Queryable): Promise<boolean> {
  const { found } = await one<{ found: boolean }>(
    on,
    `select exists (
       select from password p join account a on a.id = p.account_id where a.kind = 'person' and a.status = 'active'
     ) as found`,
  );
  return found;
}

/** Whether the link could be used; the e-mail address of an invited account with it. */
export async function findLink(
  database: Database,
  purpose: "start" | "invitation",
  tokenHash: Buffer,
  now: Date,
): Promise<{ readonly email: string | null } | undefined> {
  return await maybeOne<{ email: string | null }>(
    database,
    `select a.email from one_time_link l left join account a on a.id = l.account_id
     where l.token_hash = $2 and l.purpose = $1 and l.expires_at > $3`,
    [purpose, tokenHash, now],
  );
}
