/** The one way to compare sync keys: trimmed and case-insensitive. The database's function `comparable` says the same. */
export function comparable(value: string): string {
  return value.replace(/^[ \t\n\r\f\v\u00a0]+|[ \t\n\r\f\v\u00a0]+$/g, "").toLowerCase();
}
