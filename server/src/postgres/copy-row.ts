import { storableJson, storableText } from "./storable.ts";

/** A value of a column in COPY. `json()` marks what goes into a `jsonb` column; a plain array is a PostgreSQL array. */
export type CopyValue = CopyScalar | readonly CopyScalar[];

type CopyScalar = string | number | bigint | boolean | Date | Uint8Array | Json | null | undefined;

type Json = { readonly kind: "json"; readonly value: unknown };

/** Marks `value` for a `json` or `jsonb` column. */
export function json(value: unknown): Json {
  return { kind: "json", value };
}

/**
 * One row in COPY's text format, with its line end; undefined is null. Strings are made storable (see `storable.ts`).
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
export function copyRow(values: readonly CopyValue[]): string {
  return `${values.map(copyField).join("\t")}\n`;
}

function copyField(value: CopyValue): string {
  if (value === null || value === undefined) {
    return "\\N";
  }
  return escapeField(isList(value) ? arrayText(value) : scalarText(value));
}

// Array.isArray does not narrow a readonly array out of a union.
function isList(value: CopyValue): value is readonly CopyScalar[] {
  return Array.isArray(value);
}

function escapeField(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => `\\${fieldEscapes[character] ?? character}`);
}

const fieldEscapes: Readonly<Record<string, string>> = { "\t": "t", "\n": "n", "\r": "r" };

// An array literal quotes every element, so that words like NULL, braces and commas stay text.
function arrayText(values: readonly CopyScalar[]): string {
  const elements = values.map((value) =>
    value === null || value === undefined ? "NULL" : `"${scalarText(value).replace(/[\\"]/g, "\\$&")}"`,
  );
  return `{${elements.join(",")}}`;
}

function scalarText(value: Exclude<CopyScalar, null | undefined>): string {
  switch (typeof value) {
    case "string":
      return storableText(value);
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      return objectText(value);
  }
}

function objectText(value: Date | Uint8Array | Json): string {
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (value instanceof Uint8Array) {
    return `\\x${Buffer.from(value).toString("hex")}`;
  }
  return storableJson(value.value);
}
