import type { Transaction } from "../../postgres/database.ts";
import { attemptWindow } from "./limit-attempts.ts";
import { after, before, idleMilliseconds, sessionMilliseconds } from "./session-lifetime.ts";
import { hashSecret, newSecret } from "./session-secret.ts";
import { deleteEnded, deleteSessionWith, insertSession } from "./session-store.ts";

/** The browser that asks, and when. */
export type Visitor = {
  readonly now: Date;
  readonly address: string;
  readonly userAgent: string;
  /** What its cookie holds at the moment, whoever put it there. */
  readonly sessionSecret: string | undefined;
};

/**
 * A new session, whose secret is for the cookie. It never goes on with what the cookie held before, which ends, so that nobody
 * can prepare a session for somebody else to sign in to.
 */
export async function openSession(transaction: Transaction, accountId: string, visitor: Visitor): Promise<string> {
  const { now } = visitor;
  const secret = newSecret();
  if (visitor.sessionSecret !== undefined) {
    await deleteSessionWith(transaction, hashSecret(visitor.sessionSecret));
  }
  await deleteEnded(transaction, {
    now,
    idleSince: before(now, idleMilliseconds),
    attemptsBefore: before(now, attemptWindow),
  });
  await insertSession(transaction, {
    accountId,
    tokenHash: hashSecret(secret),
    now,
    expiresAt: after(now, sessionMilliseconds),
    address: visitor.address,
    userAgent: visitor.userAgent.slice(0, 256),
  });
  return secret;
}
