import type { QueryResultRow } from "pg";
import type { Queryable } from "./database.ts";

/** All rows of a query. The type is the caller's claim about the columns; see `type-parsers.ts` for how values arrive. */
export async function rows<Row extends QueryResultRow>(
  on: Queryable,
  text: string,
  params?: readonly unknown[],
): Promise<readonly Row[]> {
  return (await on.query<Row>(text, params)).rows;
}

/** The only row of a query; an error when there are none or several. */
export async function one<Row extends QueryResultRow>(
  on: Queryable,
  text: string,
  params?: readonly unknown[],
): Promise<Row> {
  const row = await maybeOne<Row>(on, text, params);
  if (row === undefined) {
    throw new Error(`Expected one row, got none: ${firstLine(text)}`);
  }
  return row;
}

/** The only row of a query or undefined; an error when there are several. */
export async function maybeOne<Row extends QueryResultRow>(
  on: Queryable,
  text: string,
  params?: readonly unknown[],
): Promise<Row | undefined> {
  const found = await rows<Row>(on, text, params);
  if (found.length > 1) {
    throw new Error(`Expected one row, got ${found.length}: ${firstLine(text)}`);
  }
  return found[0];
}

/** How many rows an insert, update, delete or merge touched. */
export async function affected(on: Queryable, text: string, params?: readonly unknown[]): Promise<number> {
  return (await on.query(text, params)).rowCount ?? 0;
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1).join("").slice(0, 100);
}
