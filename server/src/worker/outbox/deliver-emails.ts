import { emailText } from "../../features/notifications/email-text.ts";
import {
  type AttemptLog,
  type ClaimedEmail,
  claimEmails,
  type DeliveryEnd,
  endAttempt,
  releaseClaim,
} from "../../features/notifications/outbox-store.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Mailer, MailOutcome } from "./send-email.ts";

export type EmailParts = { readonly database: Database; readonly publicUrl: string; readonly mailer: Mailer };

const batch = 10;

/**
 * Sends what is due, a few at once; returns whether the mail server could be talked to. The first e-mail of a turn feels the way
 * when the server was away, so that a thousand waiting ones do not all knock at a closed door.
 */
export async function deliverEmails(parts: EmailParts, wasAway: boolean, signal: AbortSignal): Promise<boolean> {
  let limit = wasAway ? 1 : batch;
  while (!signal.aborted) {
    const claimed = await claimEmails(parts.database, limit);
    if (claimed.length === 0) return true;
    const outcomes = await Promise.all(claimed.map((email) => deliver(parts, email)));
    if (outcomes.includes("unreachable")) return false;
    limit = batch;
  }
  return true;
}

async function deliver(
  { database, publicUrl, mailer }: EmailParts,
  email: ClaimedEmail,
): Promise<MailOutcome["kind"] | "skipped"> {
  const { id, to, message } = email;
  if (to === null) {
    const problem = "The account is disabled, unsubscribed, or has no e-mail address any more.";
    await end(database, email, { kind: "skipped", problem }, null);
    return "skipped";
  }
  const since = performance.now();
  const outcome = await mailer.send({ id, to, date: message.at, ...emailText(message, publicUrl) });
  const milliseconds = performance.now() - since;
  if (outcome.kind === "unreachable") {
    // Not the fault of this e-mail, so it is no attempt of it; the turn decides when the server is asked again.
    await releaseClaim(database, email.claim, outcome.problem);
    return outcome.kind;
  }
  const { kind, status } = outcome;
  const detail = kind === "accepted" ? "The mail server took it." : outcome.problem;
  await end(database, email, endOf(outcome, email.attempts), { ok: kind === "accepted", status, detail, milliseconds });
  return kind;
}

function endOf(outcome: Exclude<MailOutcome, { kind: "unreachable" }>, attempts: number): DeliveryEnd {
  switch (outcome.kind) {
    case "accepted":
      return { kind: "sent" };
    case "refused":
      return { kind: "failed", problem: outcome.problem };
    case "deferred":
      return attempts >= deferrals
        ? { kind: "failed", problem: outcome.problem }
        : { kind: "later", seconds: Math.min(1800, 60 * 2 ** (attempts - 1)), problem: outcome.problem };
  }
}

// RFC 5321 §4.5.4.1: give up after four to five days; that many half hours.
const deferrals = 230;

async function end(database: Database, email: ClaimedEmail, how: DeliveryEnd, log: AttemptLog | null): Promise<void> {
  await inTransaction(database, (transaction) => endAttempt(transaction, email, how, log));
}
