/**
 * Text that is safe to print: what could move the cursor, change colours or reorder letters (control characters, bidirectional
 * overrides) is replaced, because names come from vendors. `lines` keeps line breaks.
 */
export function printable(text: string, { lines = false }: { readonly lines?: boolean } = {}): string {
  return text.replace(unsafe, (character) => (lines && character === "\n" ? character : "\u{fffd}"));
}

const unsafe = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** How many columns a terminal needs for it. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += isWide(segment) ? 2 : 1;
  return width;
}

/** At most `width` columns, with … where something is left out. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += isWide(segment) ? 2 : 1;
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** An instant as people read it, to the minute, in UTC. */
export function instant(iso: string | null): string {
  return iso === null ? "" : `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

/** Any JSON value in one line. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return "(none)";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `1 run`, `2 runs`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

// Unicode's East Asian wide and full-width blocks (https://www.unicode.org/reports/tr11/), and emoji.
function isWide(grapheme: string): boolean {
  return /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u.test(
    grapheme,
  );
}
