import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "./database.ts";
import type { Keyset, KeysetPage, Positioned, Total } from "./keyset.ts";
import { eitherOf, type Search } from "./search-for.ts";

export type Sparse = {
  /** Where the list's rows are found, under the name of their table, where that is quicker than its conditions. */
  readonly found?: { readonly from: RawBuilder<unknown>; readonly where: RawBuilder<unknown> };
  /** What the list's rows have to contain beside its conditions. */
  readonly search?: Search;
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
 * One page of a list whose rows may be few among very many. Where the planner expects few, they are found, counted and sorted. Else
 * they are looked for along the sort, and of such a list so many are counted as show that it is long. Where they are not near in the
 * sort, all are found after all, both halves at once.
 */
export async function readSparsePage<Row>(
  database: Database,
  keyset: Keyset,
  page: KeysetPage,
  query: SparseQuery,
): Promise<ListOf<Row>> {
  const { selected, from, wanted, sparse } = query;
  const id = keyset.id.value;
  const read = async (statement: RawBuilder<Row & Positioned>) => (await statement.execute(database.kysely)).rows;
  const answer = (rows: readonly (Row & Positioned)[], total: Total) => page.answer(rows, total, (row) => row);
  const look = async (limit: number, part?: Part) => await lookAt(database, keyset, page, query, limit, part);
  const expected = page.total === undefined ? await expectedRows(database, keyset, page, query) : leastOf(page.total);
  const looked = expected > lookedRows.few ? undefined : await look(sparse.rows ?? lookedRows.few);
  if (looked?.isWhole) {
    const { ids, total } = looked;
    return answer(await read(sql`${selected} from ${from} where ${id} = any (${ids}) ${page.orderAndLimit}`), total);
  }
  const findRows = async () => {
    const walked = await walkFor(page.rows, (rows) => {
      const near = sparse.near(page.keys, sql`${page.after} ${page.order} limit ${rows}`);
      return read(
        sql`${selected} from ${near} where ${wanted} and ${sparse.search?.matches ?? sql`true`} ${page.orderNearAndLimit}`,
      );
    });
    if (walked !== undefined) return walked;
    const parts =
      sparse.far === undefined
        ? (sparse.search?.halves ?? [undefined]).map((half) => allBehind(keyset, page, query, half))
        : [sparse.far(page)];
    const ids = await Promise.all(parts.map((part) => firstIds(database, page, part)));
    return read(sql`${selected} from ${from} where ${id} = any (${ids.flat()}) ${page.orderAndLimit}`);
  };
  const countSome = async () => {
    const { search } = sparse;
    if (search !== undefined) {
      const some = await look(lookedRows.many, expected > lookedRows.dense ? search.matches : search.halves[0]);
      if (!some.isWhole) return some.total;
    }
    return (await look(lookedRows.many)).total;
  };
  const [rows, total] = await Promise.all([findRows(), page.total ?? looked?.total ?? countSome()]);
  return answer(rows, total);
}

/** Of a total that is only a minimum, more than are ever found whole. */
function leastOf(total: Total): number {
  return typeof total === "number" ? total : Number.POSITIVE_INFINITY;
}

/** Where a search looks: in a half, by its index, or in the table itself (`matches`). Undefined: in both halves, or there is no search. */
type Part = RawBuilder<boolean> | undefined;

/**
 * A list that is expected to have no more than `few` rows is found whole at once; of a longer one `many` are counted. Of a search that
 * finds more than `dense` they are met sooner in the table itself than looked up in its index, which would be read for all of them.
 */
export const lookedRows = { few: 5_000, many: 1_000, dense: 30_000 } as const;

type Looked = {
  /** Whether the list was looked at to its end. */
  readonly isWhole: boolean;
  /** Of the rows of this page, when it was. */
  readonly ids: readonly string[];
  readonly total: Total;
};

async function lookAt(
  database: Database,
  keyset: Keyset,
  page: KeysetPage,
  query: SparseQuery,
  limit: number,
  part: Part,
): Promise<Looked> {
  const { keys, fitting } = lookedAt(keyset, page, query, part);
  const { rows: found } = await sql<Looked & { total: number }>`
    with looked as materialized (${keys} limit ${limit + 1}),
      fits as ${fitting === null ? sql`not materialized (select * from looked)` : sql`materialized (${fitting})`},
      whole as (select count(*) <= ${limit} as is_whole from looked)
    select is_whole as "isWhole", (select count(*)::int from fits) as total,
      case when is_whole then array(select order_id from fits where is_after ${page.orderKeysAndLimit}) else '{}' end as ids
    from whole`.execute(database.kysely);
  const { isWhole = false, ids = [], total = 0 } = found[0] ?? {};
  return { isWhole, ids, total: page.total ?? (isWhole ? total : { atLeast: Math.min(total, limit) }) };
}

/** The keys of all rows behind the page before; the offset keeps the planner from walking along the sort once more. */
function allBehind(keyset: Keyset, page: KeysetPage, query: SparseQuery, part: Part): RawBuilder<unknown> {
  const { keys, fitting } = lookedAt(keyset, page, query, part);
  const found = fitting === null ? keys : sql`with looked as materialized (${keys}) ${fitting}`;
  return sql`select * from (${found} offset 0) as behind where is_after`;
}

/** Of the page's rows among these keys. */
async function firstIds(database: Database, page: KeysetPage, found: RawBuilder<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select order_id as id from (${found}) as found ${page.orderKeysAndLimit}`.execute(database.kysely);
  return rows.map(({ id }) => id);
}

/** What is looked at, in one part or in all, and how to tell which of it are rows of the list; null when all are. */
function lookedAt(keyset: Keyset, page: KeysetPage, { countFrom, wanted, sparse }: SparseQuery, part?: Part) {
  const { from, where } = sparse.found ?? { from: countFrom, where: wanted };
  const selected = sql`select ${page.keys}, ${page.after} as is_after from ${from}`;
  const { referred, search } = sparse;
  if (referred === undefined) {
    const sought = part ?? (search && eitherOf(search)) ?? sql`true`;
    return { keys: sql`${selected} where ${where} and ${sought}`, fitting: null };
  }
  const isReferred = sql`${keyset.id.value} = any (array(select key from looked))`;
  return { keys: referred.keys, fitting: sql`${selected} where ${isReferred} and ${referred.where}` };
}

/** What PostgreSQL's statistics say; no index is asked. */
async function expectedRows(database: Database, keyset: Keyset, page: KeysetPage, query: SparseQuery): Promise<number> {
  if (query.sparse.rows !== undefined) return 0;
  type Explained = { readonly "QUERY PLAN": readonly [{ readonly Plan: { readonly "Plan Rows": number } }] };
  const { keys } = lookedAt(keyset, page, query);
  const { rows } = await sql<Explained>`explain (format json) ${keys}`.execute(database.kysely);
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
