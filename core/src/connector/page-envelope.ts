import type { Pagination } from "./manifest-pagination.ts";

/**
 * What paging reads of a page's body, and nothing else: the values at the pointers of its kind. Paging comes to the same verdict on it
 * as on the body (a law in the test beside), so a reader elsewhere can be judged by it without the vendor's records. Text is kept
 * only where it is a cursor or a link; elsewhere it is a mistake of the vendor, of which it is enough that it is text.
 */
export function pageEnvelope(pagination: Pagination, body: unknown): unknown {
  return project(body, evidenceOf(pagination));
}

type Wanted = { readonly tokens: readonly string[]; readonly text: boolean };

function evidenceOf(pagination: Pagination): readonly Wanted[] {
  const { total } = pagination;
  const counted = total === undefined ? [] : [wanted(total)];
  switch (pagination.kind) {
    case "page-number": {
      const { page, size, count } = pagination.echo;
      return [...counted, ...[pagination.hasMore, page, size, count].flatMap(wantedIfAny)];
    }
    case "start-index": {
      const { start, count } = pagination.echo;
      return [...counted, ...[start, count].flatMap(wantedIfAny)];
    }
    case "cursor":
      return [...counted, wanted(pagination.container), wanted(pagination.cursor, true)];
    case "next-link":
      return [...counted, wanted(pagination.container), wanted(pagination.link, true)];
    case "single":
      return counted;
  }
}

function wantedIfAny(pointer: string | undefined): readonly Wanted[] {
  return pointer === undefined ? [] : [wanted(pointer)];
}

function wanted(pointer: string, text = false): Wanted {
  const tokens = pointer.split("/").slice(1);
  return { tokens: tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")), text };
}

/** The part of `value` on the ways of `all`, by the rules of readPointer. */
function project(value: unknown, all: readonly Wanted[]): unknown {
  if (typeof value === "string") return all.some(({ tokens, text }) => text && tokens.length === 0) ? value : "";
  if (typeof value !== "object" || value === null) return value;
  const below = new Map<string, Wanted[]>();
  for (const { tokens, text } of all) {
    const [token, ...rest] = tokens;
    if (token !== undefined) below.set(token, [...(below.get(token) ?? []), { tokens: rest, text }]);
  }
  const parts = [...below].flatMap(([token, ways]) => {
    if (!Object.hasOwn(value, token) || (Array.isArray(value) && !/^(?:0|[1-9]\d*)$/.test(token))) return [];
    return [[token, project((value as Readonly<Record<string, unknown>>)[token], ways)] as const];
  });
  if (!Array.isArray(value)) return Object.fromEntries(parts);
  const list: unknown[] = [];
  for (const [index, part] of parts) list[Number(index)] = part;
  return Array.from(list, (part) => part ?? null);
}
