import { credentialText } from "../../features/notifications/message-text.ts";
import { settleAlarms } from "../../features/notifications/settle-alarms.ts";
import { listExpiringCredentials, listRenewedCredentials } from "../../features/notifications/watch-queries.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { WatchParts } from "./watch-parts.ts";

/** Days ahead at which people are warned of a credential's expiry. */
const warnings = [1, 7, 30] as const;

/** Credentials that expire in 30, 7 and 1 days: one message at each of the three, one when the date is moved away. */
export async function watchCredentials({ database, now }: WatchParts): Promise<void> {
  for (const { credentialId, name, expiresOn, daysLeft } of await listExpiringCredentials(database, now())) {
    const level = warnings.find((days) => daysLeft <= days) ?? warnings[2];
    await inTransaction(database, async (transaction) => {
      await settleAlarms(transaction, {
        subject: { kind: "credential", id: credentialId },
        subjectName: name,
        at: now(),
        raise: { trigger: "credential_expiring", level, text: credentialText(name, expiresOn, daysLeft) },
      });
    });
  }
  for (const { credentialId, name } of await listRenewedCredentials(database, now())) {
    await inTransaction(database, async (transaction) => {
      await settleAlarms(transaction, {
        subject: { kind: "credential", id: credentialId },
        subjectName: name ?? "",
        at: now(),
        clear: ["credential_expiring"],
        because: name === null ? null : "The credential no longer expires within 30 days.",
      });
    });
  }
}
