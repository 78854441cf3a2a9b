import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import type { Software } from "@rollcall/core/contract/saas.ts";
import { type RawBuilder, sql } from "kysely";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { maybeOne } from "../../postgres/query.ts";
import { readPage } from "../../postgres/read-page.ts";

type Row = Omit<Software, "createdAt" | "updatedAt" | "seatCost"> & {
  readonly seatCost: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const keyset: Keyset = {
  list: "saas",
  sorts: {
    name: { value: sql`s.name`, type: "text" },
    category: { value: sql`s.category`, type: "text" },
    createdAt: { value: sql`s.created_at`, type: "timestamptz" },
  },
  defaultSort: "name",
  id: { value: sql`s.id`, type: "uuid" },
};

export async function listSoftware(database: Database, query: ListQuery): Promise<ListOf<Software>> {
  const pattern = containsPattern(query.q);
  return await read(
    database,
    query,
    pattern === null ? [] : [sql`(s.name ilike ${pattern} or s.publisher ilike ${pattern})`],
  );
}

export async function findSoftware(database: Database, id: string): Promise<Software | undefined> {
  return isUuid(id) ? (await read(database, { limit: 1 }, [sql`s.id = ${id}`])).data[0] : undefined;
}

async function read(
  database: Database,
  query: ListQuery,
  where: readonly RawBuilder<unknown>[],
): Promise<ListOf<Software>> {
  const list = await readPage<Row>(database, keyset, query, {
    columns: sql`s.id, s.name, s.publisher, s.category, s.url, s.logo, s.catalog_entry_id as "catalogEntryId", s.seats,
      s.seat_cost as "seatCost", s.currency, s.created_at as "createdAt", s.updated_at as "updatedAt",
      users.active as "activeUsers", users.deactivated as "deactivatedUsers",
      coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'name', i.name) order by i.name)
                from integration i where i.software_id = s.id and i.status <> 'archived'), '[]') as integrations`,
    from: sql`software s cross join lateral (
      select coalesce(sum(n.rows) filter (where n.status = 'active'), 0)::int as active,
        coalesce(sum(n.rows) filter (where n.status = 'deactivated'), 0)::int as deactivated
      from inventory_count n where n.software_id = s.id and not n.archived) as users`,
    countFrom: sql`software s`,
    where,
  });
  return { ...list, data: list.data.map(toSoftware) };
}

function toSoftware({ seatCost, createdAt, updatedAt, ...row }: Row): Software {
  return {
    ...row,
    seatCost: seatCost === null ? null : Number(seatCost),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export type SoftwareFacts = {
  readonly id: string;
  readonly name: string;
  readonly seats: number | null;
  readonly seatCost: number | null;
  readonly currency: string | null;
};

/** What screens about the users of an application need of it. */
export async function findSoftwareFacts(on: Queryable, id: string): Promise<SoftwareFacts | undefined> {
  return isUuid(id)
    ? await maybeOne<SoftwareFacts>(
        on,
        `select id, name, seats, seat_cost::float8 as "seatCost", currency from software where id = $1`,
        [id],
      )
    : undefined;
}
