/** What the mapping takes for empty: nothing there, null, or text without a character. Spaces are characters. */
export function isEmpty(value: unknown): value is null | undefined | "" {
  return value === undefined || value === null || value === "";
}

/**
 * The text form of a single JSON value: text itself, a number in its shortest JSON form, `true` or `false`. Null for
 * everything else: nothing, lists, objects, and what JSON cannot hold.
 */
export function scalarText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number" && Number.isFinite(value)) return value === 0 ? "0" : String(value);
  return null;
}

/** A whole number so large that JSON's reader may already have changed its last digits. */
export function isInexact(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
}
