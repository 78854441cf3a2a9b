import type { ChangePassword } from "@rollcall/core/contract/session.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { findAccount } from "./access-queries.ts";
import { choosePassword } from "./choose-password.ts";
import type { Actor } from "./find-actor.ts";
import { limitAttempts } from "./limit-attempts.ts";
import { openSession, type Visitor } from "./open-session.ts";
import { verifyPassword } from "./password-hash.ts";
import { findPasswordHolder } from "./session-queries.ts";
import { deleteSessionsOf, forgetAttempts, savePassword } from "./session-store.ts";

/**
 * Gives the actor's account another password and ends all its sessions; the secret of the new one is for the cookie.
 *
 * @throws ProductError `request.invalid` at the field that is wrong, `session.too_many_attempts`
 */
export async function changePassword(
  database: Database,
  actor: Actor,
  { currentPassword, newPassword }: ChangePassword,
  visitor: Visitor,
): Promise<string> {
  const email = (await findAccount(database, actor.accountId))?.email ?? "";
  const attempts = await limitAttempts(database, email, visitor.address, visitor.now);
  const holder = await findPasswordHolder(database, email);
  if (!(await verifyPassword(currentPassword, holder?.hash ?? undefined))) {
    throw new ProductError("request.invalid", "The current password is wrong.", {
      problems: [{ pointer: "/currentPassword", message: "is not the password of this account" }],
    });
  }
  const hash = await choosePassword(newPassword, email, "/newPassword");
  return await inTransaction(database, async (transaction) => {
    await forgetAttempts(transaction, attempts);
    await savePassword(transaction, actor.accountId, hash, visitor.now);
    await deleteSessionsOf(transaction, actor.accountId);
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "account.change_password",
      target: "account",
      targetId: actor.accountId,
      details: { address: visitor.address },
    });
    return await openSession(transaction, actor.accountId, visitor);
  });
}
