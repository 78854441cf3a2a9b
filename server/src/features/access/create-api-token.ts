import type { ApiToken, CreateApiToken } from "@rollcall/core/contract/access.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { findAccount, findApiToken } from "./access-queries.ts";
import { insertApiToken } from "./access-store.ts";
import { type Actor, permissionsOf } from "./find-actor.ts";
import { hashSecret, newSecret } from "./session-secret.ts";

/**
 * Makes a token and returns it with its secret, which is kept nowhere. It can never do more than who makes it.
 *
 * @throws ProductError `account.not_found`, `access.forbidden`
 */
export async function createApiToken(
  database: Database,
  actor: Actor,
  { name, accountId = actor.accountId, scopes, expiresAt }: CreateApiToken,
): Promise<ApiToken & { readonly token: string }> {
  const token = `rc_${newSecret()}`;
  return await inTransaction(database, async (transaction) => {
    const account = mayActFor(actor, accountId) ? await findAccount(transaction, accountId) : undefined;
    if (account === undefined) {
      throw new ProductError("account.not_found", `There is no account ${accountId} that you may make a token for.`, {
        problems: [{ pointer: "/accountId", message: "must be the id of an account you may make tokens for" }],
      });
    }
    refuseEscalation(actor, permissionsOf(account.role, scopes));
    const id = await insertApiToken(transaction, { accountId, name, hash: hashSecret(token), scopes, expiresAt });
    const created = id === undefined ? undefined : await findApiToken(transaction, id);
    if (created === undefined) {
      throw new Error("A token of 256 random bits cannot exist already.");
    }
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "api_token.create",
      target: "api_token",
      targetId: created.id,
      details: { name, accountId, scopes, expiresAt },
    });
    return { ...created, token };
  });
}

/** Tokens of other accounts are the business of who may change accounts. */
export function mayActFor(actor: Actor, accountId: string): boolean {
  return accountId === actor.accountId || actor.permissions.has("account.write");
}

function refuseEscalation(actor: Actor, wanted: ReturnType<typeof permissionsOf>): void {
  const beyond = wanted.filter((permission) => !actor.permissions.has(permission));
  if (beyond.length > 0) {
    throw new ProductError(
      "access.forbidden",
      `The token would have permissions that you do not have here: ${beyond.join(", ")}. Name narrower scopes.`,
      { problems: [{ pointer: "/scopes", message: "must not go beyond your own permissions" }] },
    );
  }
}
