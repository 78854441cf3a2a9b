import { types } from "pg";

/**
 * How values arrive from PostgreSQL:
 * - `bigint` and `numeric` as strings, since a double holds neither (cast counts to `int` in SQL: `count(*)::int`);
 * - `timestamptz` as `Date`, milliseconds only: a cursor that must be exact selects the column as text;
 * - `date` and `timestamp` as the text PostgreSQL prints: the driver's default reads them in the local time zone;
 * - `json` and `jsonb` parsed, `bytea` as `Buffer`, everything else as the driver does.
 *
 * Given to a pool rather than set globally, so that other users of the driver in the process keep their own.
 */
export const typeParsers = { getTypeParser };

const asText = (value: string): string => value;

// Array types are read as text[], which splits and unquotes without looking inside.
const textArrayId: number = 1009;
const textArray = types.getTypeParser(textArrayId, "text");

/** By object id of the type, from pg_type.dat of PostgreSQL. */
const parsers: ReadonlyMap<number, (value: string) => unknown> = new Map([
  [types.builtins.DATE, asText],
  [types.builtins.TIMESTAMP, asText],
  [types.builtins.INTERVAL, asText],
  [1182, textArray], // date[]
  [1115, textArray], // timestamp[]
  [1187, textArray], // interval[]
  [1016, textArray], // int8[]
  [1231, textArray], // numeric[]
]);

function getTypeParser(oid: number, format?: "text" | "binary") {
  return (format !== "binary" && parsers.get(oid)) || types.getTypeParser(oid, format ?? "text");
}
