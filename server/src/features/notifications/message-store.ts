import type { AlarmTrigger } from "@rollcall/core/contract/notifications.ts";
import type { WebhookEvent } from "@rollcall/core/contract/webhooks.ts";
import type { Transaction } from "../../postgres/database.ts";
import { one } from "../../postgres/query.ts";
import { storableText } from "../../postgres/storable.ts";
import type { AlarmSubject } from "./alarm-store.ts";
import type { MessageText } from "./message-text.ts";
import { listRecipients } from "./recipient-queries.ts";
import { webhookEventOf } from "./webhook-event.ts";

export type NewMessage = {
  readonly subject: AlarmSubject;
  /** The name of the integration, credential or destination. */
  readonly subjectName: string;
  readonly kind: "raised" | "recovered";
  readonly trigger: AlarmTrigger;
  readonly runId: string | null;
  readonly text: MessageText;
};

/**
 * Tells everybody whom it concerns, in the transaction of what they are told: a notification each, and in the outbox an
 * e-mail each and every webhook that asked for such events.
 */
export async function queueMessage(transaction: Transaction, message: NewMessage): Promise<string> {
  const recipients = await listRecipients(transaction, message.subject);
  const messageId = await insertMessage(transaction, message);
  await transaction.query("insert into notification (message_id, account_id) select $1, unnest($2::uuid[])", [
    messageId,
    recipients.map(({ accountId }) => accountId),
  ]);
  await transaction.query(
    "insert into outbox (channel, message_id, account_id) select 'email', $1, unnest($2::uuid[])",
    [messageId, recipients.filter(({ byEmail }) => byEmail).map(({ accountId }) => accountId)],
  );
  await queueWebhooks(transaction, messageId, webhookEventOf(message));
  return messageId;
}

async function queueWebhooks(transaction: Transaction, messageId: string, event: WebhookEvent): Promise<void> {
  await transaction.query(
    `insert into outbox (channel, message_id, endpoint_id)
     select 'webhook', $1, id from webhook_endpoint where enabled and (events = '{}' or $2 = any (events))`,
    [messageId, event],
  );
}

async function insertMessage(transaction: Transaction, message: NewMessage): Promise<string> {
  const { subject, subjectName, kind, trigger, runId, text } = message;
  const { id } = await one<{ id: string }>(
    transaction,
    `insert into message (kind, trigger, integration_id, credential_id, destination_id, run_id, subject_name, title, reason,
       next_step, path)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
    [
      kind,
      trigger,
      subject.kind === "integration" ? subject.id : null,
      subject.kind === "credential" ? subject.id : null,
      subject.kind === "destination" ? subject.id : null,
      runId,
      storableText(subjectName),
      ...[text.title, text.reason, text.nextStep].map((sentence) => storableText(sentence.slice(0, longestText))),
      pathOf(subject, runId),
    ],
  );
  return id;
}

const longestText = 2000;

/** The page to look at; the addresses of the console's pages are part of the contract of messages. */
function pathOf({ kind, id }: AlarmSubject, runId: string | null): string {
  if (runId !== null) {
    return `/runs/${runId}`;
  }
  switch (kind) {
    case "integration":
      return `/integrations/${id}`;
    case "credential":
      return `/credentials/${id}`;
    case "destination":
      return `/destinations/${id}`;
    case "scheduler":
      return "/";
  }
}
