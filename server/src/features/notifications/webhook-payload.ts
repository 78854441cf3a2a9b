import type { AlarmTrigger } from "@rollcall/core/contract/notifications.ts";
import type { WebhookPayload } from "@rollcall/core/contract/webhooks.ts";
import type { ClaimedMessage } from "./outbox-store.ts";
import { webhookEventOf } from "./webhook-event.ts";

/** A message as the body of a webhook. The same message is the same bytes, however often it is sent. */
export function webhookPayload(message: ClaimedMessage, publicUrl: string): WebhookPayload {
  const { kind } = message;
  // Written by queueMessage and queueTest alone.
  const trigger = message.trigger as AlarmTrigger | "test";
  return {
    type: kind === "test" || trigger === "test" ? "webhook.test" : webhookEventOf({ kind, trigger }),
    timestamp: message.at.toISOString(),
    data: {
      trigger,
      kind,
      title: message.title,
      reason: message.reason,
      nextStep: message.nextStep,
      link: `${publicUrl}${message.path}`,
      subject: message.subjectName,
      integrationId: message.integrationId,
      credentialId: message.credentialId,
      destinationId: message.destinationId,
      runId: message.runId,
    },
  };
}
