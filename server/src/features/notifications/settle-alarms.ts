import type { AlarmTrigger } from "@rollcall/core/contract/notifications.ts";
import type { Transaction } from "../../postgres/database.ts";
import { type AlarmSubject, closeAlarms, openAlarm } from "./alarm-store.ts";
import { queueMessage } from "./message-store.ts";
import { type MessageText, recoveredText } from "./message-text.ts";

export type Settlement = {
  readonly subject: AlarmSubject;
  readonly subjectName: string;
  readonly at: Date;
  readonly runId?: string | null;
  /** What is wrong now. */
  readonly raise?: { readonly trigger: AlarmTrigger; readonly level?: number; readonly text: MessageText };
  /** What is no longer wrong. */
  readonly clear?: readonly AlarmTrigger[];
  /** A sentence on why, for the recovery message; null tells nobody, as when the integration was archived. */
  readonly because?: string | null;
};

/**
 * Moves the states of a subject and tells people of the changes, in the transaction of their cause: one message for what is
 * newly wrong, else one for everything that is over. What stays as it was is not told again.
 */
export async function settleAlarms(transaction: Transaction, settlement: Settlement): Promise<void> {
  const { subject, subjectName, at, runId = null, raise, clear = [], because = null } = settlement;
  const raised =
    raise !== undefined &&
    (await openAlarm(transaction, subject, raise.trigger, { at, runId, level: raise.level ?? 0 }));
  const closed = await closeAlarms(
    transaction,
    subject,
    clear.filter((trigger) => trigger !== raise?.trigger),
    at,
  );
  const message = { subject, subjectName, runId };
  if (raised) {
    await queueMessage(transaction, { ...message, kind: "raised", trigger: raise.trigger, text: raise.text });
    return;
  }
  const [first] = closed;
  if (first !== undefined && because !== null) {
    const text = recoveredText(subjectName, closed, because);
    await queueMessage(transaction, { ...message, kind: "recovered", trigger: first, text });
  }
}
