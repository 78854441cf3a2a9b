import { fingerprintKeys } from "./fingerprint-keys.ts";
import type { ListingGap } from "./gaps.ts";
import { readKey, readPointer } from "./json-pointer.ts";
import type { EndEvidence, ListingState, PageRequest } from "./listing-state.ts";
import type { Pagination } from "./manifest-pagination.ts";
import { rememberMark, wasSeen } from "./remember-page.ts";

/** A page as the kinds of paging read it: its body and how many records it holds. */
export type CountedPage = { readonly url: string; readonly body: unknown; readonly recordCount: number };

/** What one page says: it goes on (`due` null: by the position learned), it ends, or it cannot go on. */
export type PageVerdict = {
  readonly learned: Partial<Pick<ListingState, "position" | "pageSize" | "recent" | "anchor">>;
  /** Gaps that let the listing go on. */
  readonly gaps: readonly ListingGap[];
} & (
  | { readonly kind: "more"; readonly due: PageRequest | null }
  | { readonly kind: "end"; readonly proof: EndEvidence["proof"] }
  | { readonly kind: "gap"; readonly gap: ListingGap }
);

/** Reads from one page, by the kind of paging, whether the listing goes on. `state` already counts the page. */
export function continueListing(pagination: Pagination, state: ListingState, page: CountedPage): PageVerdict {
  switch (pagination.kind) {
    case "page-number":
      return continueByPage(pagination, state, page);
    case "start-index":
      return continueByStart(pagination, state, page);
    case "cursor":
      return continueByCursor(pagination, state, page);
    case "next-link":
      return continueByLink(pagination, state, page);
    case "single":
      return { kind: "end", proof: "single-page", learned: {}, gaps: [] };
  }
}

function continueByPage(
  pagination: Pagination & { readonly kind: "page-number" },
  state: ListingState,
  page: CountedPage,
): PageVerdict {
  const detail = { page: state.pages };
  const echoedPage = readNumber(page.body, pagination.echo.page);
  if (echoedPage !== null && echoedPage !== state.position) {
    return gapOf("paging.page_ignored", { ...detail, asked: state.position, got: echoedPage });
  }
  const stated = pagination.hasMore === undefined ? undefined : readPointer(page.body, pagination.hasMore);
  const moreMissing = pagination.hasMore !== undefined && typeof stated !== "boolean";
  const more = typeof stated === "boolean" ? stated : state.total === null ? null : state.received < state.total;
  if (more === null) return gapOf("paging.more_missing", detail);
  if (more && page.recordCount === 0) return gapOf("paging.empty_page_with_more", detail);

  const { pageSize, gaps } = learnSize(pagination, state, page, more);
  const all = moreMissing ? [...gaps, { code: "paging.more_missing", detail } as const] : gaps;
  const learned = { pageSize, position: state.position + 1 };
  if (more) return { kind: "more", due: null, learned, gaps: all };
  return { kind: "end", proof: stated === false ? "no-more" : "total-reached", learned, gaps: all };
}

/**
 * The size the vendor really pages by. A cap below what was asked is followed when the vendor says so (echo) or its total
 * will prove that nothing was skipped; a page that then still does not fit is a gap.
 */
function learnSize(
  pagination: Pagination & { readonly kind: "page-number" },
  state: ListingState,
  page: CountedPage,
  more: boolean,
): { readonly pageSize: number | null; readonly gaps: readonly ListingGap[] } {
  const { recordCount } = page;
  const gaps: ListingGap[] = [];
  const echoed = readNumber(page.body, pagination.echo.size);
  const expected = state.pageSize ?? state.askedSize;
  const detail = { page: state.pages, size: echoed ?? expected, records: recordCount };

  const count = readNumber(page.body, pagination.echo.count);
  if (count !== null && count !== recordCount && count !== state.total) {
    gaps.push({ code: "paging.count_mismatch", detail: { ...detail, count } });
  }
  let pageSize = echoed ?? expected;
  if (state.pages === 1 && echoed === null && more && recordCount !== expected) {
    if (state.total === null && expected !== null) gaps.push(sizeGap(recordCount, expected, detail));
    pageSize = recordCount;
  } else if (state.pages > 1 && echoed !== null && state.pageSize !== null && echoed !== state.pageSize) {
    gaps.push({ code: "paging.size_changed", detail: { ...detail, before: state.pageSize } });
  }
  const misfit =
    pageSize !== null && (more ? recordCount !== pageSize : recordCount > pageSize && state.total === null);
  if (misfit && pageSize !== null) gaps.push(sizeGap(recordCount, pageSize, detail));
  return { pageSize, gaps };
}

function sizeGap(recordCount: number, size: number, detail: ListingGap["detail"]): ListingGap {
  return { code: recordCount < size ? "paging.short_page" : "paging.size_changed", detail };
}

/** RFC 7644 section 3.4.2.4: a provider may send fewer than asked, so the next position follows from what was received. */
function continueByStart(
  pagination: Pagination & { readonly kind: "start-index" },
  state: ListingState,
  page: CountedPage,
): PageVerdict {
  const detail = { page: state.pages };
  if (readNumber(page.body, pagination.total) === null) return gapOf("paging.more_missing", detail);
  const start = readNumber(page.body, pagination.echo.start);
  if (start !== null && start !== state.position && page.recordCount > 0) {
    return gapOf("paging.page_ignored", { ...detail, asked: state.position, got: start });
  }
  const gaps: ListingGap[] = [];
  const count = readNumber(page.body, pagination.echo.count);
  if (count !== null && count !== page.recordCount) {
    gaps.push({ code: "paging.count_mismatch", detail: { ...detail, records: page.recordCount, count } });
  }
  if (state.total !== null && state.received >= state.total) {
    return { kind: "end", proof: "total-reached", learned: {}, gaps };
  }
  if (page.recordCount === 0) return gapOf("paging.empty_page_with_more", detail);
  const learned = { position: state.position + page.recordCount, pageSize: state.pageSize ?? page.recordCount };
  return { kind: "more", due: null, learned, gaps };
}

/** An empty page with a cursor goes on: APIs that filter after paging send such pages. */
function continueByCursor(
  pagination: Pagination & { readonly kind: "cursor" },
  state: ListingState,
  page: CountedPage,
): PageVerdict {
  const cursor = readContinuation(page.body, pagination.container, pagination.cursor);
  if (cursor === undefined) return gapOf("paging.more_missing", { page: state.pages });
  if (cursor === null) return { kind: "end", proof: "no-cursor", learned: {}, gaps: [] };
  const mark = `cursor:${fingerprintKeys([cursor])}`;
  if (wasSeen(state, mark)) return gapOf("paging.repeated_page", { page: state.pages });
  const sized = state.due.kind === "params" ? state.due.params : {};
  const due = { kind: "params", params: { ...sized, [pagination.param]: cursor } } as const;
  return { kind: "more", due, learned: rememberMark(state, mark), gaps: [] };
}

function continueByLink(
  pagination: Pagination & { readonly kind: "next-link" },
  state: ListingState,
  page: CountedPage,
): PageVerdict {
  const detail = { page: state.pages };
  const link = readContinuation(page.body, pagination.container, pagination.link);
  if (link === undefined) return gapOf("paging.more_missing", detail);
  if (link === null) return { kind: "end", proof: "no-link", learned: {}, gaps: [] };
  const url = URL.parse(link, page.url);
  if (url === null) return gapOf("paging.bad_link", detail);
  if (url.origin !== state.origin || url.username !== "" || url.password !== "")
    return gapOf("paging.other_host", detail);
  const mark = `link:${fingerprintKeys([url.href])}`;
  if (url.href === page.url || wasSeen(state, mark)) return gapOf("paging.repeated_page", detail);
  return { kind: "more", due: { kind: "url", url: url.href }, learned: rememberMark(state, mark), gaps: [] };
}

/** The cursor or link; null when its container is there without one (the end); undefined when that cannot be told. */
function readContinuation(body: unknown, container: string, pointer: string): string | null | undefined {
  const holder = readPointer(body, container);
  if (typeof holder !== "object" || holder === null || Array.isArray(holder)) return undefined;
  const value = readPointer(body, pointer);
  if (value === undefined || value === null || value === "") return null;
  return typeof value === "string" ? value : readKey(value);
}

function readNumber(body: unknown, pointer: string | undefined): number | null {
  const value = pointer === undefined ? undefined : readPointer(body, pointer);
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}

function gapOf(code: ListingGap["code"], detail: ListingGap["detail"]): PageVerdict {
  return { kind: "gap", gap: { code, detail }, learned: {}, gaps: [] };
}
