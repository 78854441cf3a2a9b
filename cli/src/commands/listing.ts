import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Command } from "commander";
import type { Api, Query, Schema } from "../api/api.ts";
import { readWholeList } from "../api/read-list.ts";
import type { Session } from "../session.ts";
import { type Column, formatTable } from "../terminal/table.ts";
import { counted } from "../terminal/text.ts";
import { verb, wholeNumber } from "./verb.ts";

/** What every list accepts. */
export type ListOptions = {
  readonly search?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly all?: boolean;
};

/** A verb that lists. */
export function listVerb(noun: Command, usage: string, description: string): Command {
  return pagedVerb(noun, usage, description).option("--search <text>", "only what contains the text");
}

/** A verb that lists what cannot be searched. */
export function pagedVerb(noun: Command, usage: string, description: string): Command {
  return verb(noun, usage, description)
    .option("--sort <field>", "sort by a field; -field for descending order")
    .option("--limit <number>", "how many, at most 500 (default 50)", wholeNumber)
    .option("--cursor <cursor>", "go on where the list before ended")
    .option("--all", "the whole list, however long");
}

type Listing<Item> = {
  readonly path: string;
  readonly answer: Schema<ListOf<Item>>;
  readonly query?: Query;
  readonly columns: readonly Column<Item>[];
  /** Plural, for the line below: "12 of 340 people". */
  readonly noun: string;
  /** What an empty list means, and what to do. */
  readonly empty: string;
};

/** Reads a list and prints it: a table, or the API's answer `{"data", "nextCursor", "total"}` with --json. */
export async function printListing<Item>(
  { out }: Session,
  api: Api,
  { path, answer, query = {}, columns, noun, empty }: Listing<Item>,
  { search: q, sort, limit, cursor, all = false }: ListOptions,
): Promise<void> {
  const filters = { ...query, q, sort };
  const list = all
    ? await readWholeList(api, path, answer, filters)
    : await api.call({ method: "GET", path, query: { ...filters, limit, cursor } }, answer);
  out.result(list, () => (list.data.length === 0 ? "" : formatTable(out, columns, list.data)));
  if (list.data.length === 0) out.hint(q === undefined ? empty : `Nothing contains "${q}". ${empty}`);
  if (list.nextCursor !== null) {
    out.hint(
      `${counted(list.data.length, "row")} of ${list.total}${list.totalIsMinimum ? "+" : ""} ${noun}; go on with --cursor ${list.nextCursor}`,
    );
  }
}
