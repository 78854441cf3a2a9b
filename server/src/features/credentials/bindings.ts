import type { Binding } from "../../vault/vault.ts";

/** Where a field of a credential is sealed for. */
export function credentialBinding(credentialId: string, field: string): Binding {
  return { table: "credential", row: credentialId, field };
}

/** Where the cached access token of a credential is sealed for. */
export function tokenBinding(credentialId: string, tokenUrl: string): Binding {
  return { table: "credential_token", row: credentialId, field: tokenUrl };
}
