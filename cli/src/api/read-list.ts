import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Api, Query, Schema } from "./api.ts";

const largestPage = 500;

/** Every item of a list, page by page. */
export async function* everyPage<Item>(
  api: Api,
  path: string,
  answer: Schema<ListOf<Item>>,
  query: Query = {},
): AsyncGenerator<ListOf<Item>> {
  let cursor: string | undefined;
  do {
    const page = await api.call({ method: "GET", path, query: { ...query, limit: largestPage, cursor } }, answer);
    yield page;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** A whole list as one. */
export async function readWholeList<Item>(
  api: Api,
  path: string,
  answer: Schema<ListOf<Item>>,
  query: Query = {},
): Promise<ListOf<Item>> {
  const data: Item[] = [];
  for await (const page of everyPage(api, path, answer, query)) data.push(...page.data);
  return { data, nextCursor: null, total: data.length };
}
