import { credentialSchema } from "@rollcall/core/contract/credentials.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { wrongUse } from "../../wrong-use.ts";
import { repeated, verb } from "../verb.ts";
import { type CredentialForm, readCredentialForms } from "./credential-form.ts";
import { gatherValues, type ValueSources } from "./gather-values.ts";

type Options = ValueSources & { kind: string; name: string; expiresOn?: string; signIn?: string };

export function addCredentialAdd(credential: Command, session: Session): void {
  verb(credential, "add", "Adds a credential; secret values are asked for without echo")
    .requiredOption("--kind <kind>", "a connector's id, or api-key, basic, bearer, oauth2-client-credentials")
    .requiredOption("--name <name>", "what to call it")
    .addOption(repeated("--value <name=value>", "a value that is not secret, such as clientId=…"))
    .option("--values-from-env <prefix>", "take values from the environment: CLICKWRAP reads CLICKWRAP_CLIENT_ID …")
    .option("--values-file <file>", "take values from a JSON object in a file; - is the standard input")
    .option("--sign-in <kind>", "which kind of sign-in, for connectors that know several")
    .option("--expires-on <date>", "when the vendor lets it expire, such as 2027-01-31")
    .action(async (options: Options) => {
      const api = await session.api();
      const form = choose(await readCredentialForms(api, options.kind), options);
      const values = await gatherValues(session, form, options);
      const { name, kind, expiresOn } = options;
      const body = { name, kind, values, ...(expiresOn === undefined ? {} : { expiresOn }) };
      const added = await api.call({ method: "POST", path: "/credentials", body }, credentialSchema);
      session.out.result(added, () => `Added the credential ${added.name} (${added.id}).`);
      session.out.hint(`rollcall credential test ${added.id}    calls the vendor with it`);
    });
}

function choose(forms: readonly CredentialForm[], { kind, signIn }: Options): CredentialForm {
  const [form, ...others] = forms.filter((candidate) => signIn === undefined || candidate.kind === signIn);
  const kinds = forms.map((candidate) => candidate.kind).join(", ");
  if (form === undefined) throw wrongUse(`${kind} does not sign in by ${signIn}; it knows ${kinds}.`);
  if (others.length > 0) throw wrongUse(`${kind} knows several kinds of sign-in; choose with --sign-in: ${kinds}.`);
  return form;
}
