import { ProductError } from "@rollcall/core/errors.ts";
import type { TokenSource } from "./access-token.ts";

/** How a request proves who asks. */
export type AuthScheme =
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** `prefix` stands before the key, with a space: `Authorization: Token …`. */
  | {
      readonly kind: "api-key";
      readonly in: "header";
      readonly name: string;
      readonly key: string;
      readonly prefix?: string;
    }
  | { readonly kind: "api-key"; readonly in: "query"; readonly name: string; readonly key: string }
  /** OAuth 2.0 client credentials. A 401 renews the token and repeats the request, once. */
  | { readonly kind: "oauth2"; readonly tokens: TokenSource };

/** A credential in the form it travels in. */
export type Proof = {
  readonly header?: readonly [name: string, value: string];
  readonly query?: readonly [name: string, value: string];
  /** Every spelling of the credential that must not be told to anybody. */
  readonly secrets: readonly string[];
  /** The access token of `oauth2`, to tell its source which one was refused. */
  readonly accessToken?: string;
};

/**
 * Makes the proof for one attempt; for `oauth2` this may ask for a token. Throws `vendor.unauthorized` for a credential that cannot
 * be sent (a line break pasted with it, for instance).
 */
export async function proofFor(auth: AuthScheme | undefined, signal: AbortSignal): Promise<Proof> {
  if (auth === undefined) return { secrets: [] };
  switch (auth.kind) {
    case "bearer":
      return inHeader("authorization", `Bearer ${auth.token}`, [auth.token]);
    case "basic": {
      // RFC 7617: UTF-8 pairs; a colon ends the user name.
      if (auth.username.includes(":")) throw unsendable("The user name contains a colon.");
      const pair = Buffer.from(`${auth.username}:${auth.password}`, "utf8").toString("base64");
      return inHeader("authorization", `Basic ${pair}`, [auth.password, pair]);
    }
    case "api-key":
      if (auth.in === "query") return { query: [auth.name, auth.key], secrets: [auth.key] };
      return inHeader(auth.name, auth.prefix === undefined ? auth.key : `${auth.prefix} ${auth.key}`, [auth.key]);
    case "oauth2": {
      const accessToken = await auth.tokens.current(signal);
      return { ...inHeader("authorization", `Bearer ${accessToken}`, [accessToken]), accessToken };
    }
  }
}

function inHeader(name: string, value: string, secrets: readonly string[]): Proof {
  if (!/^[\x20-\x7e]+$/.test(value) || value !== value.trim()) {
    throw unsendable("It contains a line break, a space at an end, or a character outside ASCII.");
  }
  return { header: [name.toLowerCase(), value], secrets };
}

function unsendable(why: string): ProductError {
  return new ProductError(
    "vendor.unauthorized",
    `The credential cannot be sent. ${why} Enter it again without what came along when it was copied.`,
  );
}
