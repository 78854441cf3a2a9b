import type { Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { Vault } from "../../vault/vault.ts";
import { credentialBinding } from "./bindings.ts";
import { credentialNotFound } from "./change-credential.ts";
import { readCredential } from "./credential-store.ts";

export type OpenedCredential = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** The secrets in the clear, by field name. Never log, store or answer them. */
  readonly values: Readonly<Record<string, string>>;
};

/**
 * A credential with its values in the clear, for calling the vendor.
 *
 * @throws ProductError `credential.not_found`, `vault.key_missing`, `vault.cannot_open`
 */
export async function openCredential(on: Queryable, vault: Vault, id: string): Promise<OpenedCredential> {
  const stored = isUuid(id) ? await readCredential(on, id) : undefined;
  if (stored === undefined) {
    throw credentialNotFound(id);
  }
  const values: [string, string][] = [];
  for (const [name, sealed] of Object.entries(stored.sealed)) {
    values.push([name, await vault.open(credentialBinding(id, name), sealed)]);
  }
  return { id, name: stored.name, kind: stored.kind, values: Object.fromEntries(values) };
}
