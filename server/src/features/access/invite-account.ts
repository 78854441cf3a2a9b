import type { CreateAccount, InvitedAccount } from "@rollcall/core/contract/accounts.ts";
import type { AcceptInvitation } from "@rollcall/core/contract/session.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database, Transaction } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { findAccount } from "./access-queries.ts";
import { createAccount } from "./change-account.ts";
import { choosePassword } from "./choose-password.ts";
import type { Actor } from "./find-actor.ts";
import { openSession, type Visitor } from "./open-session.ts";
import { after } from "./session-lifetime.ts";
import { findLink } from "./session-queries.ts";
import { hashSecret, newSecret } from "./session-secret.ts";
import { deleteSessionsOf, replaceLink, savePassword, takeInvitation } from "./session-store.ts";

const invitationMilliseconds = 72 * 3_600_000;

/** Where links lead, and when they are made. */
type LinkParts = { readonly publicUrl: string; readonly now: Date };

/**
 * Creates a person's account with the link to hand over.
 *
 * @throws ProductError `account.email_taken`
 */
export async function createInvitedAccount(
  database: Database,
  actor: Actor,
  account: CreateAccount,
  link: LinkParts,
): Promise<InvitedAccount> {
  return await inTransaction(database, async (transaction) => {
    const created = await createAccount(transaction, actor, account);
    return { ...created, inviteLink: await makeInvitation(transaction, created.id, link) };
  });
}

/**
 * A new link for an account, also for a forgotten password, which goes on working until the link is used. The link before it stops
 * working.
 *
 * @throws ProductError `account.not_found`, `account.not_a_person`
 */
export async function inviteAccount(
  database: Database,
  actor: Actor,
  id: string,
  link: LinkParts,
): Promise<InvitedAccount> {
  return await inTransaction(database, async (transaction) => {
    const account = await findAccount(transaction, id);
    if (account === undefined) {
      throw new ProductError("account.not_found", `There is no account ${id}.`);
    }
    if (account.kind !== "person" || account.email === null) {
      throw new ProductError("account.not_a_person", `${account.name} is a service account and cannot be invited.`);
    }
    await recordAudit(transaction, {
      actorId: actor.accountId,
      action: "account.invite",
      target: "account",
      targetId: id,
    });
    return { ...account, inviteLink: await makeInvitation(transaction, id, link) };
  });
}

async function makeInvitation(
  transaction: Transaction,
  accountId: string,
  { publicUrl, now }: LinkParts,
): Promise<string> {
  const secret = newSecret();
  const expiresAt = after(now, invitationMilliseconds);
  await replaceLink(transaction, { accountId, tokenHash: hashSecret(secret), expiresAt });
  return `${publicUrl}/invitation#${secret}`;
}

/**
 * Gives the invited account its password, ends its other sessions and signs in; the secret is for the cookie.
 *
 * @throws ProductError `link.invalid`, `request.invalid`
 */
export async function acceptInvitation(
  database: Database,
  { token, password }: AcceptInvitation,
  visitor: Visitor,
): Promise<string> {
  const tokenHash = hashSecret(token);
  const link = await findLink(database, "invitation", tokenHash, visitor.now);
  if (link === undefined) {
    throw usedUp();
  }
  const hash = await choosePassword(password, link.email, "/password");
  return await inTransaction(database, async (transaction) => {
    const accountId = await takeInvitation(transaction, tokenHash, visitor.now);
    if (accountId === undefined) {
      throw usedUp();
    }
    await savePassword(transaction, accountId, hash, visitor.now);
    await deleteSessionsOf(transaction, accountId);
    await recordAudit(transaction, {
      actorId: accountId,
      action: "account.accept_invitation",
      target: "account",
      targetId: accountId,
      details: { address: visitor.address },
    });
    return await openSession(transaction, accountId, visitor);
  });
}

function usedUp(): ProductError {
  return new ProductError(
    "link.invalid",
    "The invitation was used, replaced or has expired. Ask an administrator for a new one.",
  );
}
