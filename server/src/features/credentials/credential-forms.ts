import type { Manifest } from "@rollcall/core/connector/manifest.ts";

/** One way to fill in a credential; a connector that takes several kinds of authorization has several. */
export type CredentialForm = { readonly fields: Readonly<Record<string, CredentialField>> };

export type CredentialField = {
  /** A field that is not secret is shown in full. */
  readonly secret: boolean;
  readonly optional: boolean;
  readonly choices?: readonly string[];
};

const open: CredentialField = { secret: false, optional: false };
const secret: CredentialField = { secret: true, optional: false };

/** For vendors that are in no list ("advanced mode"). */
const genericForms: Readonly<Record<string, CredentialForm>> = {
  "api-key": { fields: { key: secret, name: open, in: { ...open, optional: true, choices: ["header", "query"] } } },
  basic: { fields: { username: open, password: secret } },
  bearer: { fields: { token: secret } },
  "oauth2-client-credentials": {
    fields: { clientId: open, clientSecret: secret, tokenUrl: open, scope: { ...open, optional: true } },
  },
};

/** The forms of a kind, which is a connector's id or a generic one; empty when there is no such kind. */
export function credentialForms(kind: string, connector: Manifest | undefined): readonly CredentialForm[] {
  if (connector !== undefined) {
    return connector.authorization.map(({ fields }) => ({
      fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.secret ? secret : open])),
    }));
  }
  const generic = Object.hasOwn(genericForms, kind) ? genericForms[kind] : undefined;
  return generic === undefined ? [] : [generic];
}

/** Every kind there is: connectors first. */
export function credentialKinds(connectors: readonly Manifest[]): readonly string[] {
  return [...connectors.map(({ id }) => id), ...Object.keys(genericForms)];
}
