import { describeFound } from "../mapping/value-problems.ts";
import { readKey, readPointer } from "./json-pointer.ts";
import type { Stream } from "./manifest-streams.ts";

/** One object of a page. A rejected one has no readable key: it cannot be told who it is, which is a gap. */
export type DecodedRecord =
  | { readonly kind: "record"; readonly key: string; readonly pointer: string; readonly record: VendorRecord }
  | {
      readonly kind: "rejected";
      readonly key: null;
      readonly pointer: string;
      readonly expected: string;
      readonly found: string;
    };

export type VendorRecord = Readonly<Record<string, unknown>>;

/** `pointer` is into the page; `found` tells the kind and size of what was there, never the data. */
export type DecodedPage =
  | { readonly kind: "records"; readonly records: readonly DecodedRecord[] }
  | { readonly kind: "bad-page"; readonly pointer: string; readonly expected: string; readonly found: string };

/** Takes a page apart into records with their keys. An absent array is a bad page, never an empty list. */
export function decodePage(stream: Stream, body: unknown): DecodedPage {
  const list = readPointer(body, stream.records);
  if (Array.isArray(list)) {
    const records = list.map((value: unknown, index) => decodeRecord(stream, value, `${stream.records}/${index}`));
    return { kind: "records", records };
  }
  const zero = stream.recordsAbsentWhenZero;
  if (list === undefined && zero !== undefined && readPointer(body, zero) === 0)
    return { kind: "records", records: [] };
  return { kind: "bad-page", pointer: stream.records, expected: "a list of records", found: describeFound(list) };
}

function decodeRecord(stream: Stream, value: unknown, pointer: string): DecodedRecord {
  if (!isRecord(value)) return rejectedRecord(stream, pointer, "record", describeFound(value));
  const id = readPointer(value, stream.key);
  const key = readKey(id);
  if (key !== undefined) return { kind: "record", key, pointer, record: value };
  return rejectedRecord(stream, pointer, "key", describeFound(id));
}

/** A record of which nobody can say who it is: it is no object, or it has no readable key. */
export function rejectedRecord(
  stream: Pick<Stream, "key">,
  pointer: string,
  at: "record" | "key",
  found: string,
): DecodedRecord & { readonly kind: "rejected" } {
  return at === "record"
    ? { kind: "rejected", key: null, pointer, expected: "an object", found }
    : {
        kind: "rejected",
        key: null,
        pointer: `${pointer}${stream.key}`,
        expected: "an id: text or a whole number below 2^53",
        found,
      };
}

function isRecord(value: unknown): value is VendorRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
