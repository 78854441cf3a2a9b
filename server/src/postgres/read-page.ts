import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "./database.ts";
import { type Keyset, type KeysetPage, type KeysetQuery, keysetPage, type Positioned } from "./keyset.ts";

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
  /** For a list that may have few rows, or rows that stand far apart, among very many; its total is counted from the keys. */
  readonly sparse?: Sparse;
};

export type Sparse = {
  /** The ids of the list's rows by their quickest way; null for a row on that way that is none of them. */
  readonly keys: RawBuilder<{ readonly key: unknown }>;
  /** So many keys are looked at; of a longer list it is only known that it is longer. */
  readonly rows: number;
  /** `from` again, with its table narrowed to the rows that the condition, order and limit choose, and the given columns added. */
  readonly near: (added: RawBuilder<unknown>, chosen: RawBuilder<unknown>) => RawBuilder<unknown>;
  /**
   * Selects `keys` of the list's rows behind the page before, at least of the first that `orderAndLimit` leaves, where that is quicker
   * than looking at every row for those that are wanted.
   */
  readonly far?: (page: Pick<KeysetPage, "keys" | "after" | "orderAndLimit">) => RawBuilder<unknown>;
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
  const read = async (statement: RawBuilder<Row & Positioned>) => (await statement.execute(database.kysely)).rows;
  if (sparse === undefined) {
    const number = known ?? sql<number>`(select count(*) from ${countFrom} where ${wanted})`;
    const [rows, total] = await Promise.all([
      read(sql`${selected} from ${from} where ${wanted} and ${page.after} ${page.orderAndLimit}`),
      page.total ?? numberOf(database, number),
    ]);
    return page.answer(rows, total, (row) => row);
  }
  const { ids, atLeast } = await findKeys(database, sparse);
  const total = page.total ?? (ids === null ? { atLeast } : ids.length);
  if (ids === null) {
    const walked = await walkFor(query.limit + 1, (rows) => {
      const near = sparse.near(page.keys, sql`${page.after} ${page.order} limit ${rows}`);
      return read(sql`${selected} from ${near} where ${wanted} ${page.orderKeysAndLimit}`);
    });
    if (walked !== undefined) return page.answer(walked, total, (row) => row);
  }
  const id = keyset.id.value;
  const fits = ids === null ? wanted : sql`${id} = any (${ids})`;
  const far = ids === null ? sparse.far?.(page) : undefined;
  // The offset keeps the planner from walking an index of the order until it has met enough of them.
  const all = far ?? sql`select ${page.keys} from ${countFrom} where ${fits} and ${page.after} offset 0`;
  const shown = sql`select * from (${all}) as found ${page.orderKeysAndLimit}`;
  const rows = await read(
    sql`${selected} from (${shown}) as shown cross join ${from} where ${id} = order_id ${page.orderKeysAndLimit}`,
  );
  return page.answer(rows, total, (row) => row);
}

/**
 * The wanted rows of a sparse list, looked for among the next rows of a sort's index. Undefined when they are not near: what is
 * searched for can stand together at the far end of a sort, all the Zoes of a million people, and is then better found and sorted.
 */
async function walkFor<Row>(wanted: number, read: (rows: number) => Promise<readonly Row[]>) {
  const first = await read(walkedRows.first);
  if (first.length === wanted) return first;
  const promising = Math.ceil((2 * walkedRows.first * wanted) / first.length);
  if (promising > walkedRows.most) return undefined;
  const further = await read(promising);
  return further.length === wanted ? further : undefined;
}

const walkedRows = { first: 5_000, most: 40_000 } as const;

/** The ids, or null when there are more than are looked at and `atLeast` so many belong to the list. */
async function findKeys(database: Database, { keys, rows }: Sparse) {
  const { rows: found } = await sql<{ ids: readonly string[] | null; atLeast: number }>`
    with looked as materialized (${keys} limit ${rows + 1})
    select count(distinct key)::int as "atLeast",
      case when count(*) <= ${rows} then array(select distinct key from looked where key is not null) end as ids
    from looked`.execute(database.kysely);
  const { ids = null, atLeast = 0 } = found[0] ?? {};
  return { ids, atLeast: Math.min(atLeast, rows) };
}

async function numberOf(database: Database, expression: RawBuilder<number>): Promise<number> {
  const { rows } = await sql<{ value: number }>`select ${expression}::int as value`.execute(database.kysely);
  return rows[0]?.value ?? 0;
}
