import { z } from "zod";

/**
 * Whether PostgreSQL can store the text: `text` and `jsonb` refuse U+0000 and anything that is not valid UTF-8, which a
 * lone surrogate becomes (PostgreSQL manual, 8.3 Character Types and 8.14 JSON Types).
 */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\u0000");
}

/** A schema for text of `min` to `max` UTF-16 units that can be stored. */
export function storableText(min: number, max: number) {
  return z.string().min(min).max(max).refine(isStorableText, {
    error: "Contains a NUL or half of a surrogate pair, which cannot be stored; remove it.",
  });
}

/** The number of characters (code points, as PostgreSQL counts them), not of UTF-16 units. */
export function characterCount(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      count--;
      index++;
    }
  }
  return count;
}
