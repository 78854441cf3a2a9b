/**
 * What PostgreSQL can hold of a JavaScript string: `text` has no U+0000 and no half of a surrogate pair. The NUL is removed
 * and a lone surrogate becomes U+FFFD, so that one odd byte in a vendor's record does not stop a run of a million.
 */
export function storableText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

/** `value` as the text of a `jsonb`, with the same two repairs inside its strings and keys; undefined is null. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  // JSON.stringify escapes exactly these two kinds (well-formed JSON.stringify, ES2019), and every other backslash belongs to
  // the pair it starts, so taking escapes whole cannot mistake `\\u0000`, an escaped backslash, for a NUL.
  return text.replace(/\\(?:u[0-9a-f]{4}|.)/g, (sequence) => {
    if (sequence === "\\u0000") {
      return "";
    }
    return /^\\ud[89a-f]/.test(sequence) ? "\uFFFD" : sequence;
  });
}
