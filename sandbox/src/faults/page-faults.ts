import { elsewhere } from "./answer-faults.ts";
import type { PageFault } from "./fault.ts";

/** Which rows a page request is answered with. `page` is what the envelope will claim. */
export type PageWindow = {
  readonly page: number;
  readonly perPage: number;
  /** Whether the client asks for a page number or for a first row: a smaller page then starts elsewhere, or not. */
  readonly addressing: "page" | "offset";
  /** What the envelope claims as its page size. */
  readonly reportedPerPage: number;
  readonly offset: number;
};

/** A page about to be written; the sandbox's API puts its own envelope round it. */
export type Page = {
  readonly page: number;
  readonly perPage: number;
  /** The window's first row, from 0. */
  readonly offset: number;
  /** JSON text; undefined leaves the member out. */
  readonly total: string | undefined;
  readonly hasMore: string | undefined;
  /** Each row as JSON text. */
  readonly rows: readonly string[];
  /** In place of the rows: nothing at all, or some other JSON text. */
  readonly data:
    | { readonly kind: "rows" }
    | { readonly kind: "absent" }
    | { readonly kind: "text"; readonly text: string };
  readonly next: string | undefined;
};

/** Moves the window of rows, before they are read. */
export function applyWindowFaults(window: PageWindow, faults: readonly PageFault[]): PageWindow {
  return faults.reduce(moveWindow, window);
}

function moveWindow(window: PageWindow, fault: PageFault): PageWindow {
  switch (fault.kind) {
    case "repeat-page": {
      const offset = Math.max(0, window.offset - window.perPage);
      return { ...window, offset, page: fault.reported === "sent" ? Math.max(1, window.page - 1) : window.page };
    }
    case "ignore-page":
      return { ...window, offset: 0, page: fault.reported === "sent" ? 1 : window.page };
    case "cap-page": {
      const perPage = Math.min(window.perPage, fault.perPage);
      const offset =
        window.addressing === "offset" ? window.offset : Math.round(window.offset / window.perPage) * perPage;
      return { ...window, perPage, offset, reportedPerPage: fault.silent ? window.perPage : perPage };
    }
    case "shift-rows":
      return { ...window, offset: Math.max(0, window.offset + fault.by) };
    default:
      return window;
  }
}

/** Changes what the page says, after its rows are read. */
export function applyPageFaults(page: Page, faults: readonly PageFault[]): Page {
  return faults.reduce(changePage, page);
}

function changePage(page: Page, fault: PageFault): Page {
  switch (fault.kind) {
    case "repeat-page":
    case "ignore-page":
    case "cap-page":
    case "shift-rows":
      return page;
    case "short-page":
      return { ...page, rows: page.rows.slice(0, Math.max(0, page.rows.length - fault.drop)) };
    case "duplicate-rows": {
      const copies = page.rows.slice(0, fault.rows);
      const others = fault.how === "replace" ? page.rows.slice(0, page.rows.length - copies.length) : page.rows;
      return { ...page, rows: [...others, ...copies] };
    }
    case "keyless-rows":
      return { ...page, rows: page.rows.map((row, at) => (at < fault.rows ? withoutKey(row, fault) : row)) };
    case "empty-200":
      return { ...page, rows: [], total: page.total && "0", hasMore: page.hasMore && "false" };
    case "empty-page":
      return { ...page, rows: [], hasMore: "true" };
    case "total": {
      const told = fault.value === undefined ? Number(page.total ?? 0) + (fault.delta ?? 0) : fault.value;
      return { ...page, total: JSON.stringify(told) };
    }
    case "has-more":
      return { ...page, hasMore: fault.value === "missing" ? undefined : JSON.stringify(fault.value) };
    case "missing-data":
      return { ...page, data: { kind: "absent" } };
    case "data":
      return { ...page, data: { kind: "text", text: JSON.stringify(fault.value) } };
    case "next-link":
      return { ...page, next: fault.url ?? elsewhere };
  }
}

function withoutKey(row: string, { how = "missing", key = "id" }: PageFault & { kind: "keyless-rows" }): string {
  const value = JSON.parse(row) as Record<string, unknown>;
  const path = key.split(".");
  const last = path.pop() ?? "id";
  const holder = path.reduce((object, name) => object[name] as Record<string, unknown>, value);
  if (how === "missing") delete holder[last];
  else holder[last] = how === "null" ? null : "";
  return JSON.stringify(value);
}
