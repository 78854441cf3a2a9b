import { type RawBuilder, sql } from "kysely";
import { containsPattern } from "./like.ts";

/**
 * A condition for "contains this text, in upper or lower case" over a column of lower case with a trigram index; null when there is
 * nothing to look for. One or two Latin letters or digits, which have no trigram of their own, are looked for where a word begins:
 * the index has those, and who types them is beginning a name.
 */
export function searchCondition(text: string | undefined, searched: RawBuilder<string>): RawBuilder<boolean> | null {
  const wanted = text?.trim() ?? "";
  if (/^[\p{Script=Latin}\d]{1,2}$/u.test(wanted)) {
    return sql<boolean>`(${searched} like lower(${`${wanted}%`}) or ${searched} like lower(${`% ${wanted}%`}))`;
  }
  const pattern = containsPattern(wanted);
  return pattern === null ? null : sql<boolean>`${searched} like lower(${pattern})`;
}
