import type { Database, Transaction } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { keyIdOf, type Vault } from "../../vault/vault.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { credentialBinding, tokenBinding } from "./bindings.ts";
import {
  listCredentialIds,
  lockCredential,
  lockTokens,
  replaceSealedToken,
  replaceSealedValues,
} from "./credential-store.ts";

const pageSize = 100;

/**
 * Seals everything that another key sealed with the vault's current one; afterwards the other keys can go. Credential by
 * credential, each in its own transaction: a rotation that was interrupted goes on when it is started again, everything can be read
 * meanwhile, and running twice is the same as once.
 *
 * @returns the number of values that were sealed anew
 * @throws ProductError `vault.key_missing`, `vault.cannot_open`, naming the row
 */
export async function rotateKeys(database: Database, vault: Vault): Promise<number> {
  let resealed = 0;
  for (let ids = await nextIds(database, undefined); ids.length > 0; ids = await nextIds(database, ids.at(-1))) {
    for (const id of ids) {
      resealed += await inTransaction(database, (transaction) => resealCredential(transaction, vault, id));
    }
  }
  return resealed;
}

async function nextIds(database: Database, after = "00000000-0000-0000-0000-000000000000"): Promise<readonly string[]> {
  return await listCredentialIds(database, after, pageSize);
}

async function resealCredential(transaction: Transaction, vault: Vault, id: string): Promise<number> {
  const stored = await lockCredential(transaction, id);
  if (stored === undefined) {
    return 0;
  }
  const values: [string, string][] = [];
  for (const [name, sealed] of Object.entries(stored.sealed).filter(([, value]) => isOld(vault, value))) {
    const binding = credentialBinding(id, name);
    values.push([name, await vault.seal(binding, await vault.open(binding, sealed))]);
  }
  const tokens = (await lockTokens(transaction, id)).filter(({ sealed }) => isOld(vault, sealed));
  for (const { tokenUrl, sealed } of tokens) {
    const binding = tokenBinding(id, tokenUrl);
    const token = await vault.open(binding, sealed);
    await replaceSealedToken(transaction, id, { tokenUrl, sealed: await vault.seal(binding, token) });
  }
  const count = values.length + tokens.length;
  if (count > 0) {
    await replaceSealedValues(transaction, id, Object.fromEntries(values));
    await recordAudit(transaction, {
      actorId: null,
      action: "credential.rotate_key",
      target: "credential",
      targetId: id,
      details: { keyId: vault.currentKeyId, values: count },
    });
  }
  return count;
}

function isOld(vault: Vault, sealed: string): boolean {
  return keyIdOf(sealed) !== vault.currentKeyId;
}
