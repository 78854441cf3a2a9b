import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { PageRequest } from "./listing-state.ts";
import type { Pagination } from "./manifest-pagination.ts";
import { advanceListing, type NextStep, type PageFacts, pagesAhead, startListing } from "./paginate.ts";
import { aCursor, aNextLink, aPage, aPageNumber, aStartIndex, gapCodes } from "./test-pages.ts";

const runs = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 300) };

/** An honest vendor with `rows` records; `cap` is the largest page it gives. */
type Vendor = { readonly rows: number; readonly cap: number; readonly echoes: boolean; readonly counts: boolean };

const vendors = fc.record({
  rows: fc.nat(60),
  cap: fc.integer({ min: 1, max: 20 }),
  echoes: fc.boolean(),
  counts: fc.boolean(),
});
const sizes = fc.integer({ min: 1, max: 25 });

const kinds: readonly {
  readonly name: string;
  readonly pagination: Pagination;
  readonly answer: (vendor: Vendor, request: PageRequest) => PageFacts;
}[] = [
  { name: "numbered pages", pagination: aPageNumber(), answer: answerByPage },
  { name: "SCIM pages", pagination: aStartIndex(), answer: answerByStart },
  { name: "cursors", pagination: aCursor({ sizeParam: "limit", size: 2, total: "/total" }), answer: answerByCursor },
  { name: "links", pagination: aNextLink(), answer: answerByLink },
];

for (const { name, pagination, answer } of kinds) {
  describe(`the laws of ${name}`, () => {
    test("an honest vendor's every record is received exactly once, and the end is proven", () => {
      fc.assert(
        fc.property(vendors, sizes, (vendor, size) => {
          // A silent cap without a total is the one honest case that cannot be told from a lie.
          fc.pre(vendor.echoes || vendor.counts || vendor.cap >= size);
          const { ids, next } = walk(pagination, size, (request) => answer(vendor, request));
          assert.deepEqual(gapCodes(next), []);
          assert.equal(next.kind, "end");
          assert.deepEqual(
            ids,
            Array.from({ length: vendor.rows }, (_, index) => index + 1),
          );
        }),
        runs,
      );
    });

    test("requests sent ahead are the ones that become due", () => {
      fc.assert(
        fc.property(vendors, sizes, (vendor, size) => {
          fc.pre(vendor.cap >= size);
          let state = startListing(pagination, { size, maxPages: 100 });
          let promised: readonly PageRequest[] = [];
          while (state.outcome === null) {
            if (state.pages === 1) promised = [state.due, ...pagesAhead(pagination, state, 100)];
            if (state.pages >= 1 && promised.length > 1) assert.deepEqual(state.due, promised[state.pages - 1]);
            state = advanceListing(pagination, state, answer(vendor, state.due)).state;
          }
          if (promised.length > 1) assert.equal(promised.length, state.pages - 1);
        }),
        runs,
      );
    });

    test("a page that fails, comes again, loses its array or loses a counted record never ends complete", () => {
      const faults = ["failed", "repeated", "no array", "lost record"] as const;
      fc.assert(
        fc.property(vendors, sizes, fc.constantFrom(...faults), fc.nat(30), (vendor, size, fault, place) => {
          const counting = { ...vendor, rows: vendor.rows + 1, counts: true };
          const honest: PageFacts[] = [];
          walk(pagination, size, (request) => {
            const page = answer(counting, request);
            honest.push(page);
            return page;
          });
          const at = fault === "repeated" ? 1 + (place % Math.max(1, honest.length - 1)) : place % honest.length;
          fc.pre(fault !== "repeated" || honest.length > 1);
          if (fault === "lost record") {
            // Links carry no total here; SCIM without an echo asks for the lost record again, so it is not lost.
            fc.pre(pagination.kind !== "next-link" && (pagination.kind !== "start-index" || vendor.echoes));
            fc.pre((honest[at]?.recordCount ?? 0) > 0);
          }
          let page = 0;
          const { next } = walk(pagination, size, (request) => {
            const answered =
              page++ === at ? spoil(fault, answer(counting, request), honest[at - 1]) : answer(counting, request);
            return answered;
          });
          assert.equal(next.kind, "gap");
        }),
        runs,
      );
    });

    test("whatever is answered, the listing stops within its page limit and never throws", () => {
      const body = fc.oneof(
        fc.jsonValue(),
        fc.record({
          has_more: fc.boolean(),
          total: fc.nat(9),
          totalResults: fc.nat(9),
          paging: fc.record({ next: fc.string() }),
          links: fc.record({ next: fc.webUrl() }),
        }),
      );
      fc.assert(
        fc.property(fc.infiniteStream(fc.tuple(body, fc.nat(3), fc.string())), (answers) => {
          let pages = 0;
          walk(pagination, 2, () => {
            pages += 1;
            const [body, recordCount, keysFingerprint] = answers.next().value as [unknown, number, string];
            return aPage([], body, { recordCount, keysFingerprint });
          });
          assert.ok(pages <= 100);
        }),
        runs,
      );
    });
  });
}

function walk(pagination: Pagination, size: number, answer: (request: PageRequest) => PageFacts) {
  let state = startListing(pagination, { size, maxPages: 100 });
  let next: NextStep = { kind: "request", request: state.due };
  const ids: unknown[] = [];
  while (next.kind === "request") {
    const page = answer(next.request);
    ids.push(...((page.body as { data?: unknown[] } | null)?.data ?? []));
    ({ state, next } = advanceListing(pagination, state, page));
  }
  return { state, next, ids };
}

function spoil(
  fault: "failed" | "repeated" | "no array" | "lost record",
  page: PageFacts,
  before: PageFacts | undefined,
): PageFacts {
  switch (fault) {
    case "failed":
      return { ...page, status: 500 };
    case "repeated":
      return before ?? page;
    case "no array":
      return { ...page, recordCount: null };
    case "lost record":
      return { ...page, recordCount: (page.recordCount ?? 0) - 1, keysFingerprint: `${page.keysFingerprint}-` };
  }
}

function param(request: PageRequest, name: string, otherwise: number): number {
  return request.kind === "params" ? Number(request.params[name] ?? otherwise) : otherwise;
}

function slice(vendor: Vendor, offset: number, size: number): readonly number[] {
  const length = Math.max(0, Math.min(size, vendor.rows - offset));
  return Array.from({ length }, (_, index) => offset + index + 1);
}

function answerByPage(vendor: Vendor, request: PageRequest): PageFacts {
  const page = param(request, "page", 1);
  const size = Math.min(param(request, "per_page", 2), vendor.cap);
  const data = slice(vendor, (page - 1) * size, size);
  const echo = vendor.echoes ? { page, per_page: size, count: data.length } : {};
  const total = vendor.counts ? { total: vendor.rows } : {};
  return aPage(data, { ...echo, ...total, has_more: page * size < vendor.rows, data });
}

function answerByStart(vendor: Vendor, request: PageRequest): PageFacts {
  const start = param(request, "startIndex", 1);
  const data = slice(vendor, start - 1, Math.min(param(request, "count", 2), vendor.cap));
  const echo = vendor.echoes ? { startIndex: start, itemsPerPage: data.length } : {};
  return aPage(data, { totalResults: vendor.rows, ...echo, data });
}

function answerByCursor(vendor: Vendor, request: PageRequest): PageFacts {
  const offset = param(request, "after", 0);
  const data = slice(vendor, offset, Math.min(param(request, "limit", 2), vendor.cap));
  const reached = offset + data.length;
  const total = vendor.counts ? { total: vendor.rows } : {};
  return aPage(data, { ...total, paging: reached < vendor.rows ? { next: String(reached) } : {}, data });
}

function answerByLink(vendor: Vendor, request: PageRequest): PageFacts {
  const url = request.kind === "url" ? request.url : "https://api.example.com/users?from=0";
  const offset = Number(new URL(url).searchParams.get("from"));
  const data = slice(vendor, offset, vendor.cap);
  const reached = offset + data.length;
  return aPage(data, { links: { next: reached < vendor.rows ? `?from=${reached}` : null }, data }, { url });
}
