import type { Fault } from "../faults/fault.ts";
import { isPageFault } from "../faults/fault.ts";
import { applyPageFaults, applyWindowFaults, type Page, type PageWindow } from "../faults/page-faults.ts";
import { type Answer, jsonAnswer } from "../http/answer.ts";
import { errorAnswer } from "./error-answer.ts";
import type { IroncladState } from "./ironclad-state.ts";
import { type ListQuery, type ListSupport, readListQuery } from "./list-query.ts";
import type { Listing } from "./listings.ts";

/** One page of a listing, in the service's envelope. */
export function answerListing(
  state: IroncladState,
  parameters: URLSearchParams,
  faults: readonly Fault[],
  support: ListSupport,
  list: (query: ListQuery) => Listing,
): Answer {
  const { modes } = state;
  const read = readListQuery(parameters, modes, support);
  if (read.kind === "refused") return errorAnswer(modes, 400, read.message);
  const { query } = read;
  const listing = list(query);
  const isPastEnd = query.page > 1 && (query.page - 1) * query.perPage >= listing.total;
  if (isPastEnd && modes.pastEnd === "404") return errorAnswer(modes, 404);

  const pageFaults = faults.filter(isPageFault);
  const asked = windowOf(query, listing, isPastEnd && modes.pastEnd === "repeat-last");
  const window = applyWindowFaults(asked, pageFaults);
  const page: Page = {
    page: window.page,
    perPage: window.reportedPerPage,
    offset: window.offset,
    total: query.noCount && modes.noCount !== "ignored" ? uncounted(modes.noCount) : String(listing.total),
    hasMore: String(window.offset + window.perPage < listing.total),
    rows: rowsOf(listing, window),
    data: { kind: "rows" },
    next: undefined,
  };
  return envelope(applyPageFaults(page, pageFaults));
}

function windowOf({ page, perPage }: ListQuery, listing: Listing, repeatLast: boolean): PageWindow {
  const lastOffset = Math.max(0, Math.ceil(listing.total / perPage) - 1) * perPage;
  const offset = repeatLast ? lastOffset : (page - 1) * perPage;
  return { page, perPage, reportedPerPage: perPage, addressing: "page", offset };
}

function rowsOf(listing: Listing, { offset, perPage }: PageWindow): string[] {
  const rows: string[] = [];
  const end = Math.min(offset + perPage, listing.total);
  for (let k = offset; k < end; k++) rows.push(listing.rowText(k));
  return rows;
}

function uncounted(mode: "omit" | "null"): string | undefined {
  return mode === "omit" ? undefined : "null";
}

/** https://clickwrap-developer.ironcladapp.com/reference/pagination */
function envelope(page: Page): Answer {
  const members = [`"page":${page.page}`, `"per_page":${page.perPage}`, `"count":${page.rows.length}`];
  if (page.total !== undefined) members.push(`"total_count":${page.total}`);
  if (page.hasMore !== undefined) members.push(`"has_more":${page.hasMore}`);
  if (page.next !== undefined) members.push(`"next":${JSON.stringify(page.next)}`);
  if (page.data.kind === "rows") members.push(`"data":[${page.rows.join(",")}]`);
  if (page.data.kind === "text") members.push(`"data":${page.data.text}`);
  const answer = jsonAnswer(200, `{${members.join(",")}}`);
  return page.next === undefined ? answer : { ...answer, headers: { link: `<${page.next}>; rel="next"` } };
}
