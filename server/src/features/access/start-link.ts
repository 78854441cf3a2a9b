import type { Start } from "@rollcall/core/contract/session.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { insertAccount } from "./access-store.ts";
import { choosePassword } from "./choose-password.ts";
import { openSession, type Visitor } from "./open-session.ts";
import { after } from "./session-lifetime.ts";
import { findLink, somebodyHasPassword } from "./session-queries.ts";
import { hashSecret, newSecret } from "./session-secret.ts";
import { replaceLink, savePassword, takeStartLink } from "./session-store.ts";

const startLinkMilliseconds = 24 * 3_600_000;

/**
 * The address where the first administrator is made, while nobody can sign in with a password; null otherwise. It works once and
 * for 24 hours, and takes the place of the one before it. The secret stands after the #, which browsers send to nobody.
 */
export async function ensureStartLink(database: Database, publicUrl: string, now: Date): Promise<string | null> {
  const secret = newSecret();
  const expiresAt = after(now, startLinkMilliseconds);
  return await inTransaction(database, async (transaction) => {
    if (await somebodyHasPassword(transaction)) {
      return null;
    }
    await replaceLink(transaction, { accountId: null, tokenHash: hashSecret(secret), expiresAt });
    return `${publicUrl}/start#${secret}`;
  });
}

/**
 * Makes the first administrator and signs them in; the secret is for the cookie.
 *
 * @throws ProductError `link.invalid`, `account.email_taken`, `request.invalid`
 */
export async function completeStart(
  database: Database,
  { token, email, name, password }: Start,
  visitor: Visitor,
): Promise<string> {
  const tokenHash = hashSecret(token);
  if ((await findLink(database, "start", tokenHash, visitor.now)) === undefined) {
    throw usedUp();
  }
  const hash = await choosePassword(password, email, "/password");
  return await inTransaction(database, async (transaction) => {
    if (!(await takeStartLink(transaction, tokenHash, visitor.now))) {
      throw usedUp();
    }
    const account = { kind: "person", email, name, role: "administrator" } as const;
    const accountId = await insertAccount(transaction, account);
    if (accountId === undefined) {
      throw new ProductError("account.email_taken", `Another account has the e-mail address ${email}.`, {
        problems: [{ pointer: "/email", message: "belongs to another account" }],
      });
    }
    await savePassword(transaction, accountId, hash, visitor.now);
    const details = { name, role: account.role, address: visitor.address };
    await recordAudit(transaction, {
      actorId: accountId,
      action: "account.start",
      target: "account",
      targetId: accountId,
      details,
    });
    return await openSession(transaction, accountId, visitor);
  });
}

function usedUp(): ProductError {
  return new ProductError(
    "link.invalid",
    "The start link was used, replaced or has expired. Restart Rollcall: the terminal shows a new one while there is no administrator.",
  );
}
