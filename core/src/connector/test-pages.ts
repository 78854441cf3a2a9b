import { fingerprintKeys } from "./fingerprint-keys.ts";
import type { ListingGap } from "./gaps.ts";
import type { ListingState, PageRequest } from "./listing-state.ts";
import { type Pagination, paginationSchema } from "./manifest-pagination.ts";
import { advanceListing, type NextStep, type PageFacts, startListing } from "./paginate.ts";

/** Page-number paging with everything the vendor can say; changes replace or (undefined) remove settings. */
export function aPageNumber(changes: Readonly<Record<string, unknown>> = {}): Pagination {
  return paginationSchema.parse({
    kind: "page-number",
    pageParam: "page",
    sizeParam: "per_page",
    size: 2,
    hasMore: "/has_more",
    total: "/total",
    echo: { page: "/page", size: "/per_page", count: "/count" },
    ...changes,
  });
}

/** SCIM paging. */
export function aStartIndex(): Pagination {
  return paginationSchema.parse({
    kind: "start-index",
    startParam: "startIndex",
    sizeParam: "count",
    size: 2,
    total: "/totalResults",
    echo: { start: "/startIndex", count: "/itemsPerPage" },
  });
}

export function aCursor(changes: Readonly<Record<string, unknown>> = {}): Pagination {
  return paginationSchema.parse({
    kind: "cursor",
    param: "after",
    container: "/paging",
    cursor: "/paging/next",
    ...changes,
  });
}

export function aNextLink(): Pagination {
  return paginationSchema.parse({ kind: "next-link", container: "/links", link: "/links/next" });
}

/** A page answered with its ids; `null` for an absent array. `body` is what surrounds them. */
export function aPage(
  ids: readonly (string | number)[] | null,
  body: unknown,
  changes: Partial<PageFacts> = {},
): PageFacts {
  return {
    status: 200,
    url: "https://api.example.com/users",
    body,
    recordCount: ids === null ? null : ids.length,
    keysFingerprint: fingerprintKeys((ids ?? []).map(String)),
    ...changes,
  };
}

/** Hands in pages in order until the listing stops or the pages run out. */
export function list(
  pagination: Pagination,
  pages: readonly PageFacts[],
  { size = 2, maxPages = 1000 }: { readonly size?: number; readonly maxPages?: number } = {},
): { readonly state: ListingState; readonly next: NextStep; readonly requests: readonly PageRequest[] } {
  let state = startListing(pagination, { size, maxPages });
  let next: NextStep = { kind: "request", request: state.due };
  const requests: PageRequest[] = [];
  for (const page of pages) {
    if (next.kind !== "request") break;
    requests.push(next.request);
    ({ state, next } = advanceListing(pagination, state, page));
  }
  return { state, next, requests };
}

/** The codes of the gaps a listing stopped with; empty when it ended with proof or goes on. */
export function gapCodes(next: NextStep): readonly ListingGap["code"][] {
  return next.kind === "gap" ? next.gaps.map((gap) => gap.code) : [];
}
