import type { ApiToken } from "@rollcall/core/contract/access.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { findApiToken } from "./access-queries.ts";
import { revokeApiToken } from "./access-store.ts";
import { mayActFor } from "./create-api-token.ts";
import type { Actor } from "./find-actor.ts";

/**
 * Ends a token for good; one that is revoked already stays as it is. Other people's tokens are not found.
 *
 * @throws ProductError `api_token.not_found`
 */
export async function revokeToken(database: Database, actor: Actor, id: string, now: Date): Promise<ApiToken> {
  return await inTransaction(database, async (transaction) => {
    const token = await findApiToken(transaction, id);
    if (token === undefined || !mayActFor(actor, token.accountId)) {
      throw new ProductError("api_token.not_found", `There is no API token ${id}.`);
    }
    await revokeApiToken(transaction, id, now);
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "api_token.revoke",
      target: "api_token",
      targetId: id,
      details: { name: token.name },
    });
    return (await findApiToken(transaction, id)) ?? token;
  });
}
