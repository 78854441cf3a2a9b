import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { keyIdOf, type Vault } from "../../vault/vault.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { webhookBinding } from "./webhook-secret.ts";
import { listWebhookIds, lockWebhook, replaceSealedSecrets } from "./webhook-store.ts";

const pageSize = 100;

/**
 * Seals the webhooks' secrets with the vault's current key, as `rotateKeys` does with the credentials; both have to be done
 * before an old key can go. Can be interrupted and started again.
 *
 * @returns the number of secrets that were sealed anew
 * @throws ProductError `vault.key_missing`, `vault.cannot_open`, naming the row
 */
export async function resealWebhooks(database: Database, vault: Vault): Promise<number> {
  let resealed = 0;
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const ids = await listWebhookIds(database, after, pageSize);
    for (const id of ids) {
      resealed += await resealWebhook(database, vault, id);
    }
    const last = ids.at(-1);
    if (last === undefined) {
      return resealed;
    }
    after = last;
  }
}

async function resealWebhook(database: Database, vault: Vault, id: string): Promise<number> {
  return await inTransaction(database, async (transaction) => {
    const webhook = await lockWebhook(transaction, id);
    const sealed = [webhook?.sealedSecret, webhook?.sealedPrevious].filter((value) => typeof value === "string");
    const count = sealed.filter((value) => keyIdOf(value) !== vault.currentKeyId).length;
    if (webhook === undefined || count === 0) {
      return 0;
    }
    const binding = webhookBinding(id);
    const again = async (value: string): Promise<string> => await vault.seal(binding, await vault.open(binding, value));
    const { sealedSecret, sealedPrevious } = webhook;
    const previous = sealedPrevious === null ? null : await again(sealedPrevious);
    await replaceSealedSecrets(transaction, id, await again(sealedSecret), previous);
    await recordAudit(transaction, {
      actorId: null,
      action: "webhook.rotate_key",
      target: "webhook",
      targetId: id,
      details: { keyId: vault.currentKeyId, values: count },
    });
    return count;
  });
}
