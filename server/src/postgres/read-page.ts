import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "./database.ts";
import { type Keyset, type KeysetQuery, keysetPage, type Positioned } from "./keyset.ts";
import { readSparsePage, type Sparse } from "./read-sparse-page.ts";

export type PagedQuery = {
  /** What to select. */
  readonly columns: RawBuilder<unknown>;
  /** Table and joins of the page. */
  readonly from: RawBuilder<unknown>;
  /** The same without the joins that neither filter nor multiply, for the count; `from` when absent. */
  readonly countFrom?: RawBuilder<unknown>;
  readonly where: readonly RawBuilder<unknown>[];
  /** An expression that is the number of all rows; they are counted when absent. */
  readonly total?: RawBuilder<number>;
  /** For a list that may have few rows, or rows that stand far apart, among very many. */
  readonly sparse?: Sparse;
};

/**
 * One page of a list and the number of all its rows, which the first page counts and the cursor carries on.
 *
 * @throws ProductError `request.bad_cursor`, `request.invalid` for an unknown sort
 */
export async function readPage<Row>(
  database: Database,
  keyset: Keyset,
  query: KeysetQuery & Readonly<Record<string, unknown>>,
  { columns, from, countFrom = from, where, total: known, sparse }: PagedQuery,
): Promise<ListOf<Row>> {
  const { limit: _limit, cursor: _cursor, sort: _sort, ...filters } = query;
  const page = keysetPage(keyset, query, filters);
  const wanted = sql.join([sql`true`, ...where], sql` and `);
  const selected = sql`select ${columns}, ${page.position} as position`;
  if (sparse !== undefined)
    return await readSparsePage(database, keyset, page, { selected, from, countFrom, wanted, sparse });
  const number = known ?? sql<number>`(select count(*) from ${countFrom} where ${wanted})`;
  const statement = sql<
    Row & Positioned
  >`${selected} from ${from} where ${wanted} and ${page.after} ${page.orderAndLimit}`;
  const [{ rows }, total] = await Promise.all([
    statement.execute(database.kysely),
    page.total ?? numberOf(database, number),
  ]);
  return page.answer(rows, total, (row) => row);
}

async function numberOf(database: Database, expression: RawBuilder<number>): Promise<number> {
  const { rows } = await sql<{ value: number }>`select ${expression}::int as value`.execute(database.kysely);
  return rows[0]?.value ?? 0;
}
