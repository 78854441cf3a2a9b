import { continueListing, type PageVerdict } from "./continue-listing.ts";
import type { GapCode, GapDetail, ListingGap } from "./gaps.ts";
import { readPointer } from "./json-pointer.ts";
import { type EndEvidence, type ListingState, type PageRequest, proveEnd } from "./listing-state.ts";
import type { Pagination } from "./manifest-pagination.ts";
import { rememberMark, wasSeen } from "./remember-page.ts";

/** What the reader of a page reports; `url` is where the answer came from, after redirects. */
export type PageFacts = {
  readonly status: number;
  readonly url: string;
  readonly body: unknown;
  /** How many records the page holds, good and rejected; null when the array of records is missing. */
  readonly recordCount: number | null;
  /** fingerprintKeys of the page's keys. */
  readonly keysFingerprint: string;
};

export type NextStep =
  | { readonly kind: "request"; readonly request: PageRequest }
  | { readonly kind: "end"; readonly evidence: EndEvidence }
  | { readonly kind: "gap"; readonly gaps: readonly ListingGap[] };

export type Advance = { readonly state: ListingState; readonly next: NextStep };

/** `size` in records, null where the kind sends none; `maxPages` bounds the listing. */
export type ListingSettings = { readonly size: number | null; readonly maxPages: number };

/** The beginning of a listing; `due` is its first request. */
export function startListing(pagination: Pagination, settings: ListingSettings): ListingState {
  const { position, due } = firstRequest(pagination, settings.size);
  return {
    due,
    position,
    pages: 0,
    received: 0,
    askedSize: settings.size,
    pageSize: null,
    total: null,
    emptyFirstPage: false,
    maxPages: settings.maxPages,
    origin: null,
    recent: [],
    anchor: null,
    gaps: [],
    outcome: null,
  };
}

/**
 * Takes the answer to `state.due` and says what follows: another request, a proven end, or a gap. Some gaps let the
 * listing go on, so that creations and updates still happen for what follows; it then ends as a gap all the same. A
 * listing that has stopped stays as it is, whatever page is handed in later.
 */
export function advanceListing(pagination: Pagination, state: ListingState, page: PageFacts): Advance {
  if (state.outcome !== null) return { state, next: nextOf(state) };
  const unusable = findUnusable(state, page);
  if (unusable !== null) return stopListing(state, unusable);
  const recordCount = page.recordCount ?? 0;
  const counted = countPage(pagination, state, page, recordCount);
  const verdict = continueListing(pagination, counted, { ...page, recordCount });
  if (verdict.kind !== "gap" && recordCount > 0 && wasSeen(state, page.keysFingerprint)) {
    return stopListing(state, { code: "paging.repeated_page", detail: { page: counted.pages } });
  }
  return conclude(pagination, counted, verdict, recordCount);
}

/** Ends a listing because its next page cannot be had: it failed for good, or the run was cancelled. */
export function failListing(state: ListingState, code: GapCode, detail: GapDetail): Advance {
  return state.outcome === null ? stopListing(state, { code, detail }) : { state, next: nextOf(state) };
}

/**
 * Requests that will follow the one due, as far as the vendor's total tells, at most `limit`: they may be sent ahead, but
 * answers must be handed in in order, and one is only used if its request is then `state.due`.
 */
export function pagesAhead(pagination: Pagination, state: ListingState, limit: number): readonly PageRequest[] {
  if (state.outcome !== null || state.total === null || state.pages === 0) return [];
  const size = state.pageSize ?? state.askedSize;
  if (size === null) return [];
  const afterDue = Math.min(Math.ceil((state.total - state.received) / size), state.maxPages - state.pages) - 1;
  const ahead = Array.from({ length: Math.max(0, Math.min(limit, afterDue)) }, (_, index) => index + 1);
  switch (pagination.kind) {
    case "page-number":
    case "start-index": {
      const step = pagination.kind === "page-number" ? 1 : size;
      return ahead.map((offset) => numberedRequest(pagination, state.position + offset * step, state.askedSize));
    }
    case "cursor":
    case "next-link":
    case "single":
      return [];
  }
}

function findUnusable(state: ListingState, page: PageFacts): ListingGap | null {
  const detail = { page: state.pages + 1 };
  if (page.status === 404 && state.pages > 0) return { code: "paging.past_end", detail };
  if (page.status < 200 || page.status > 299)
    return { code: "page.failed", detail: { ...detail, status: page.status } };
  if (state.origin !== null && URL.parse(page.url)?.origin !== state.origin)
    return { code: "paging.other_host", detail };
  return page.recordCount === null ? { code: "list.missing", detail } : null;
}

function countPage(pagination: Pagination, state: ListingState, page: PageFacts, recordCount: number): ListingState {
  const counted = {
    ...state,
    ...(recordCount > 0 ? rememberMark(state, page.keysFingerprint) : {}),
    pages: state.pages + 1,
    received: state.received + recordCount,
    emptyFirstPage: state.pages === 0 ? recordCount === 0 : state.emptyFirstPage,
    origin: state.origin ?? URL.parse(page.url)?.origin ?? null,
  };
  const stated = pagination.total === undefined ? undefined : readPointer(page.body, pagination.total);
  if (stated === undefined || stated === null) return counted;
  if (typeof stated !== "number" || !Number.isSafeInteger(stated) || stated < 0) {
    return withGap(counted, { code: "paging.total_unreadable", detail: { page: counted.pages } });
  }
  // Any change counts, even by one: a record that came or went moved all later ones across a page's edge.
  const changed = state.total !== null && state.total !== stated;
  const detail = { page: counted.pages, before: state.total, after: stated };
  return { ...(changed ? withGap(counted, { code: "paging.total_changed", detail }) : counted), total: stated };
}

function conclude(pagination: Pagination, counted: ListingState, verdict: PageVerdict, recordCount: number): Advance {
  const state = verdict.gaps.reduce(withGap, { ...counted, ...verdict.learned });
  const { pages, received, total } = state;
  switch (verdict.kind) {
    case "gap":
      return stopListing(state, verdict.gap);
    case "more": {
      if (total !== null && mustHaveEnded(pagination, received, total, recordCount)) {
        return stopListing(state, { code: "paging.endless", detail: { page: pages, received, total } });
      }
      if (pages >= state.maxPages) return stopListing(state, { code: "paging.page_limit", detail: { pages } });
      const due = verdict.due ?? numberedRequest(pagination, state.position, state.askedSize);
      return { state: { ...state, due }, next: { kind: "request", request: due } };
    }
    case "end": {
      if (total !== null && received !== total) {
        return stopListing(state, { code: "paging.total_mismatch", detail: { received, total } });
      }
      if (state.gaps.length > 0) return stopped({ ...state, outcome: { kind: "gap" } });
      const capped = state.pageSize !== null && state.askedSize !== null && state.pageSize < state.askedSize;
      const evidence = proveEnd({
        proof: verdict.proof,
        pages,
        received,
        total,
        emptyFirstPage: state.emptyFirstPage,
        cappedTo: capped ? state.pageSize : null,
      });
      return stopped({ ...state, outcome: { kind: "end", evidence } });
    }
  }
}

/** With a cursor or link the last full page may still carry one, to an empty page; with the other kinds that is a lie. */
function mustHaveEnded(pagination: Pagination, received: number, total: number, recordCount: number): boolean {
  const followed = pagination.kind === "cursor" || pagination.kind === "next-link";
  return followed ? received > total || (received === total && recordCount === 0) : received >= total;
}

function firstRequest(pagination: Pagination, size: number | null): { position: number; due: PageRequest } {
  switch (pagination.kind) {
    case "page-number":
      return { position: pagination.firstPage, due: numberedRequest(pagination, pagination.firstPage, size) };
    case "start-index":
      return { position: 1, due: numberedRequest(pagination, 1, size) };
    case "cursor":
    case "next-link": {
      const { sizeParam } = pagination;
      const params = sizeParam === undefined || size === null ? {} : { [sizeParam]: String(size) };
      return { position: 0, due: { kind: "params", params } };
    }
    case "single":
      return { position: 0, due: { kind: "params", params: {} } };
  }
}

function numberedRequest(pagination: Pagination, position: number, size: number | null): PageRequest {
  if (pagination.kind !== "page-number" && pagination.kind !== "start-index") return { kind: "params", params: {} };
  const param = pagination.kind === "page-number" ? pagination.pageParam : pagination.startParam;
  const sized = size === null ? {} : { [pagination.sizeParam]: String(size) };
  return { kind: "params", params: { [param]: String(position), ...sized } };
}

function stopListing(state: ListingState, gap: ListingGap): Advance {
  return stopped({ ...withGap(state, gap), outcome: { kind: "gap" } });
}

function stopped(state: ListingState): Advance {
  return { state, next: nextOf(state) };
}

function nextOf(state: ListingState): NextStep {
  if (state.outcome === null) return { kind: "request", request: state.due };
  return state.outcome.kind === "end" ? state.outcome : { kind: "gap", gaps: state.gaps };
}

/** One gap of a code is enough to explain a listing; the first is kept. */
function withGap(state: ListingState, gap: ListingGap): ListingState {
  return state.gaps.some((known) => known.code === gap.code) ? state : { ...state, gaps: [...state.gaps, gap] };
}
