import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { insertAccount, insertApiToken, lockTokenHash } from "./access-store.ts";
import { hashSecret } from "./session-secret.ts";

const minTokenLength = 32;

/**
 * Makes the token of ROLLCALL_API_TOKEN an administrator's, with a service account of its own. Once it exists it is left
 * alone: a token that was revoked stays so. Several processes may start at once.
 *
 * @throws ProductError `config.invalid` when the token is too short
 */
export async function ensureFirstToken(database: Database, token: string): Promise<void> {
  if (token.length < minTokenLength) {
    throw new ProductError("config.invalid", `ROLLCALL_API_TOKEN must have at least ${minTokenLength} characters.`);
  }
  const hash = hashSecret(token);
  await inTransaction(database, async (transaction) => {
    if (await lockTokenHash(transaction, hash)) {
      return;
    }
    const accountId = await insertAccount(transaction, {
      kind: "service",
      email: null,
      name: "Token from the environment",
      role: "administrator",
    });
    if (accountId === undefined) {
      throw new Error("An account without an e-mail address cannot clash with another.");
    }
    const targetId = await insertApiToken(transaction, {
      accountId,
      name: "ROLLCALL_API_TOKEN",
      hash,
      scopes: ["*"],
      expiresAt: null,
    });
    await recordAudit(transaction, {
      actorId: null,
      action: "api_token.create",
      target: "api_token",
      targetId: targetId ?? null,
    });
  });
}
