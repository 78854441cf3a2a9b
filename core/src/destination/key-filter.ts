/**
 * A filter that finds the records with one of the values, `username IN ["a","b"]` (KB 6515498409879). Undefined when a value has
 * a character that the language is not known to escape.
 */
export function keyFilter(column: string, values: readonly string[]): string | undefined {
  if (values.length === 0 || values.some((value) => /["\\\p{Cc}]/u.test(value))) return undefined;
  return `${column} IN [${values.map((value) => `"${value}"`).join(",")}]`;
}
