import { ProductError } from "@rollcall/core/errors.ts";
import type { EgressPolicy } from "@rollcall/vendor-http/egress-policy.ts";
import {
  type AttemptLog,
  type ClaimedWebhook,
  claimWebhooks,
  type DeliveryEnd,
  endAttempt,
} from "../../features/notifications/outbox-store.ts";
import { webhookPayload } from "../../features/notifications/webhook-payload.ts";
import { openWebhookSecrets, signWebhook } from "../../features/webhooks/webhook-secret.ts";
import { disableWebhook } from "../../features/webhooks/webhook-store.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { Vault } from "../../vault/vault.ts";
import { type PostOutcome, postWebhook } from "./post-webhook.ts";

export type WebhookParts = {
  readonly database: Database;
  readonly vault: Vault;
  readonly publicUrl: string;
  readonly egress: EgressPolicy;
};

const batch = 20;

/** Seconds between the attempts, as Standard Webhooks recommends; after the last one a delivery has failed. */
export const retrySeconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** Sends what is due, many at once, so that a receiver which hangs does not hold up the others for longer than its own time-out. */
export async function deliverWebhooks(parts: WebhookParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const claimed = await claimWebhooks(parts.database, batch);
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((webhook) => deliver(parts, webhook)));
  }
}

async function deliver(parts: WebhookParts, webhook: ClaimedWebhook): Promise<void> {
  if (!webhook.enabled) {
    await end(parts, webhook, { kind: "skipped", problem: "The webhook is switched off." }, null, false);
    return;
  }
  const since = performance.now();
  const outcome = await post(parts, webhook);
  const milliseconds = performance.now() - since;
  const ok = outcome.kind === "answered" && outcome.status >= 200 && outcome.status < 300;
  const status = outcome.kind === "answered" ? outcome.status : null;
  const detail = outcome.kind === "answered" ? `The receiver answered ${outcome.status}.` : outcome.problem;
  // Standard Webhooks: 410 Gone asks never to be sent anything again.
  const gone = status === 410;
  const how: DeliveryEnd = ok
    ? { kind: "sent" }
    : gone
      ? { kind: "failed", problem: detail }
      : later(webhook, outcome, detail);
  await end(parts, webhook, how, { ok, status, detail, milliseconds }, gone);
}

async function post(parts: WebhookParts, webhook: ClaimedWebhook): Promise<PostOutcome> {
  const { message, endpointId, url } = webhook;
  const body = JSON.stringify(webhookPayload(message, parts.publicUrl));
  const secrets = await openWebhookSecrets(parts.vault, endpointId, webhook).catch((error: unknown) => {
    if (error instanceof ProductError) return error;
    throw error;
  });
  if (secrets instanceof ProductError) return { kind: "unanswered", problem: secrets.message };
  const headers = {
    "content-type": "application/json",
    "user-agent": "Rollcall",
    ...signWebhook(secrets, { id: message.id, body, at: new Date() }),
  };
  return await postWebhook({ url, headers, body, policy: parts.egress });
}

function later({ attempts }: ClaimedWebhook, outcome: PostOutcome, problem: string): DeliveryEnd {
  const wait = retrySeconds[attempts - 1];
  if (wait === undefined) return { kind: "failed", problem };
  const asked = outcome.kind === "answered" ? (outcome.retryAfterSeconds ?? 0) : 0;
  // Up to a tenth longer, so that what failed together does not come back together.
  return { kind: "later", seconds: Math.max(wait * (1 + Math.random() / 10), Math.min(asked, 86_400)), problem };
}

async function end(
  { database }: WebhookParts,
  webhook: ClaimedWebhook,
  how: DeliveryEnd,
  log: AttemptLog | null,
  gone: boolean,
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    await endAttempt(transaction, webhook, how, log);
    if (gone) await disableWebhook(transaction, webhook.endpointId, "The receiver answered 410 Gone.");
  });
}
