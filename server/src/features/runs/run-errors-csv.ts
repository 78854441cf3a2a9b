import type { RunError } from "@rollcall/core/contract/runs.ts";
import { stringify } from "csv-stringify/sync";
import { harmlessCell } from "./harmless-cell.ts";

const columns = [
  "kind",
  "vendorKey",
  "code",
  "field",
  "pointer",
  "expected",
  "found",
  "message",
  "nextStep",
] as const satisfies readonly (keyof RunError)[];

/** The errors as CSV (RFC 4180, UTF-8), batch by batch, with a header line. */
export async function* runErrorsCsv(batches: AsyncIterable<readonly RunError[]>): AsyncGenerator<string> {
  yield stringify([columns], { record_delimiter: "\r\n" });
  for await (const batch of batches) {
    yield stringify(
      batch.map((error) => columns.map((column) => harmlessCell(error[column]))),
      { record_delimiter: "\r\n" },
    );
  }
}
