import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { Database } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { upsertCatalogEntry } from "./catalog-store.ts";

/** Brings the software catalog in step with the connectors; an entry's key is its connector's id. Run at every start. */
export async function ensureCatalog(database: Database, connectors: readonly Manifest[]): Promise<void> {
  await inTransaction(database, async (transaction) => {
    for (const { id, catalog } of connectors) {
      if (catalog !== null) {
        await upsertCatalogEntry(transaction, { key: id, ...catalog });
      }
    }
  });
}
