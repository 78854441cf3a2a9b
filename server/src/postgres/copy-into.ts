import { pipeline } from "node:stream/promises";
import { escapeIdentifier } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type CopyValue, copyRow } from "./copy-row.ts";
import type { Transaction } from "./database.ts";
import { asDatabaseError } from "./database-error.ts";

type Chunks = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/**
 * Streams `source` into a `copy … from stdin` and returns the number of rows. A failing source fails the statement, and
 * with it the transaction; memory stays flat however long the source is.
 *
 * @throws the source's own error; the driver's error of the COPY, naming line and column; `database.unreachable`
 */
export async function copyInto(transaction: Transaction, copyStatement: string, source: Chunks): Promise<number> {
  const stream = transaction.connection().query(copyFrom(copyStatement));
  const failure: { ofSource?: { readonly error: unknown } } = {};
  const watched = watch(source, (error) => {
    failure.ofSource = { error };
  });
  try {
    await pipeline(inLargeChunks(watched), stream);
  } catch (error) {
    // A broken connection to somebody else must not look like one to the database.
    throw failure.ofSource === undefined ? asDatabaseError(error) : failure.ofSource.error;
  }
  return stream.rowCount;
}

/** Streams `rows` into `columns` of `table` (a name, not an expression) and returns their number. */
export async function copyRows(
  transaction: Transaction,
  table: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly CopyValue[]> | Iterable<readonly CopyValue[]>,
): Promise<number> {
  const names = columns.map(escapeIdentifier).join(", ");
  return await copyInto(transaction, `copy ${escapeIdentifier(table)} (${names}) from stdin`, asText(rows));
}

async function* asText(rows: AsyncIterable<readonly CopyValue[]> | Iterable<readonly CopyValue[]>) {
  for await (const row of rows) {
    yield copyRow(row);
  }
}

async function* watch(source: Chunks, onError: (error: unknown) => void): AsyncGenerator<string | Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    onError(error);
    throw error;
  }
}

const chunkBytes = 64 * 1024;

// Every chunk becomes a protocol message and two socket writes; a row of 250 bytes each would spend its time there.
async function* inLargeChunks(source: Chunks): AsyncGenerator<Buffer> {
  let pending: Buffer[] = [];
  let size = 0;
  for await (const piece of source) {
    const bytes = Buffer.from(piece as string);
    pending.push(bytes);
    size += bytes.length;
    if (size >= chunkBytes) {
      yield Buffer.concat(pending);
      pending = [];
      size = 0;
    }
  }
  if (size > 0) {
    yield Buffer.concat(pending);
  }
}
