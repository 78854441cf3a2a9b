import type { Transaction } from "../../postgres/database.ts";
import { maybeOne, one } from "../../postgres/query.ts";

export type ChainLink = { readonly previous: Buffer; readonly hash: Buffer };

/**
 * Chains a run's changes to those of the integration's runs before it: a change that is edited, added or removed afterwards no
 * longer gives the same hash (docs/security.md). The caller holds the integration's lock.
 */
export async function sealChain(transaction: Transaction, runId: string, integrationId: string): Promise<ChainLink> {
  // The end of the chain is what no later run was sealed over; that does not depend on clocks.
  const last = await maybeOne<{ hash: Buffer }>(
    transaction,
    `select r.chain_hash as hash from run r
     where r.integration_id = $1 and r.chain_hash is not null and r.id <> $2
       and not exists (select 1 from run n where n.integration_id = $1 and n.chain_previous = r.chain_hash)`,
    [integrationId, runId],
  );
  const previous = last?.hash ?? Buffer.alloc(32);
  const { hash } = await one<{ hash: Buffer }>(transaction, `select ${chainHash("$1", "$2")} as hash`, [
    runId,
    previous,
  ]);
  return { previous, hash };
}

/** SQL for the hash over the previous one and the digests of a run's changes in the order of their ids. */
export function chainHash(runId: string, previous: string): string {
  return `sha256(${previous}::bytea || coalesce((select string_agg(c.hash, ''::bytea order by c.id) from change c where c.run_id = ${runId}), ''))`;
}
