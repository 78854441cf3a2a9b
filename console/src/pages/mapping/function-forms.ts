import type { MappingFunction } from "@rollcall/core/mapping/mapping-schema.ts";

type Name = MappingFunction["name"];

/** What the functions are called, and how they start out. */
export const functionWords = {
  lower: "Lower case",
  upper: "Upper case",
  trim: "Remove spaces around",
  split: "Split",
  join: "Join a list",
  "date-parse": "Read a date",
  "date-format": "Write a date",
  default: "Value when empty",
  "map-table": "Replace by a table",
  "first-name": "First name of a full name",
  "last-name": "Last name of a full name",
  boolean: "Yes or no",
} as const satisfies Record<Name, string>;

export function newFunction(name: Name): MappingFunction {
  switch (name) {
    case "split":
      return { name, separator: ",", index: 0 };
    case "join":
      return { name, separator: ", " };
    case "date-parse":
      return { name, format: "dd.MM.yyyy" };
    case "date-format":
      return { name, format: "yyyy-MM-dd" };
    case "default":
      return { name, value: "" };
    case "map-table":
      return { name, table: {} };
    case "boolean":
      return { name };
    default:
      return { name };
  }
}

/** A table as lines of `vendor = ours`, and back. A line without = is left out. */
export function tableText(table: Readonly<Record<string, string>>): string {
  return Object.entries(table)
    .map(([from, to]) => `${from} = ${to}`)
    .join("\n");
}

export function readTable(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const at = line.indexOf("=");
      return at === -1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );
}
