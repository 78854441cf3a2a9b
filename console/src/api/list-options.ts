import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callApi, type QueryValues } from "./client.ts";

/** A list call, page by page by its cursor. The key starts with the path, so that a change can make it stale. */
export function listOptions<Item>(path: string, query: QueryValues = {}) {
  return infiniteQueryOptions({
    queryKey: [path, "list", query] as const,
    queryFn: ({ pageParam, signal }) =>
      callApi<ListOf<Item>>("GET", path, { query: { limit: 100, ...query, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // All loaded pages are read again, one after the other: too many for a glance at another window.
    refetchOnWindowFocus: (query) => (query.state.data?.pages.length ?? 0) <= 3,
  });
}

/** The first 500 of a list that is short by nature: connectors, fields, accounts to choose from. */
export function shortListOptions<Item>(path: string, query: QueryValues = {}) {
  return queryOptions({
    queryKey: [path, "short", query] as const,
    queryFn: ({ signal }) => callApi<ListOf<Item>>("GET", path, { query: { limit: 500, ...query }, signal }),
  });
}

/** One thing by its address. */
export function itemOptions<Item>(path: string, query: QueryValues = {}) {
  return queryOptions({
    queryKey: [path, "item", query] as const,
    queryFn: ({ signal }) => callApi<Item>("GET", path, { query, signal }),
  });
}
