import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "./database.ts";
import type { Keyset, KeysetPage, Positioned, Total } from "./keyset.ts";

export type Sparse = {
  /** Where the list's rows are found, under the name of their table, where that is quicker than its conditions. */
  readonly found?: { readonly from: RawBuilder<unknown>; readonly where: RawBuilder<unknown> };
  /** For rows that others refer to: the ids in these, as `key`, and what else the rows have to fulfil. */
  readonly referred?: { readonly keys: RawBuilder<unknown>; readonly where: RawBuilder<unknown> };
  /** So many rows are looked at before those near in the order; by what the planner expects when absent. */
  readonly rows?: number;
  /** `from` again, with its table narrowed to the rows that the condition, order and limit choose, and the given columns added. */
  readonly near: (added: RawBuilder<unknown>, chosen: RawBuilder<unknown>) => RawBuilder<unknown>;
  /**
   * Selects `keys` of the list's rows behind the page before, at least of the first that `orderAndLimit` leaves, where that is quicker
   * than looking at every row for those that are wanted.
   */
  readonly far?: (page: Pick<KeysetPage, "keys" | "after" | "orderAndLimit">) => RawBuilder<unknown>;
};

type SparseQuery = {
  /** The beginning of a query, up to its `from`. */
  readonly selected: RawBuilder<unknown>;
  readonly from: RawBuilder<unknown>;
  readonly countFrom: RawBuilder<unknown>;
  readonly wanted: RawBuilder<unknown>;
  readonly sparse: Sparse;
};

/**
 * One page of a list whose rows may be few among very many. Up to `lookedRows.few` are found, counted and sorted, where the planner
 * expects no more; of a longer list so many are counted as show that it is long, and its rows are looked for along the sort.
 */
export async function readSparsePage<Row>(
  database: Database,
  keyset: Keyset,
  page: KeysetPage,
  query: SparseQuery,
): Promise<ListOf<Row>> {
  const { selected, from, countFrom, wanted, sparse } = query;
  const id = keyset.id.value;
  const read = async (statement: RawBuilder<Row & Positioned>) => (await statement.execute(database.kysely)).rows;
  const { ids, total } = await look(database, keyset, page, query);
  if (ids !== null) {
    return page.answer(
      await read(sql`${selected} from ${from} where ${id} = any (${ids}) ${page.orderAndLimit}`),
      total,
      (row) => row,
    );
  }
  const walked = await walkFor(page.rows, (rows) => {
    const near = sparse.near(page.keys, sql`${page.after} ${page.order} limit ${rows}`);
    return read(sql`${selected} from ${near} where ${wanted} ${page.orderNearAndLimit}`);
  });
  if (walked !== undefined) return page.answer(walked, total, (row) => row);
  // The offset keeps the planner from walking an index of the order until it has met enough of them.
  const all =
    sparse.far?.(page) ?? sql`select ${page.keys} from ${countFrom} where ${wanted} and ${page.after} offset 0`;
  const shown = sql`select * from (${all}) as found ${page.orderKeysAndLimit}`;
  const rows = await read(
    sql`${selected} from (${shown}) as shown cross join ${from} where ${id} = order_id ${page.orderKeysAndLimit}`,
  );
  return page.answer(rows, total, (row) => row);
}

/** A list that is expected to have no more than `few` rows is found whole; of a longer one `many` are counted. */
export const lookedRows = { few: 5_000, many: 1_000 } as const;

type Looked = {
  /** Of the rows of this page; null when the list is too long to be found whole. */
  readonly ids: readonly string[] | null;
  readonly total: Total;
};

async function look(
  database: Database,
  keyset: Keyset,
  page: KeysetPage,
  { countFrom, wanted, sparse }: SparseQuery,
): Promise<Looked> {
  if (typeof page.total === "object") return { ids: null, total: page.total };
  const { from, where } = sparse.found ?? { from: countFrom, where: wanted };
  const keys = sql`${page.keys}, ${page.after} as is_after`;
  const { referred } = sparse;
  const looked = referred?.keys ?? sql`select ${keys} from ${from} where ${where}`;
  const isReferred = sql`${keyset.id.value} = any (array(select key from looked))`;
  const fits =
    referred === undefined
      ? sql`select * from looked`
      : sql`select ${keys} from ${from} where ${isReferred} and ${referred.where}`;
  const rows =
    sparse.rows ?? ((await expectedRows(database, looked)) > lookedRows.few ? lookedRows.many : lookedRows.few);
  const { rows: found } = await sql<{ ids: readonly string[] | null; atLeast: number }>`
    with looked as materialized (${looked} limit ${rows + 1}), fits as materialized (${fits})
    select count(*)::int as "atLeast", case when (select count(*) from looked) <= ${rows} then array(
      select order_id from fits where is_after ${page.orderKeysAndLimit}) end as ids
    from fits`.execute(database.kysely);
  const { ids = null, atLeast = 0 } = found[0] ?? {};
  return { ids, total: page.total ?? (ids === null ? { atLeast: Math.min(atLeast, rows) } : atLeast) };
}

/** What PostgreSQL's statistics say; an index is not asked. */
async function expectedRows(database: Database, query: RawBuilder<unknown>): Promise<number> {
  type Explained = { readonly "QUERY PLAN": readonly [{ readonly Plan: { readonly "Plan Rows": number } }] };
  const { rows } = await sql<Explained>`explain (format json) ${query}`.execute(database.kysely);
  return rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
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

/** Looking at as many rows of an index takes about as long as finding and sorting all that a common name finds. */
const walkedRows = { first: 1_000, most: 10_000 } as const;
