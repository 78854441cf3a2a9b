import type { Authorization } from "@rollcall/core/connector/manifest-authorization.ts";
import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import { resolveTokenRequest } from "@rollcall/core/connector/resolve-request.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { mintClientCredentialsToken, type TokenStore, tokenSource } from "./access-token.ts";
import type { AuthScheme } from "./authenticate.ts";
import type { VendorClient } from "./vendor-client.ts";

export type AuthorizeOptions = {
  readonly client: VendorClient;
  readonly authorization: Authorization;
  readonly inputs: InputValues;
  /** The credential's values by the names of the authorization's fields. */
  readonly values: Readonly<Record<string, string>>;
  /** Where minted tokens are kept; `pair` tells one client's tokens from another's. */
  readonly openStore: (tokenUrl: string, pair: string) => TokenStore;
};

/**
 * How a credential proves itself to the vendor.
 *
 * @throws ProductError `vendor.unauthorized` naming a value that is missing
 */
export function authorizeClient(options: AuthorizeOptions): AuthScheme {
  const { client, authorization, inputs, values, openStore } = options;
  const value = (name: string): string => {
    const found = values[name];
    if (found !== undefined) return found;
    throw new ProductError("vendor.unauthorized", `The credential has no value ${name}; enter it again.`);
  };
  switch (authorization.kind) {
    case "bearer":
      return { kind: "bearer", token: value("token") };
    case "basic":
      return { kind: "basic", username: value("username"), password: value("password") };
    case "api-key":
      return { kind: "api-key", in: authorization.in, name: authorization.name, key: value("key") };
    case "oauth2-client-credentials": {
      const request = resolveTokenRequest(authorization, inputs);
      const clientId = value("clientId");
      const clientSecret = value("clientSecret");
      const store = openStore(request.url, `${clientId}\0${clientSecret}`);
      const mint = (signal: AbortSignal) =>
        mintClientCredentialsToken(
          client,
          {
            tokenUrl: request.url,
            clientId,
            clientSecret,
            encoding: request.encoding,
            clientAuth: request.clientAuthentication === "basic" ? "client_secret_basic" : "client_secret_post",
            ...(request.scope !== null && { scope: request.scope }),
          },
          signal,
        );
      return { kind: "oauth2", tokens: tokenSource({ mint, store }) };
    }
  }
}
