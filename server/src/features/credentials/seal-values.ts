import type { Vault } from "../../vault/vault.ts";
import { credentialBinding } from "./bindings.ts";
import type { CredentialForm } from "./credential-forms.ts";
import { valueHint } from "./value-hint.ts";

type ByField = Readonly<Record<string, string>>;

/** The values sealed for the credential's row, and what may be shown of each. A name that is secret in any form is secret. */
export async function sealValues(
  vault: Vault,
  credentialId: string,
  forms: readonly CredentialForm[],
  values: ByField,
): Promise<{ readonly sealed: ByField; readonly hints: ByField }> {
  const sealed: [string, string][] = [];
  const hints: [string, string][] = [];
  for (const [name, value] of Object.entries(values)) {
    const secret = forms.some(({ fields }) => fields[name]?.secret === true);
    sealed.push([name, await vault.seal(credentialBinding(credentialId, name), value)]);
    hints.push([name, valueHint(value, secret)]);
  }
  return { sealed: Object.fromEntries(sealed), hints: Object.fromEntries(hints) };
}
