import { catalogEntrySchema } from "@rollcall/core/contract/catalog.ts";
import { idParamsSchema, listOf, listQuerySchema } from "@rollcall/core/contract/listing.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { findCatalogEntry, listCatalogEntries } from "./catalog-queries.ts";

/** The software catalog. A SaaS record is linked to an entry by PATCH /saas/{id}. */
export async function catalogRoutes(app: App, { database }: AppParts): Promise<void> {
  const config = { permission: "catalog.read", audit: "none" } as const;
  const tags = ["catalog"];

  app.get(
    "/catalog",
    { config, schema: { tags, querystring: listQuerySchema, response: { 200: listOf(catalogEntrySchema) } } },
    async ({ query }) => await listCatalogEntries(database, query),
  );

  app.get(
    "/catalog/:id",
    { config, schema: { tags, params: idParamsSchema, response: { 200: catalogEntrySchema } } },
    async ({ params }) => {
      const entry = await findCatalogEntry(database, params.id);
      if (entry === undefined) {
        throw new ProductError("catalog_entry.not_found", `There is no entry ${params.id} in the software catalog.`);
      }
      return entry;
    },
  );
}
