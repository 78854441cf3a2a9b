import { ProductError } from "@rollcall/core/errors.ts";
import { type Clock, systemClock } from "./clock.ts";
import { singleFlight } from "./single-flight.ts";
import type { VendorClient } from "./vendor-client.ts";
import type { VendorAnswer, VendorRequest } from "./vendor-request.ts";

/** `expiresAt` is when to stop using the token (a little before the vendor does), or `null` when the vendor does not say. */
export type StoredToken = { readonly accessToken: string; readonly expiresAt: Date | null };

export type ClientCredentials = {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** RFC 6749 §4.4.2 says form; some vendors want JSON. */
  readonly encoding: "form" | "json";
  readonly clientAuth: "client_secret_post" | "client_secret_basic";
  readonly scope?: string;
};

/** Keeps one credential's token where everybody who shares the credential finds it. */
export type TokenStore = {
  readonly read: () => Promise<StoredToken | null>;
  /** Replaces the token. There is no delete: who lost a race must not remove what the winner stored. */
  readonly write: (token: StoredToken) => Promise<void>;
  /** Runs work while nobody else who shares the store runs any. */
  readonly withLock: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
};

/** Tokens for the requests of one run. */
export type TokenSource = {
  /** A token that is not known to be expired or refused; minted when the store has none. */
  readonly current: (signal: AbortSignal) => Promise<string>;
  /** The vendor answered 401 to `refused`: another token, newly minted only if nobody else has stored one meanwhile. */
  readonly renew: (refused: string, signal: AbortSignal) => Promise<string>;
};

type TokenSourceOptions = {
  readonly mint: (signal: AbortSignal) => Promise<StoredToken>;
  readonly store: TokenStore;
  /** How often this source mints because a token was refused; default 1. After that the credential itself is at fault. */
  readonly maxRenewals?: number;
  readonly clock?: Pick<Clock, "now">;
};

/**
 * Minting may revoke the older token, so there is never more than one mint at a time: callers in this process share one, and the store's
 * lock orders the processes; who gets the lock looks first whether the work is done. Make a source for each run: it mints once, once more
 * after a 401, and otherwise only when a lifetime the vendor stated is over.
 */
export function tokenSource({ mint, store, maxRenewals = 1, clock = systemClock }: TokenSourceOptions): TokenSource {
  let known: StoredToken | null = null;
  let renewals = 0;
  const refused = new Set<string>();
  const usable = (token: StoredToken | null): token is StoredToken =>
    token !== null &&
    !refused.has(token.accessToken) &&
    (token.expiresAt === null || token.expiresAt.getTime() > clock.now());

  const obtain = singleFlight(async (signal) => {
    const before = known;
    // Without the lock first: where a token is there already, nobody has to queue for it.
    const ready = await store.read();
    if (usable(ready)) {
      known = ready;
      return ready.accessToken;
    }
    const token = await store.withLock(async () => {
      const stored = await store.read();
      if (usable(stored)) return stored;
      const becauseRefused = [stored, before].some((old) => old !== null && refused.has(old.accessToken));
      if (becauseRefused && renewals >= maxRenewals) throw refusedAgain();
      if (becauseRefused) renewals += 1;
      const minted = await mint(signal);
      refused.delete(minted.accessToken); // a vendor that has one token a client gives the same one again
      await store.write(minted);
      return minted;
    }, signal);
    known = token;
    return token.accessToken;
  });

  return {
    current: async (signal) => (usable(known) ? known.accessToken : obtain(signal)),
    async renew(token, signal) {
      refused.add(token);
      if (usable(known)) return known.accessToken;
      const next = await obtain(signal);
      // The call we joined may have begun before this refusal was known.
      return refused.has(next) ? obtain(signal) : next;
    },
  };
}

/** A store for one process: the runner and the command line, which mint anew when they start. */
export function memoryTokenStore(): TokenStore {
  let token: StoredToken | null = null;
  let last: Promise<unknown> = Promise.resolve();
  return {
    read: async () => token,
    async write(next) {
      token = next;
    },
    withLock(work, signal) {
      const mine = last.then(() => {
        signal.throwIfAborted();
        return work();
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/**
 * Asks a token endpoint for an access token (RFC 6749 §4.4) through the client, so that its egress policy, limits and rate limit apply.
 * Throws `vendor.unauthorized` when the pair is refused, `vendor.bad_response` when the answer holds no bearer token.
 *
 * Not by `oauth4webapi`: its processing rejects what Ironclad Clickwrap may send (an `error` that is an object, an answer without
 * `token_type`; neither is documented), and it has no JSON requests, so it would be used for building a form only.
 */
export async function mintClientCredentialsToken(
  client: Pick<VendorClient, "requestJson">,
  credentials: ClientCredentials,
  signal: AbortSignal,
  clock: Pick<Clock, "now"> = systemClock,
): Promise<StoredToken> {
  const asked = clock.now();
  const answer = await ask(client, credentials, signal);
  const { access_token: accessToken, token_type: type = "bearer", expires_in: lifetime } = asRecord(answer.body);
  // RFC 6750 §2.1: what may stand in the header. Anything else would not be sent, or would be a second header.
  if (typeof accessToken !== "string" || !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw noToken(credentials, "without an access token");
  }
  if (typeof type !== "string" || type.toLowerCase() !== "bearer")
    throw noToken(credentials, "with a token that is not a bearer token");
  return { accessToken, expiresAt: expiryOf(lifetime, asked) };
}

async function ask(
  client: Pick<VendorClient, "requestJson">,
  credentials: ClientCredentials,
  signal: AbortSignal,
): Promise<VendorAnswer> {
  try {
    return await client.requestJson(tokenRequest(credentials, signal));
  } catch (error) {
    if (!(error instanceof ProductError) || !isRefusedPair(error)) throw error;
    throw new ProductError(
      "vendor.unauthorized",
      `The token endpoint ${new URL(credentials.tokenUrl).origin} refused the client ID and secret. Enter a new client ID and secret in the credential and test it.`,
      { cause: error, details: error.details },
    );
  }
}

function tokenRequest(credentials: ClientCredentials, signal: AbortSignal): VendorRequest {
  const { clientId, clientSecret, scope } = credentials;
  const inBody = credentials.clientAuth === "client_secret_post";
  const fields = {
    grant_type: "client_credentials",
    ...(scope === undefined ? {} : { scope }),
    ...(inBody ? { client_id: clientId, client_secret: clientSecret } : {}),
  };
  return {
    method: "POST",
    url: credentials.tokenUrl,
    body: credentials.encoding === "json" ? { kind: "json", value: fields } : { kind: "form", fields },
    signal,
    // A mint whose answer was lost may have revoked a token; one that was never processed may be repeated.
    idempotent: "unless-processed",
    secrets: [clientSecret],
    ...(inBody ? {} : { auth: { kind: "basic", username: formEncode(clientId), password: formEncode(clientSecret) } }),
  };
}

/**
 * 401 is a refusal, and so is 400 (RFC 6749 §5.2 has `invalid_client` with either; Ironclad documents neither), unless the error says
 * that the request was wrong.
 */
function isRefusedPair(error: ProductError): boolean {
  if (error.code === "vendor.unauthorized") return error.details.status !== undefined;
  if (error.code !== "vendor.bad_request" || error.details.status !== 400) return false;
  const { vendorName } = error.details;
  return typeof vendorName !== "string" || !requestProblems.has(vendorName);
}

const requestProblems = new Set(["invalid_request", "unsupported_grant_type", "invalid_scope"]);

/** The stated lifetime less a tenth of it, a minute at most, so that no token expires on its way. */
function expiryOf(lifetime: unknown, asked: number): Date | null {
  const seconds = typeof lifetime === "string" && lifetime.trim() !== "" ? Number(lifetime) : lifetime;
  if (typeof seconds !== "number" || !Number.isFinite(seconds) || seconds <= 0) return null;
  const ms = Math.min(seconds, 10 * 365 * 86_400) * 1000;
  return new Date(asked + ms - Math.min(ms / 10, 60_000));
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they become a Basic pair. */
function formEncode(text: string): string {
  return new URLSearchParams({ t: text }).toString().slice(2);
}

function noToken(credentials: ClientCredentials, what: string): ProductError {
  return new ProductError(
    "vendor.bad_response",
    `The token endpoint ${new URL(credentials.tokenUrl).origin} answered ${what}. Check the token address of the connector.`,
  );
}

function refusedAgain(): ProductError {
  return new ProductError(
    "vendor.unauthorized",
    "The vendor refuses tokens it has just made. Check the rights of the vendor account behind the credential, or whether another program uses the same client ID.",
  );
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
