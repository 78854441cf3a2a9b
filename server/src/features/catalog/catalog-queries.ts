import type { CatalogEntry } from "@rollcall/core/contract/catalog.ts";
import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { readPage } from "../../postgres/read-page.ts";

const keyset: Keyset = {
  list: "catalog",
  sorts: {
    name: { value: sql`e.name`, type: "text" },
    publisher: { value: sql`e.publisher`, type: "text" },
    category: { value: sql`e.category`, type: "text" },
  },
  defaultSort: "name",
  id: { value: sql`e.id`, type: "uuid" },
};

export async function listCatalogEntries(database: Database, query: ListQuery): Promise<ListOf<CatalogEntry>> {
  const pattern = containsPattern(query.q);
  return await read(
    database,
    query,
    pattern === null ? [] : [sql`(e.name ilike ${pattern} or e.publisher ilike ${pattern})`],
  );
}

export async function findCatalogEntry(database: Database, id: string): Promise<CatalogEntry | undefined> {
  return isUuid(id) ? (await read(database, { limit: 1 }, [sql`e.id = ${id}`])).data[0] : undefined;
}

async function read(
  database: Database,
  query: ListQuery,
  where: readonly RawBuilder<unknown>[],
): Promise<ListOf<CatalogEntry>> {
  return await readPage<CatalogEntry>(database, keyset, query, {
    columns: sql`e.id, e.key, e.name, e.publisher, e.category, e.url, e.logo,
      coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name) order by s.name)
                from software s where s.catalog_entry_id = e.id), '[]') as software`,
    from: sql`catalog_entry e`,
    where,
  });
}
