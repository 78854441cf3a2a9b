import { createTransport } from "nodemailer";
import type { EmailText } from "../../features/notifications/email-text.ts";

/** A mail server as the operator gave it: `smtp://user:password@host:587`, `smtps://…`, and who sends. */
export type MailSettings = { readonly smtpUrl: string; readonly from: string };

export type Email = EmailText & {
  /** The delivery's id: the same at every attempt, so that a mailbox recognises what it has. */
  readonly id: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly date: Date;
};

export type MailOutcome =
  | { readonly kind: "accepted"; readonly status: number | null }
  /** The server cannot be talked to at all: not the fault of this e-mail. */
  | { readonly kind: "unreachable"; readonly status: number | null; readonly problem: string }
  | { readonly kind: "deferred"; readonly status: number | null; readonly problem: string }
  | { readonly kind: "refused"; readonly status: number | null; readonly problem: string };

export type Mailer = Disposable & { readonly send: (email: Email) => Promise<MailOutcome> };

type Transport = ReturnType<typeof openTransport>;

/** Longest time of one e-mail, from the connection to the server's yes; shorter than a claim lives. */
const longestMilliseconds = 60_000;

/**
 * Opens the way to a mail server. Each e-mail has a connection of its own: a pool sends again by itself what was under way when
 * its connection broke, and nobody would know of the second time.
 */
export function openMailer({ smtpUrl, from }: MailSettings, domain: string): Mailer {
  const transport = openTransport(smtpUrl);
  return {
    send: async (email) => await send(transport, from, domain, email),
    [Symbol.dispose]: () => transport.close(),
  };
}

function openTransport(smtpUrl: string) {
  return createTransport({
    url: smtpUrl,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

async function send(transport: Transport, from: string, domain: string, email: Email): Promise<MailOutcome> {
  try {
    const { response } = await transport.sendMail({
      from,
      to: email.to,
      subject: email.subject,
      text: email.text,
      html: email.html,
      date: email.date,
      messageId: `<${email.id}@${domain}>`,
      // RFC 3834: nobody's vacation notice should answer.
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
      signal: AbortSignal.timeout(longestMilliseconds),
    });
    return { kind: "accepted", status: statusOf(response) };
  } catch (error) {
    return outcomeOf(error);
  }
}

/**
 * What a failure means (codes of nodemailer, RFC 5321 §4.2.1 for the server's). The server's own words stay out of it: they may
 * repeat the user name.
 */
function outcomeOf(error: unknown): MailOutcome {
  const status = numberIn(error, "responseCode");
  const code = textIn(error, "code") ?? "EUNKNOWN";
  const said = status === null ? `(${code})` : `(${code}, answer ${status})`;
  const ofRecipient = code === "EENVELOPE" && ["RCPT TO", "API"].includes(textIn(error, "command") ?? "");
  if (ofRecipient || code === "EMESSAGE") {
    // Without an answer the address itself cannot be sent to.
    const forGood = status === null ? ofRecipient : status >= 500;
    return forGood
      ? { kind: "refused", status, problem: `The mail server refused the recipient or the e-mail ${said}.` }
      : { kind: "deferred", status, problem: `The mail server put the e-mail off ${said}.` };
  }
  const problem =
    code === "EAUTH"
      ? `The mail server refused the user name or password in SMTP_URL ${said}.`
      : `The mail server cannot be reached or does not take e-mail ${said}.`;
  return { kind: "unreachable", status, problem };
}

function numberIn(error: unknown, key: string): number | null {
  const value: unknown = error instanceof Error ? Reflect.get(error, key) : null;
  return typeof value === "number" ? value : null;
}

function textIn(error: unknown, key: string): string | null {
  const value: unknown = error instanceof Error ? Reflect.get(error, key) : null;
  return typeof value === "string" ? value : null;
}

function statusOf(response: unknown): number | null {
  const digits = typeof response === "string" ? /^\d{3}/.exec(response)?.[0] : undefined;
  return digits === undefined ? null : Number(digits);
}
