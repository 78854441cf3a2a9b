import type { ListingState } from "./listing-state.ts";

const remembered = 32;

/**
 * Whether a mark (a page's fingerprint, a cursor, a link) was seen before. Only the last 32 marks and one anchor, moved
 * at every power of two of the page count, are kept: that finds every loop, however long (Brent's cycle detection), with
 * a checkpoint of constant size. A single old page that comes again outside this window shows as duplicate rows.
 */
export function wasSeen(state: ListingState, mark: string): boolean {
  return state.anchor === mark || state.recent.includes(mark);
}

/** The state's memory with one more mark. */
export function rememberMark(state: ListingState, mark: string): Pick<ListingState, "recent" | "anchor"> {
  const pages = state.pages + 1;
  const isPowerOfTwo = (pages & (pages - 1)) === 0;
  return { recent: [...state.recent.slice(1 - remembered), mark], anchor: isPowerOfTwo ? mark : state.anchor };
}
