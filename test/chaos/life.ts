import { randomUUID } from "node:crypto";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { aUser, aVendor, users, type VendorProduct, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";
import { type IntegrationSnapshot, integrationSnapshot } from "./integration-snapshot.ts";

/** An integration with a vendor of its own, and the runs that it has had. Two lives with alike episodes end alike. */
export type Life = AsyncDisposable & {
  readonly domain: string;
  readonly integrationId: string;
  readonly vendor: VendorWorld;
  readonly runs: string[];
};

/** What happens at the vendor before a run, and how the run is asked for. */
export type Episode = {
  readonly before?: (vendor: VendorWorld) => unknown;
  /** Asks for the run and gives its id; absent for an ordinary run. */
  readonly start?: (product: VendorProduct, previous: readonly string[]) => Promise<string>;
};

/** @param domain of everybody's address; no two lives of a product may have the same, or they would share people */
export async function openLife(product: VendorProduct, domain: string, userCount: number): Promise<Life> {
  const { id: contact } = await one<{ id: string }>(
    product.database,
    "insert into account (name, email) values ('Contact', $1) returning id",
    [`contact@${domain}`],
  );
  const vendor = await aVendor(product, {
    users: [...users(domain, userCount), ...oddOnes(domain)],
    sandbox: { accounts: 2 },
    settings: { name: `Users of ${domain}`, contacts: [contact], inputs: { requestsPerMinute: 100_000 } },
  });
  return {
    domain,
    integrationId: vendor.integration.id,
    vendor,
    runs: [],
    [Symbol.asyncDispose]: () => vendor[Symbol.asyncDispose](),
  };
}

/** Some are in two accounts and so listed twice; others have values that do not fit and are listed as errors. */
function oddOnes(domain: string) {
  const twice = [1, 2, 3].map((id) => ({
    ...aUser(domain, id),
    account: 502,
    memberships: [{ site: 12, role: "member" }],
  }));
  return [...twice, aUser(domain, 90_001, { email: null }), aUser(domain, 90_002, { verified_time: "soon" })];
}

/** Prepares the vendor, asks for the run and waits for its end. */
export async function liveThrough(product: VendorProduct, life: Life, episode: Episode): Promise<void> {
  await episode.before?.(life.vendor);
  await product.waitFor(await begin(product, life, episode));
}

/** Asks for the run of an episode whose vendor is prepared. */
export async function begin(product: VendorProduct, life: Life, { start }: Episode): Promise<string> {
  const id =
    start === undefined
      ? (await must(product.api<Run>("POST", `/integrations/${life.integrationId}/runs`))).id
      : await start(product, life.runs);
  life.runs.push(id);
  return id;
}

export async function snapshotOf(product: VendorProduct, life: Life): Promise<IntegrationSnapshot> {
  return await integrationSnapshot(product.database, life.integrationId, life.domain);
}

/** Requests that the vendor has got since its counters were emptied, those for a token not counted. */
export function pagesAsked({ vendor }: Life): number {
  const { requests, byCall } = vendor.sandbox.counters();
  return requests - (byCall.token ?? 0);
}

/** A mail domain that nobody else has. */
export function newDomain(): string {
  return `x${randomUUID().slice(0, 8)}.example`;
}
