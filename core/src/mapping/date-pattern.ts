import { type DateParts, datePartsOf, digits, timeOf } from "./iso-date.ts";

/** A date pattern of yyyy, MM, dd, HH, mm, ss and literal characters, all in UTC. */
export type DatePattern = {
  /** The time (milliseconds since 1970) of text that has exactly this form; null for anything else. */
  readonly parse: (text: string) => number | null;
  /** The text of a time; null outside the years 0001 to 9999. */
  readonly format: (time: number) => string | null;
};

export type CompiledDatePattern =
  | { readonly kind: "ok"; readonly pattern: DatePattern; readonly hasYear: boolean }
  | { readonly kind: "invalid"; readonly message: string };

const tokens: Readonly<Record<string, keyof DateParts>> = {
  yyyy: "year",
  MM: "month",
  dd: "day",
  HH: "hour",
  mm: "minute",
  ss: "second",
};

/** Compiles a pattern. Letters other than the six tokens are refused, except T and Z, which stand for themselves. */
export function compileDatePattern(format: string): CompiledDatePattern {
  const parts: (keyof DateParts)[] = [];
  const layout: LayoutPiece[] = [];
  for (const piece of piecesOf(format)) {
    const part = Object.hasOwn(tokens, piece) ? tokens[piece] : undefined;
    if (part === undefined) {
      if (/[A-SU-Ya-z]/.test(piece)) return { kind: "invalid", message: unknownLetters(piece) };
      layout.push({ literal: piece });
    } else {
      if (parts.includes(part)) return { kind: "invalid", message: `${piece} stands in the date pattern twice.` };
      parts.push(part);
      layout.push({ part });
    }
  }
  if (parts.length === 0) {
    return { kind: "invalid", message: "The date pattern has no date in it; write one such as dd.MM.yyyy." };
  }
  return { kind: "ok", pattern: patternOf(layout), hasYear: parts.includes("year") };
}

type LayoutPiece = { readonly literal: string } | { readonly part: keyof DateParts };

function patternOf(layout: readonly LayoutPiece[]): DatePattern {
  return {
    parse: (text) => {
      const parts = { year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
      let at = 0;
      for (const piece of layout) {
        if ("literal" in piece) {
          if (!text.startsWith(piece.literal, at)) return null;
          at += piece.literal.length;
        } else {
          const width = widthOf(piece.part);
          const number = text.slice(at, at + width);
          if (number.length !== width || !/^[0-9]+$/.test(number)) return null;
          parts[piece.part] = Number(number);
          at += width;
        }
      }
      return at === text.length ? timeOf(parts) : null;
    },
    format: (time) => {
      const parts = datePartsOf(time);
      if (parts === null) return null;
      return layout
        .map((piece) => ("literal" in piece ? piece.literal : digits(parts[piece.part], widthOf(piece.part))))
        .join("");
    },
  };
}

/** Runs of the same letter are one piece: `yyyyMMdd` is three; other characters stay together. */
function piecesOf(format: string): readonly string[] {
  return format.match(/([A-Za-z])\1*|[^A-Za-z]+/g) ?? [];
}

function widthOf(part: keyof DateParts): number {
  return part === "year" ? 4 : 2;
}

function unknownLetters(piece: string): string {
  return `The date pattern knows yyyy, MM, dd, HH, mm and ss, not ${piece}; for seconds since 1970 use unix.`;
}
