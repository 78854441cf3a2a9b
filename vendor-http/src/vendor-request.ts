import type { AuthScheme } from "./authenticate.ts";
import type { Headers } from "./retry-hint.ts";

/** One question to a vendor. */
export type VendorRequest = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute. A user name, a password or a secret has no place in it. */
  readonly url: string | URL;
  /** Never a credential: that is what `auth` is for. */
  readonly headers?: Headers;
  /** Added to the query of `url`; `undefined` leaves a parameter out, a list repeats it. */
  readonly query?: Readonly<Record<string, QueryValue | readonly QueryValue[] | undefined>>;
  readonly body?: VendorRequestBody;
  readonly signal: AbortSignal;
  readonly auth?: AuthScheme;
  /**
   * Whether the request may be sent again after a failure. The default is `true` for GET and `false` otherwise. `unless-processed`
   * repeats only what the vendor cannot have processed: no connection, or a 429 (RFC 9110 §9.2.2).
   */
  readonly idempotent?: boolean | "unless-processed";
  /**
   * Where GET requests may be redirected to; `same-origin` is the default, because an answer that comes from elsewhere (a log-in
   * page, mostly) is not the vendor's data. With `any-origin` all headers of the request and its credential stay behind when the
   * origin changes. Other methods never follow a redirect: their body may hold a secret.
   */
  readonly redirects?: "same-origin" | "any-origin";
  /** Secrets in the body or headers that must not appear in an error, besides those of `auth`. */
  readonly secrets?: readonly string[];
};

type QueryValue = string | number | boolean;

export type VendorRequestBody =
  | { readonly kind: "form"; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: "json"; readonly value: unknown };

/** A 2xx answer. */
export type VendorAnswer = {
  readonly status: number;
  /** Without `set-cookie`: there is no session with a vendor. */
  readonly headers: Headers;
  /** The parsed JSON; `null` for 204 and 205, which have no body. */
  readonly body: unknown;
  /** Bytes of the body as they came over the wire, before decompression. */
  readonly receivedBytes: number;
  /** The vendor's own id of this request, if a header looks like one. */
  readonly requestId?: string;
};

export type VendorLimits = {
  readonly connectMs: number;
  readonly headersMs: number;
  /** The longest silence inside a body. */
  readonly bodyMs: number;
  /** The longest time from sending to the last byte of one answer; ends a body that drips. */
  readonly attemptMs: number;
  /** Of one answer, after decompression. */
  readonly maxResponseBytes: number;
};

export const defaultVendorLimits: VendorLimits = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyMs: 60_000,
  attemptMs: 300_000,
  maxResponseBytes: 50 * 1024 * 1024,
};

export const MAX_REDIRECTS = 5;
