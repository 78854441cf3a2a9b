import type { SignIn } from "@rollcall/core/contract/session.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { limitAttempts } from "./limit-attempts.ts";
import { openSession, type Visitor } from "./open-session.ts";
import { hashPassword, isOutdated, verifyPassword } from "./password-hash.ts";
import { findPasswordHolder } from "./session-queries.ts";
import { forgetAttempts, savePassword } from "./session-store.ts";

/**
 * Signs a person in; the secret is for the cookie. The answer and the time it takes do not tell whether the account exists, has a
 * password or is disabled.
 *
 * @throws ProductError `session.wrong_credentials`, `session.too_many_attempts`
 */
export async function signIn(database: Database, { email, password }: SignIn, visitor: Visitor): Promise<string> {
  const attempts = await limitAttempts(database, email, visitor.address, visitor.now);
  const holder = await findPasswordHolder(database, email);
  const hash = holder?.hash ?? undefined;
  if (!(await verifyPassword(password, hash)) || holder === undefined || hash === undefined) {
    await inTransaction(database, async (transaction) => {
      await recordAudit(transaction, {
        actorId: null,
        action: "session.sign_in_failed",
        target: "account",
        targetId: holder?.accountId ?? null,
        // Not what was typed: people type passwords into the wrong field.
        details: { address: visitor.address },
      });
    });
    throw new ProductError("session.wrong_credentials", "The e-mail address or the password is wrong.");
  }
  const stronger = isOutdated(hash) ? await hashPassword(password) : undefined;
  return await inTransaction(database, async (transaction) => {
    await forgetAttempts(transaction, attempts);
    if (stronger !== undefined) {
      await savePassword(transaction, holder.accountId, stronger, visitor.now);
    }
    await recordAudit(transaction, {
      actorId: holder.accountId,
      action: "session.sign_in",
      target: "account",
      targetId: holder.accountId,
      details: { address: visitor.address },
    });
    return await openSession(transaction, holder.accountId, visitor);
  });
}
