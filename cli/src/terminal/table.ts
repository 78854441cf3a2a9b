import type { Output, Style } from "./output.ts";
import { printable, shorten, widthOf } from "./text.ts";

export type Column<Item> = {
  readonly title: string;
  readonly value: (item: Item) => string | number | null;
  readonly style?: (item: Item) => Style | undefined;
  /** Never shortened: ids, which are there to be copied. */
  readonly whole?: boolean;
};

const gap = "  ";
const narrowest = 6;

/** Rows under titles, numbers to the right; columns are shortened, the widest first, until a row fits the terminal. */
export function formatTable<Item>(out: Output, columns: readonly Column<Item>[], items: readonly Item[]): string {
  const rows = items.map((item) => columns.map(({ value }) => printable(String(value(item) ?? ""))));
  const numeric = columns.map(({ value }) => items.some((item) => typeof value(item) === "number"));
  const wanted = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ""))),
  );
  const widths = fit(
    wanted,
    columns.map(({ whole = false }) => whole),
    out.width - gap.length * (columns.length - 1),
  );
  const line = (cells: readonly string[], styleOf: (index: number) => Style | undefined) =>
    cells
      .map((cell, index) => {
        const text = shorten(cell, widths[index] ?? 0);
        const space = " ".repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)));
        const painted = out.paint(text, styleOf(index));
        if (numeric[index] === true) return space + painted;
        return index === cells.length - 1 ? painted : painted + space;
      })
      .join(gap)
      .trimEnd();
  const titles = columns.map(({ title }) => title.toUpperCase());
  return [
    line(titles, () => "dim"),
    ...rows.map((row, index) => {
      const item = items[index];
      return line(row, (column) => (item === undefined ? undefined : columns[column]?.style?.(item)));
    }),
  ].join("\n");
}

/** Names and values, one pair a line; pairs whose value is empty are left out. Further lines of a value are indented. */
export function formatPairs(
  pairs: readonly (readonly [string, string | number | boolean | null | undefined])[],
): string {
  const shown = pairs.flatMap(([name, value]) => {
    const text = value === null || value === undefined ? "" : typeof value === "boolean" ? yesNo(value) : String(value);
    return text === "" ? [] : [[name, text] as const];
  });
  const width = Math.max(0, ...shown.map(([name]) => widthOf(name)));
  const indent = `\n${" ".repeat(width + 2)}`;
  return shown
    .map(([name, text]) => {
      const space = " ".repeat(width - widthOf(name) + 2);
      return `${printable(name)}${space}${printable(text, { lines: true }).replaceAll("\n", indent)}`;
    })
    .join("\n");
}

export function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

function fit(wanted: readonly number[], whole: readonly boolean[], room: number): readonly number[] {
  const widths = [...wanted];
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, 0) - room;
    if (excess <= 0) return widths;
    const candidates = widths.map((width, index) => (whole[index] === true ? 0 : width));
    const widest = Math.max(...candidates);
    if (widest <= narrowest) return widths;
    widths[candidates.indexOf(widest)] = widest - 1;
  }
}
