import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import { createCredential, deleteCredential, testCredential } from "../../api/credentials.ts";
import { createIntegration } from "../../api/integrations.ts";

/** Where `npm run sandbox` listens, and what it lets in, when nothing else is said. */
export const sandboxAddress = "http://127.0.0.1:4700";
const values = { clientId: "sandbox-client", clientSecret: "sandbox-secret" };
const connector = "ironclad-clickwrap";

export type SandboxAnswer =
  | { readonly kind: "connected"; readonly integrationId: string }
  /** No sandbox answered there; nothing was left behind. */
  | { readonly kind: "refused"; readonly outcome: TestOutcome };

/** Connects the sandbox at an address: a credential, a test, and a draft that waits to be launched. */
export async function trySandbox(address: string): Promise<SandboxAnswer> {
  const inputs = { baseUrl: address.trim() };
  const credential = await createCredential({ name: "Sandbox", kind: connector, values });
  const outcome = await testCredential(credential.id, { inputs });
  if (!outcome.ok) {
    await deleteCredential(credential.id);
    return { kind: "refused", outcome };
  }
  const { id } = await createIntegration({
    name: "Clickwrap (sandbox)",
    connector,
    credentialId: credential.id,
    mode: "user-plus-saas",
    inputs,
  });
  return { kind: "connected", integrationId: id };
}
