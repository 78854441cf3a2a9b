import { type RawBuilder, sql } from "kysely";
import { containsPattern } from "./like.ts";

export type Search = {
  /** Whether a row has the text. */
  readonly matches: RawBuilder<boolean>;
  /** The same of one half of the table's rows and of the other, which have an index each and can be looked through at once. */
  readonly halves: readonly [RawBuilder<boolean>, RawBuilder<boolean>];
};

/**
 * "Contains this text, in upper or lower case", over the column search_text of `table`; null when there is nothing to look for. One or
 * two Latin letters or digits, which have no trigram of their own, are looked for where a word begins: the index has those, and who
 * types them is beginning a name.
 */
export function searchFor(text: string | undefined, table: RawBuilder<unknown>): Search | null {
  const patterns = patternsOf(text?.trim() ?? "");
  if (patterns === null) return null;
  const found = patterns.map((pattern) => sql`${table}.search_text like lower(${pattern})`);
  // Half and pattern stand beside each other: within a condition on one half, the planner does not look for patterns that are alternatives.
  const inHalf = (half: number) =>
    anyOf(found.map((matches) => sql`((${table}.id & 1) = ${sql.lit(half)} and ${matches})`));
  return { matches: anyOf(found), halves: [inHalf(0), inHalf(1)] };
}

/** Whether a row has the text, for a query that is to look it up in the indexes of both halves. */
export function eitherOf({ halves }: Search): RawBuilder<boolean> {
  return anyOf(halves);
}

function anyOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<boolean> {
  return sql`(${sql.join(conditions, sql` or `)})`;
}

function patternsOf(wanted: string): readonly string[] | null {
  if (/^[\p{Script=Latin}\d]{1,2}$/u.test(wanted)) return [`${wanted}%`, `% ${wanted}%`];
  const pattern = containsPattern(wanted);
  return pattern === null ? null : [pattern];
}
