import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { Authorization } from "@rollcall/core/connector/manifest-authorization.ts";
import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import { resolveNumber, resolveTokenRequest, resolveUrl } from "@rollcall/core/connector/resolve-request.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { memoryTokenStore } from "../access-token.ts";
import { authorizeClient } from "../authorize-client.ts";
import type { EgressPolicy } from "../egress-policy.ts";
import type { AskVendor } from "../fetch-listing.ts";
import { slidingWindowLimit } from "../rate-limit.ts";
import type { RetryPolicy } from "../retry-timing.ts";
import { openVendorClient } from "../vendor-client.ts";
import type { VendorLimits } from "../vendor-request.ts";

export type LocalSessionOptions = {
  readonly egress: EgressPolicy;
  readonly credential: LocalCredential;
  readonly limits?: Partial<VendorLimits>;
  readonly retry?: Partial<RetryPolicy>;
};

export type LocalCredential = {
  readonly values: Readonly<Record<string, string>>;
  /** The only hosts it is sent to; null for whatever the server's integration names. */
  readonly hosts: readonly string[] | null;
};

export type LocalSession = AsyncDisposable & { readonly ask: AskVendor; readonly concurrent: number };

/**
 * Opens a way to a vendor with a credential that this machine holds. Its token lives in memory, and its budget is this process's own.
 *
 * @throws ProductError `vendor.unauthorized`, `egress.denied`, `connector.unresolved`
 */
export function openLocalSession(options: LocalSessionOptions, manifest: Manifest, inputs: InputValues): LocalSession {
  const { egress, credential, limits, retry } = options;
  const authorization = chooseAuthorization(manifest, credential.values);
  refuseOtherHosts(manifest, authorization, inputs, credential.hosts);
  const { concurrent } = manifest.rateLimit;
  const client = openVendorClient({
    policy: egress,
    rateLimit: slidingWindowLimit({ perMinute: resolveNumber(manifest.rateLimit.perMinute, inputs) }),
    maxConcurrent: concurrent,
    ...(limits && { limits }),
    ...(retry && { retry }),
  });
  const auth = authorizeClient({
    client,
    authorization,
    inputs,
    values: credential.values,
    openStore: memoryTokenStore,
  });
  return {
    ask: async (request, signal) => {
      const { status, body } = await client.requestJson({ ...request, auth, signal });
      return { status, body };
    },
    concurrent,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** The first kind that the connector accepts and all of whose fields have a value. */
function chooseAuthorization(manifest: Manifest, values: LocalCredential["values"]): Authorization {
  const chosen = manifest.authorization.find(({ fields }) => Object.keys(fields).every((name) => values[name]));
  if (chosen !== undefined) return chosen;
  const wanted = manifest.authorization.map(({ fields }) => Object.keys(fields).join(" and ")).join("; or ");
  throw new ProductError(
    "vendor.unauthorized",
    `${manifest.name} needs ${wanted}, and the runner's credential has ${Object.keys(values).join(", ") || "no values"}.`,
  );
}

/** The server says where the API is; a credential that names its hosts goes nowhere else, whatever the server says. */
function refuseOtherHosts(
  manifest: Manifest,
  authorization: Authorization,
  inputs: InputValues,
  hosts: readonly string[] | null,
): void {
  if (hosts === null) return;
  const addresses = [
    resolveUrl(manifest.baseUrl, inputs),
    ...(authorization.kind === "oauth2-client-credentials" ? [resolveTokenRequest(authorization, inputs).url] : []),
  ];
  for (const address of addresses) {
    const { hostname, host } = new URL(address);
    if (hosts.includes(hostname) || hosts.includes(host)) continue;
    throw new ProductError(
      "egress.denied",
      `The integration is at ${host}, and the runner's credential is only for ${hosts.join(", ")}.`,
      { details: { host } },
    );
  }
}
