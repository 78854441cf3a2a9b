import { type Permission, rolePermissions } from "@rollcall/core/contract/access.ts";
import { accountRoles } from "@rollcall/core/contract/accounts.ts";
import type { Database } from "../../postgres/database.ts";
import { findTokenHolder } from "./access-queries.ts";
import { hashSecret } from "./session-secret.ts";

/** The authenticated account behind a request, and what it may do there. */
export type Actor = {
  readonly accountId: string;
  readonly role: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Of a browser; none for an API token. */
  readonly session?: { readonly id: string; readonly csrfToken: string };
};

/** The actor of an API token; undefined when the token is unknown, expired or revoked, or its account is disabled. */
export async function findActor(database: Database, token: string, now: Date): Promise<Actor | undefined> {
  const holder = await findTokenHolder(database, hashSecret(token), now);
  if (holder === undefined) {
    return undefined;
  }
  return {
    accountId: holder.account_id,
    role: holder.role,
    permissions: new Set(permissionsOf(holder.role, holder.scopes)),
  };
}

/** What a token of an account with `role` may do: the role's permissions within the token's scopes. */
export function permissionsOf(role: string, scopes: readonly string[]): readonly Permission[] {
  const known = accountRoles.find((name) => name === role);
  const allowed = known === undefined ? [] : rolePermissions[known];
  return scopes.includes("*") ? allowed : allowed.filter((permission) => scopes.includes(permission));
}
