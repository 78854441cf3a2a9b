/** The pattern of `like` and `ilike` for "contains this text", the text taken literally; null when there is nothing to look for. */
export function containsPattern(text: string | undefined): string | null {
  const wanted = text?.trim() ?? "";
  return wanted === "" ? null : `%${wanted.replace(/[\\%_]/g, "\\$&")}%`;
}
