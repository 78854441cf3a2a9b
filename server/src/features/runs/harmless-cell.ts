/**
 * Text for a CSV cell that no spreadsheet takes for a formula: what begins with = + - @, a tab or a line break gets an
 * apostrophe before it (OWASP, CSV Injection). Null is an empty cell.
 */
export function harmlessCell(value: string | null): string {
  if (value === null) {
    return "";
  }
  return /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
}
