import { createHash } from "node:crypto";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { isStorableText } from "@rollcall/core/mapping/storable-text.ts";
import { type RawBuilder, sql } from "kysely";
import { isBigint, isUuid } from "./ids.ts";

/**
 * Keyset pagination: a page starts behind the last row of the one before, so that page 20,000 costs as much as the first.
 * A cursor is opaque and belongs to one list with one sort order and one set of filters.
 */
export type Keyset = {
  /** Tells cursors of different lists apart. */
  readonly list: string;
  /** By the name in `?sort=`. */
  readonly sorts: Readonly<Record<string, SortKey>>;
  /** A leading - is descending. */
  readonly defaultSort: string;
  /** Unique; decides between equal sort keys. */
  readonly id: SortKey;
};

/** An expression that is never null (`coalesce` it, and index the same expression), and the type its text is cast back to. */
export type SortKey = {
  readonly value: RawBuilder<unknown>;
  readonly type: "text" | "bigint" | "uuid" | "timestamptz";
};

export type KeysetQuery = {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
};

/** Selected as `position` by every paged query. */
export type Positioned = { readonly position: readonly [string, string] };

export type KeysetPage = {
  /** How many rows are read: one more than asked, which tells whether there is a next page. */
  readonly rows: number;
  /** A condition for `where`. */
  readonly after: RawBuilder<boolean>;
  /** The whole clause, with the limit to `rows`. */
  readonly orderAndLimit: RawBuilder<unknown>;
  /** The order alone. */
  readonly order: RawBuilder<unknown>;
  /** What the order compares, under names that a query around this one can order by. */
  readonly keys: RawBuilder<unknown>;
  /** `orderAndLimit` of a query that selects from one with `keys`. */
  readonly orderKeysAndLimit: RawBuilder<unknown>;
  /** The same where the id is selected as well: in its own name, or the planner does not see that the rows are in this order. */
  readonly orderNearAndLimit: RawBuilder<unknown>;
  readonly position: RawBuilder<unknown>;
  /** The total that the first page counted; undefined on a first page. */
  readonly total: Total | undefined;
  readonly answer: <Row extends Positioned, Item>(
    rows: readonly Row[],
    total: Total,
    toItem: (row: Row) => Item,
  ) => ListOf<Item>;
};

/** How many rows a list has; or, when counting stopped before the end, how many at least. */
export type Total = number | { readonly atLeast: number };

/**
 * What a query needs to read one page. `filters` are the other parameters of the list.
 *
 * @throws ProductError `request.bad_cursor`; `request.invalid` naming the sorts there are
 */
export function keysetPage(keyset: Keyset, query: KeysetQuery, filters: Readonly<Record<string, unknown>>): KeysetPage {
  const sort = query.sort ?? keyset.defaultSort;
  const descending = sort.startsWith("-");
  const key = sortKey(keyset, descending ? sort.slice(1) : sort);
  const scope = scopeOf(keyset.list, sort, filters);
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, scope, [key, keyset.id]);
  const direction = sql.raw(descending ? "desc" : "asc");
  const order = sql`order by ${key.value} ${direction}, ${keyset.id.value} ${direction}`;
  const rows = query.limit + 1;
  const limit = sql`limit ${rows}`;

  return {
    rows,
    after: cursor === undefined ? sql<boolean>`true` : behind(key, keyset.id, descending, cursor.position),
    order,
    orderAndLimit: sql`${order} ${limit}`,
    keys: sql`${key.value} as order_value, ${keyset.id.value} as order_id`,
    orderKeysAndLimit: sql`order by order_value ${direction}, order_id ${direction} ${limit}`,
    orderNearAndLimit: sql`order by order_value ${direction}, ${keyset.id.value} ${direction} ${limit}`,
    position: sql`json_build_array((${key.value})::text, (${keyset.id.value})::text)`,
    total: cursor?.total,
    answer: (found, total, toItem) => {
      const shown = found.slice(0, query.limit);
      const last = found.length > query.limit ? shown.at(-1) : undefined;
      const nextCursor = last === undefined ? null : writeCursor({ scope, position: last.position, total });
      const list = { data: shown.map(toItem), nextCursor };
      return typeof total === "number" ? { ...list, total } : { ...list, total: total.atLeast, totalIsMinimum: true };
    },
  };
}

function sortKey(keyset: Keyset, name: string): SortKey {
  const key = Object.hasOwn(keyset.sorts, name) ? keyset.sorts[name] : undefined;
  if (key === undefined) {
    const names = Object.keys(keyset.sorts).join(", ");
    throw new ProductError("request.invalid", `The list cannot be sorted by what the parameter sort names.`, {
      problems: [{ pointer: "/sort", message: `must be one of ${names}, with a leading - for descending order` }],
    });
  }
  return key;
}

function behind(key: SortKey, id: SortKey, descending: boolean, [value, idValue]: Positioned["position"]) {
  const isBehind = sql.raw(descending ? "<" : ">");
  return sql<boolean>`(${key.value}, ${id.value}) ${isBehind} (${value}::${sql.raw(key.type)}, ${idValue}::${sql.raw(id.type)})`;
}

type Cursor = { readonly scope: string; readonly position: Positioned["position"]; readonly total: Total };

const cursorVersion = 1;

function scopeOf(list: string, sort: string, filters: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined);
  given.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([list, sort, given]))
    .digest("base64url")
    .slice(0, 16);
}

function writeCursor({ scope, position, total }: Cursor): string {
  return Buffer.from(JSON.stringify([cursorVersion, scope, ...position, total])).toString("base64url");
}

function readCursor(text: string, scope: string, types: readonly [SortKey, SortKey]): Cursor {
  const parts = parseCursor(text);
  const [version, ownScope, value, id, total] = parts;
  const fits =
    parts.length === 5 &&
    version === cursorVersion &&
    ownScope === scope &&
    isOfType(value, types[0].type) &&
    isOfType(id, types[1].type) &&
    isTotal(total);
  if (!fits) {
    throw new ProductError(
      "request.bad_cursor",
      "The cursor does not belong to this list with this sort order and these filters. Ask for the first page again, without a cursor.",
      { problems: [{ pointer: "/cursor", message: "must be the nextCursor of the same list" }] },
    );
  }
  return { scope, position: [value, id], total };
}

function parseCursor(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

function isTotal(value: unknown): value is Total {
  if (typeof value === "object" && value !== null) return "atLeast" in value && Number.isSafeInteger(value.atLeast);
  return Number.isSafeInteger(value);
}

// The cursor comes from outside: what PostgreSQL could not cast would be an error of ours instead of the caller's.
function isOfType(value: unknown, type: SortKey["type"]): value is string {
  if (typeof value !== "string") {
    return false;
  }
  switch (type) {
    case "text":
      return isStorableText(value);
    case "bigint":
      return isBigint(value);
    case "uuid":
      return isUuid(value);
    case "timestamptz":
      return value === "-infinity" || isInstant(value);
  }
}

// As PostgreSQL prints it in UTC: 2026-01-31 12:00:00.123456+00.
function isInstant(value: string): boolean {
  const [, date, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)\+00$/.exec(value) ?? [];
  const milliseconds = Date.parse(`${date}T${time}Z`);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(date ?? "?");
}
