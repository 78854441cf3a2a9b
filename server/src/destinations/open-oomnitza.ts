import { ProductError } from "@rollcall/core/errors.ts";
import type { AuthScheme } from "@rollcall/vendor-http/authenticate.ts";
import type { EgressPolicy } from "@rollcall/vendor-http/egress-policy.ts";
import type { RetryPolicy } from "@rollcall/vendor-http/retry-timing.ts";
import { openVendorClient } from "@rollcall/vendor-http/vendor-client.ts";
import type { VendorAnswer, VendorLimits, VendorRequest } from "@rollcall/vendor-http/vendor-request.ts";
import { type OpenedCredential, openCredential } from "../features/credentials/open-credential.ts";
import type { Database } from "../postgres/database.ts";
import type { Vault } from "../vault/vault.ts";

export type DestinationParts = {
  readonly database: Database;
  readonly vault: Vault;
  readonly egress: EgressPolicy;
  readonly now: () => Date;
  /** Time-outs and retries other than the defaults, for tests and rehearsals. */
  readonly limits?: Partial<VendorLimits>;
  readonly retry?: Partial<RetryPolicy>;
};

export type OomnitzaRequest = Pick<VendorRequest, "method" | "idempotent"> & {
  /** What is counted. */
  readonly kind: string;
  /** Below `/api/v3`, its ids encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
};

/** A way to an instance with its credential. */
export type Oomnitza = AsyncDisposable & {
  /** Resolves with a 2xx answer; an empty body is null, since of few calls it is known what they answer. */
  readonly ask: (request: OomnitzaRequest) => Promise<Pick<VendorAnswer, "headers" | "body">>;
  /** Requests by kind, and `repeated`: how many of them were sent again. */
  readonly requests: () => Readonly<Record<string, number>>;
};

/** oomnitza-api.md §9: four requests at once. */
export const concurrentRequests = 4;

/** Shorter than half a lease, so that a worker which lost it does not write any more. */
const attemptMilliseconds = 30_000;

/** @throws ProductError `credential.not_found`, `destination.wrong_credential`, `vault.…` */
export async function openOomnitza(
  parts: DestinationParts,
  instance: { readonly url: string; readonly credentialId: string },
  signal: AbortSignal,
): Promise<Oomnitza> {
  const auth = schemeOf(await openCredential(parts.database, parts.vault, instance.credentialId));
  const client = openVendorClient({
    policy: parts.egress,
    maxConcurrent: concurrentRequests,
    limits: { attemptMs: attemptMilliseconds, ...parts.limits },
    ...(parts.retry && { retry: parts.retry }),
  });
  const counts: Record<string, number> = {};
  return {
    ask: async ({ kind, path, query = {}, body, ...request }) => {
      counts[kind] = (counts[kind] ?? 0) + 1;
      const url = `${instance.url}/api/v3${path}${queryText(query)}`;
      const json = body === undefined ? {} : { body: { kind: "json" as const, value: body } };
      try {
        return await client.requestJson({ ...request, ...json, url, auth, signal });
      } catch (error) {
        if (isEmptySuccess(error)) return { headers: {}, body: null };
        throw error;
      }
    },
    requests: () => ({ ...counts, repeated: client.statistics().retries }),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** The token has a header of its own, `Authorization2` (oomnitza-api.md §2); in a query it would end in logs. */
function schemeOf({ name, kind, values }: OpenedCredential): AuthScheme {
  if (kind === "basic" && values.username !== undefined && values.password !== undefined) {
    return { kind: "basic", username: values.username, password: values.password };
  }
  if (kind === "api-key" && values.key !== undefined && values.in !== "query") {
    return { kind: "api-key", in: "header", name: values.name ?? "Authorization2", key: values.key };
  }
  throw new ProductError(
    "destination.wrong_credential",
    `The credential "${name}" cannot be used with Oomnitza. Choose one of the kind api-key with the header Authorization2, or basic.`,
  );
}

/** With %20 for a space: whether the instance reads + as one is not documented. */
function queryText(query: NonNullable<OomnitzaRequest["query"]>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function isEmptySuccess(error: unknown): boolean {
  if (!(error instanceof ProductError) || error.code !== "vendor.bad_response") return false;
  const { status, body } = error.details as { status?: unknown; body?: { length?: unknown } };
  return typeof status === "number" && status >= 200 && status < 300 && body?.length === 0;
}
