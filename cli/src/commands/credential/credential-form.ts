import { connectorListSchema, connectorSchema } from "@rollcall/core/contract/connectors.ts";
import { suggestNames } from "@rollcall/core/mapping/nearest-names.ts";
import type { Api } from "../../api/api.ts";
import { apiPath } from "../../api/api-path.ts";
import { wrongUse } from "../../wrong-use.ts";

/** One way to fill in a credential of a kind. */
export type CredentialForm = { readonly kind: string; readonly fields: readonly CredentialField[] };
type CredentialField = {
  readonly name: string;
  readonly label: string;
  readonly secret: boolean;
  readonly optional: boolean;
};

/** The forms of a kind: a connector's, or one for vendors that have no connector. Throws ProductError `cli.wrong_use`. */
export async function readCredentialForms(api: Api, kind: string): Promise<readonly CredentialForm[]> {
  const general = generalForms[kind];
  if (general !== undefined) return [{ kind, fields: general }];
  const { data } = await api.call({ method: "GET", path: "/connectors" }, connectorListSchema);
  const kinds = [...data.map(({ id }) => id), ...Object.keys(generalForms)];
  if (!kinds.includes(kind)) {
    throw wrongUse(`There is no kind of credential called "${kind}". ${suggestNames(kind, kinds)}`);
  }
  const { authorization } = await api.call({ method: "GET", path: apiPath`/connectors/${kind}` }, connectorSchema);
  return authorization.map((form) => ({
    kind: form.kind,
    fields: form.fields.map(({ name, label, secret }) => ({ name, label, secret, optional: false })),
  }));
}

const generalForms: Readonly<Record<string, readonly CredentialField[]>> = {
  "api-key": [
    field("key", "Key", { secret: true }),
    field("name", "Header or parameter"),
    field("in", "Where it is sent, header or query", { optional: true }),
  ],
  basic: [field("username", "User name"), field("password", "Password", { secret: true })],
  bearer: [field("token", "Token", { secret: true })],
  "oauth2-client-credentials": [
    field("clientId", "Client ID"),
    field("clientSecret", "Client secret", { secret: true }),
    field("tokenUrl", "Address of the token endpoint"),
    field("scope", "Scope", { optional: true }),
  ],
};

function field(name: string, label: string, { secret = false, optional = false } = {}): CredentialField {
  return { name, label, secret, optional };
}
