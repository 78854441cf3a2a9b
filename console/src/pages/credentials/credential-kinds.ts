import type { Connector, ConnectorSummary } from "@rollcall/core/contract/connectors.ts";

/** A field of the form in which a credential is entered. */
export type CredentialField = {
  readonly name: string;
  readonly label: string;
  readonly help: string | null;
  readonly secret: boolean;
  readonly optional?: boolean;
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
};

export type CredentialForm = { readonly label: string; readonly fields: readonly CredentialField[] };

type GenericKind = CredentialForm & { readonly kind: string; readonly description: string };

/** For vendors that are not in the list, as the API knows them (advanced mode). */
export const genericKinds: readonly GenericKind[] = [
  {
    kind: "api-key",
    label: "API key",
    description: "One key, sent in a header or a parameter",
    fields: [
      { name: "key", label: "Key", help: null, secret: true },
      { name: "name", label: "Name of the header or parameter", help: "For example X-Api-Key.", secret: false },
      {
        name: "in",
        label: "Sent in",
        help: null,
        secret: false,
        optional: true,
        choices: [
          { value: "header", label: "A header" },
          { value: "query", label: "A parameter of the address" },
        ],
      },
    ],
  },
  {
    kind: "basic",
    label: "User name and password",
    description: "HTTP Basic",
    fields: [
      { name: "username", label: "User name", help: null, secret: false },
      { name: "password", label: "Password", help: null, secret: true },
    ],
  },
  {
    kind: "bearer",
    label: "Bearer token",
    description: "A ready-made token in the Authorization header",
    fields: [{ name: "token", label: "Token", help: null, secret: true }],
  },
  {
    kind: "oauth2-client-credentials",
    label: "OAuth 2.0 client credentials",
    description: "A token minted from a client ID and secret",
    fields: [
      { name: "clientId", label: "Client ID", help: null, secret: false },
      { name: "clientSecret", label: "Client secret", help: null, secret: true },
      { name: "tokenUrl", label: "Token address", help: "Where the token is minted; https.", secret: false },
      { name: "scope", label: "Scope", help: "Only when the vendor asks for one.", secret: false, optional: true },
    ],
  },
];

/** The ways to fill in a credential for a connector. */
export function connectorForms(connector: Connector): readonly CredentialForm[] {
  return connector.authorization.map(({ label, fields }) => ({ label, fields }));
}

/** What a kind is called: the vendor's name, or that of the generic kind. */
export function kindLabel(kind: string, connectors: readonly ConnectorSummary[]): string {
  return (
    connectors.find(({ id }) => id === kind)?.name ?? genericKinds.find((each) => each.kind === kind)?.label ?? kind
  );
}
