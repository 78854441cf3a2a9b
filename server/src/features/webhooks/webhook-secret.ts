import { createHmac, randomBytes } from "node:crypto";
import type { Binding, Vault } from "../../vault/vault.ts";

/** A new secret, in the form of Standard Webhooks (symmetric): `whsec_` and base64 of 24 to 64 random bytes. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** Where the secrets of an endpoint are sealed for; the one before the last rotation is moved, not sealed anew. */
export function webhookBinding(endpointId: string): Binding {
  return { table: "webhook_endpoint", row: endpointId, field: "secret" };
}

/** The secrets that sign at this time, the newest first. */
export async function openWebhookSecrets(
  vault: Vault,
  endpointId: string,
  { sealedSecret, sealedPrevious }: { readonly sealedSecret: string; readonly sealedPrevious: string | null },
): Promise<readonly string[]> {
  const sealed = sealedPrevious === null ? [sealedSecret] : [sealedSecret, sealedPrevious];
  return await Promise.all(sealed.map((value) => vault.open(webhookBinding(endpointId), value)));
}

/**
 * The headers of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): the id, when it is sent, and one signature per
 * secret over both and the body. A receiver refuses old times, and ids that it has had.
 */
export function signWebhook(
  secrets: readonly string[],
  { id, body, at }: { readonly id: string; readonly body: string; readonly at: Date },
): Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
