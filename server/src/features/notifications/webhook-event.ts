import type { AlarmTrigger } from "@rollcall/core/contract/notifications.ts";
import type { WebhookEvent } from "@rollcall/core/contract/webhooks.ts";

const raised = {
  failed: "run.failed",
  incomplete: "run.incomplete",
  timed_out: "run.timed_out",
  did_not_start: "run.did_not_start",
  needs_review: "run.needs_review",
  stale: "integration.stale",
  credential_expiring: "credential.expiring",
  scheduler_dead: "scheduler.dead",
  push_stopped: "destination.stopped",
} as const satisfies Record<AlarmTrigger, WebhookEvent>;

/** The type of the webhook that tells a message. */
export function webhookEventOf({
  kind,
  trigger,
}: {
  readonly kind: "raised" | "recovered";
  readonly trigger: AlarmTrigger;
}): WebhookEvent {
  if (kind === "raised") {
    return raised[trigger];
  }
  switch (trigger) {
    case "credential_expiring":
      return "credential.recovered";
    case "scheduler_dead":
      return "scheduler.recovered";
    case "push_stopped":
      return "destination.recovered";
    default:
      return "integration.recovered";
  }
}
