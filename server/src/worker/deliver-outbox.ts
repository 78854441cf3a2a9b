import type { EgressPolicy } from "@rollcall/vendor-http/egress-policy.ts";
import { skipUnsendable } from "../features/notifications/outbox-store.ts";
import { countBeat } from "../features/schedules/schedule-store.ts";
import type { Database } from "../postgres/database.ts";
import type { EngineLog } from "../queue/run-task.ts";
import type { Vault } from "../vault/vault.ts";
import { deliverEmails } from "./outbox/deliver-emails.ts";
import { deliverWebhooks } from "./outbox/deliver-webhooks.ts";
import { type Mailer, type MailSettings, openMailer } from "./outbox/send-email.ts";
import { type Repeating, startRepeating } from "./repeat.ts";

export type OutboxParts = {
  readonly database: Database;
  readonly vault: Vault;
  readonly log: EngineLog;
  readonly publicUrl: string;
  /** Null: this process sends no e-mail. Another one may. */
  readonly mail: MailSettings | null;
  /** For webhooks. The mail server is the operator's own choice. */
  readonly egress: EgressPolicy;
  /** Between two looks into the outbox; a second when absent. */
  readonly everyMilliseconds?: number;
};

/** The name under which processes with a mail server show that they live. */
const mailBeat = "email";

/**
 * Sends what is in the outbox. Every process may have one: they share the work. E-mail and webhooks are two loops, so that
 * neither waits for the other's time-outs.
 */
export function startOutbox(parts: OutboxParts): AsyncDisposable & { readonly stop: () => Promise<void> } {
  const { log, everyMilliseconds = 1_000 } = parts;
  const loops = [
    startRepeating({ name: "outbox-email", everyMilliseconds, turn: openEmailTurn(parts), log }),
    startRepeating({
      name: "outbox-webhook",
      everyMilliseconds,
      turn: async (signal) => await deliverWebhooks(parts, signal),
      log,
    }),
  ];
  const stop = async (): Promise<void> => {
    await Promise.all(loops.map(async (loop: Repeating) => await loop.stop()));
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

// Compared with a day (skipUnsendable), so it need not be written more often.
const beatMilliseconds = 60_000;

/** The longest pause between two tries of a mail server that is away. */
const longestPauseMilliseconds = 60_000;

/**
 * One turn of the e-mail loop; a mail server that is away is tried again after 1, 2, 4 … up to 60 seconds, by the steady clock.
 */
export function openEmailTurn({
  database,
  publicUrl,
  mail,
  steady = () => performance.now(),
}: Pick<OutboxParts, "database" | "publicUrl" | "mail"> & { readonly steady?: () => number }) {
  let failures = 0;
  let notBefore = 0;
  let beatAt = Number.NEGATIVE_INFINITY;
  return async (signal: AbortSignal): Promise<void> => {
    if (mail === null) {
      await skipUnsendable(database, mailBeat);
      return;
    }
    if (steady() - beatAt >= beatMilliseconds) {
      beatAt = steady();
      await countBeat(database, mailBeat, new Date());
    }
    if (steady() < notBefore) return;
    using mailer: Mailer = openMailer(mail, new URL(publicUrl).hostname);
    const reached = await deliverEmails({ database, publicUrl, mailer }, failures > 0, signal);
    failures = reached ? 0 : failures + 1;
    notBefore = reached ? 0 : steady() + Math.min(longestPauseMilliseconds, 1_000 * 2 ** (failures - 1));
  };
}
