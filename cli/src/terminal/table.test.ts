import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Output } from "./output.ts";
import { formatPairs, formatTable } from "./table.ts";
import { printable, shorten, widthOf } from "./text.ts";

const out = (width: number): Output => ({
  json: false,
  result: () => undefined,
  note: () => undefined,
  hint: () => undefined,
  width,
  paint: (text) => text,
});
type Row = { readonly id: string; readonly name: string; readonly count: number | null };
const columns = [
  { title: "id", value: ({ id }: Row) => id, whole: true },
  { title: "name", value: ({ name }: Row) => name },
  { title: "count", value: ({ count }: Row) => count },
];
const rows: readonly Row[] = [
  { id: "a1", name: "Ada Lovelace, Countess of", count: 7 },
  { id: "b22", name: "山田太郎", count: null },
];

describe("tables", () => {
  test("line up, numbers to the right, nothing at the end of a line", () => {
    assert.equal(
      formatTable(out(Number.POSITIVE_INFINITY), columns, rows),
      ["ID   NAME                       COUNT", "a1   Ada Lovelace, Countess of      7", "b22  山田太郎"].join("\n"),
    );
  });

  test("shorten the widest column to fit the terminal, never an id", () => {
    assert.equal(
      formatTable(out(24), columns, rows),
      ["ID   NAME          COUNT", "a1   Ada Lovelac…      7", "b22  山田太郎"].join("\n"),
    );
  });

  test("fit any terminal whatever is in them", () => {
    const cell = fc.string({ unit: "grapheme", maxLength: 60 });
    const row = fc.record({ id: fc.constant("x"), name: cell, count: fc.option(fc.nat(9999)) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.integer({ min: 24, max: 80 }), (items, width) => {
        const lines = formatTable(out(width), columns, items).split("\n");
        assert.equal(lines.length, items.length + 1);
        for (const line of lines) assert.ok(widthOf(line) <= width, line);
      }),
      { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) },
    );
  });
});

describe("text for a terminal", () => {
  test("holds no control characters and nothing that reorders letters", () => {
    assert.equal(printable("a\u001b[31mb\r\nc\u202ed\u0007"), "a\u{fffd}[31mb\u{fffd}\u{fffd}c\u{fffd}d\u{fffd}");
    assert.equal(printable("a\nb\r", { lines: true }), "a\nb\u{fffd}");
  });

  test("is shortened by what it takes on the screen", () => {
    assert.equal(shorten("山田太郎", 8), "山田太郎");
    assert.equal(shorten("山田太郎", 7), "山田太…");
    assert.equal(shorten("山田太郎", 6), "山田…");
    assert.equal(widthOf("e\u0301"), 1);
  });

  test("pairs leave out what is empty and indent further lines", () => {
    assert.equal(
      formatPairs([
        ["Name", "Legal"],
        ["Gone", null],
        ["Guard", "12 of 40\nmore"],
        ["On", false],
      ]),
      "Name   Legal\nGuard  12 of 40\n       more\nOn     no",
    );
  });
});
