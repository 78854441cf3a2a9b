import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import { resolveNumber } from "@rollcall/core/connector/resolve-request.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { AuthScheme } from "@rollcall/vendor-http/authenticate.ts";
import { authorizeClient } from "@rollcall/vendor-http/authorize-client.ts";
import type { EgressPolicy } from "@rollcall/vendor-http/egress-policy.ts";
import type { AskVendor } from "@rollcall/vendor-http/fetch-listing.ts";
import type { RetryPolicy } from "@rollcall/vendor-http/retry-timing.ts";
import { openVendorClient, type VendorClient, type VendorStatistics } from "@rollcall/vendor-http/vendor-client.ts";
import type { VendorLimits } from "@rollcall/vendor-http/vendor-request.ts";
import { openCredential } from "../features/credentials/open-credential.ts";
import type { Database } from "../postgres/database.ts";
import type { Vault } from "../vault/vault.ts";
import { credentialTokenStore } from "./credential-token-store.ts";
import { sharedRateLimit } from "./shared-rate-limit.ts";

export type VendorParts = {
  readonly database: Database;
  readonly vault: Vault;
  readonly egress: EgressPolicy;
  /** Time-outs and retries other than the defaults, for tests and rehearsals. */
  readonly limits?: Partial<VendorLimits>;
  readonly retry?: Partial<RetryPolicy>;
};

export type VendorSession = AsyncDisposable & {
  readonly ask: AskVendor;
  readonly concurrent: number;
  readonly statistics: () => VendorStatistics;
};

/** Opens a way to a vendor with a credential: its authorization, its budget, its egress rules. */
export async function openVendorSession(
  parts: VendorParts,
  manifest: Manifest,
  inputs: InputValues,
  credentialId: string,
): Promise<VendorSession> {
  const perMinute = resolveNumber(manifest.rateLimit.perMinute, inputs);
  const rateLimit = sharedRateLimit(parts.database, `credential ${credentialId}`, perMinute);
  const client = openVendorClient({
    policy: parts.egress,
    rateLimit,
    maxConcurrent: manifest.rateLimit.concurrent,
    ...(parts.limits && { limits: parts.limits }),
    ...(parts.retry && { retry: parts.retry }),
  });
  const close = async (): Promise<void> => {
    await client[Symbol.asyncDispose]();
    await rateLimit.giveBack();
  };
  try {
    const auth = await authorize(parts, client, manifest, inputs, credentialId);
    return {
      ask: async (request, signal) => {
        const { status, body } = await client.requestJson({ ...request, auth, signal });
        return { status, body };
      },
      concurrent: manifest.rateLimit.concurrent,
      statistics: client.statistics,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function authorize(
  { database, vault }: VendorParts,
  client: VendorClient,
  manifest: Manifest,
  inputs: InputValues,
  credentialId: string,
): Promise<AuthScheme> {
  const { kind, values } = await openCredential(database, vault, credentialId);
  const authorization =
    manifest.authorization.find((accepted) => accepted.kind === kind) ??
    (kind === manifest.id ? manifest.authorization[0] : undefined);
  if (authorization === undefined) {
    throw new ProductError("vendor.unauthorized", `${manifest.name} does not accept a credential of the kind ${kind}.`);
  }
  return authorizeClient({
    client,
    authorization,
    inputs,
    values,
    openStore: (tokenUrl, pair) =>
      credentialTokenStore(database, vault, { credentialId, tokenUrl, fingerprint: vault.fingerprint(pair) }),
  });
}
