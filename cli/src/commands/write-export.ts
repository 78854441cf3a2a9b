import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Session } from "../session.ts";
import { wrongUse } from "../wrong-use.ts";

/**
 * Streams an export to a file that only its owner may read, or to the output when no file (or `-`) is named.
 *
 * @throws ProductError `cli.wrong_use` when the file cannot be written
 */
export async function writeExport(
  { output, out }: Session,
  pieces: AsyncIterable<Uint8Array | string>,
  file: string | undefined,
): Promise<void> {
  const source = Readable.from(pieces, { objectMode: false });
  if (file === undefined || file === "-") {
    await pipeline(source, output, { end: false });
    return;
  }
  try {
    await pipeline(source, createWriteStream(file, { mode: 0o600 }));
  } catch (error) {
    if (error instanceof ProductError || !(error instanceof Error && "syscall" in error)) throw error;
    throw wrongUse(`The file ${file} cannot be written (${"code" in error ? String(error.code) : error.message}).`);
  }
  out.hint(`Written to ${file}.`);
}
