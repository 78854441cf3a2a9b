import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { Transaction } from "../../postgres/database.ts";
import { maybeOne, one } from "../../postgres/query.ts";

type CatalogFacts = NonNullable<Manifest["catalog"]>;

/**
 * The SaaS record of a connector's software-catalog entry: the oldest that is linked to it, else one created from it. Two
 * integrations saved at the same moment wait for each other at the entry, and get the same record.
 */
export async function findOrCreateSoftware(
  transaction: Transaction,
  connectorId: string,
  facts: CatalogFacts,
): Promise<{ readonly id: string; readonly outcome: "found" | "created" }> {
  const entryId = await lockCatalogEntry(transaction, connectorId, facts);
  const linked = await maybeOne<{ id: string }>(
    transaction,
    "select id from software where catalog_entry_id = $1 order by created_at, id limit 1",
    [entryId],
  );
  return linked === undefined
    ? { id: await createSoftware(transaction, entryId, facts), outcome: "created" }
    : { id: linked.id, outcome: "found" };
}

async function lockCatalogEntry(transaction: Transaction, key: string, facts: CatalogFacts): Promise<string> {
  const { id } = await one<{ id: string }>(
    transaction,
    `insert into catalog_entry (key, name, publisher, category, url, logo) values ($1, $2, $3, $4, $5, $6)
     on conflict (key) do update set key = excluded.key
     returning id`,
    [key, facts.name, facts.publisher, facts.category, facts.url, facts.logo ?? null],
  );
  return id;
}

/** A record of that name which is not linked may be anything, so the new one gets a number instead. */
async function createSoftware(transaction: Transaction, entryId: string, facts: CatalogFacts): Promise<string> {
  for (let number = 1; ; number += 1) {
    const created = await maybeOne<{ id: string }>(
      transaction,
      `insert into software (name, publisher, category, url, logo, catalog_entry_id) values ($1, $2, $3, $4, $5, $6)
       on conflict do nothing returning id`,
      [
        number === 1 ? facts.name : `${facts.name} ${number}`,
        facts.publisher,
        facts.category,
        facts.url,
        facts.logo ?? null,
        entryId,
      ],
    );
    if (created !== undefined) {
      return created.id;
    }
  }
}
