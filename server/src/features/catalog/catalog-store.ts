import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { Transaction } from "../../postgres/database.ts";
import { affected } from "../../postgres/query.ts";

type CatalogFacts = NonNullable<Manifest["catalog"]> & { readonly key: string };

/** Adds an entry or brings it up to date; one that says the same already is not written. */
export async function upsertCatalogEntry(transaction: Transaction, entry: CatalogFacts): Promise<void> {
  await affected(
    transaction,
    `insert into catalog_entry as e (key, name, publisher, category, url, logo) values ($1, $2, $3, $4, $5, $6)
     on conflict (key) do update
       set name = excluded.name, publisher = excluded.publisher, category = excluded.category,
           url = excluded.url, logo = excluded.logo
       where (e.name, e.publisher, e.category, e.url, e.logo)
         is distinct from (excluded.name, excluded.publisher, excluded.category, excluded.url, excluded.logo)`,
    [entry.key, entry.name, entry.publisher, entry.category, entry.url, entry.logo ?? null],
  );
}
