import { Readable } from "node:stream";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { stringify } from "csv-stringify/sync";
import type { FastifyReply } from "fastify";
import { harmlessCell } from "../runs/harmless-cell.ts";

export type CsvColumn<Item> = {
  readonly name: string;
  readonly value: (item: Item) => string | number | boolean | null;
};

type ReadPage<Item> = (page: { readonly limit: number; readonly cursor?: string }) => Promise<ListOf<Item>>;

const pageSize = 500;

/** Whether the caller asks for CSV rather than JSON. */
export function wantsCsv(accept: string | undefined): boolean {
  return /\btext\/csv\b/i.test(accept ?? "");
}

/**
 * Answers with a whole list as CSV (RFC 4180, UTF-8), read page by page as fast as it is fetched, so that memory stays flat
 * however long the list is. Rows that change meanwhile may be missing or be there twice, as on screens.
 *
 * @throws what `read` throws for the first page, so that a wrong query is refused before the answer begins
 */
export async function sendCsv<Item>(
  reply: FastifyReply,
  fileName: string,
  columns: readonly CsvColumn<Item>[],
  read: ReadPage<Item>,
): Promise<FastifyReply> {
  const first = await read({ limit: pageSize });
  return await reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="${fileName}"`)
    .send(Readable.from(csvLines(columns, first, read), { objectMode: false }));
}

async function* csvLines<Item>(
  columns: readonly CsvColumn<Item>[],
  first: ListOf<Item>,
  read: ReadPage<Item>,
): AsyncGenerator<string> {
  yield toLines([columns.map(({ name }) => harmlessCell(name))]);
  let page = first;
  while (page.data.length > 0) {
    yield toLines(page.data.map((item) => columns.map(({ value }) => toCell(value(item)))));
    if (page.nextCursor === null) {
      return;
    }
    page = await read({ limit: pageSize, cursor: page.nextCursor });
  }
}

// Numbers are no formulas, also when they are negative.
function toCell(value: string | number | boolean | null): string {
  return typeof value === "string" || value === null ? harmlessCell(value) : String(value);
}

function toLines(records: readonly (readonly string[])[]): string {
  return stringify([...records], { record_delimiter: "\r\n" });
}
