import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readListingState } from "./listing-state.ts";
import { advanceListing, failListing, type PageFacts, pagesAhead, startListing } from "./paginate.ts";
import { aCursor, aNextLink, aPage, aPageNumber, aStartIndex, gapCodes, list } from "./test-pages.ts";

/** A page as Ironclad Clickwrap sends it, of two by default; changes replace or (undefined) remove what it says. */
function numbered(
  page: number,
  ids: readonly number[] | null,
  more: unknown,
  changes: Record<string, unknown> = {},
): PageFacts {
  return aPage(ids, { page, per_page: 2, count: ids?.length ?? 0, total: 5, has_more: more, ...changes });
}
const three = [numbered(1, [1, 2], true), numbered(2, [3, 4], true), numbered(3, [5], false)] as const;

describe("numbered pages", () => {
  test("are asked for one after the other until the vendor says that no more follow", () => {
    const { next, requests } = list(aPageNumber(), three);
    assert.deepEqual(
      requests.map((request) => (request.kind === "params" ? request.params : request)),
      [1, 2, 3].map((page) => ({ page: String(page), per_page: "2" })),
    );
    assert.equal(next.kind, "end");
    if (next.kind !== "end") return;
    const { proof, pages, received, total, emptyFirstPage, cappedTo } = next.evidence;
    assert.deepEqual(
      { proof, pages, received, total, emptyFirstPage, cappedTo },
      { proof: "no-more", pages: 3, received: 5, total: 5, emptyFirstPage: false, cappedTo: null },
    );
  });

  test("end without a total when the vendor gives none", () => {
    const pages = three.map((page) => ({ ...page, body: { ...(page.body as object), total: undefined } }));
    assert.equal(list(aPageNumber(), pages).next.kind, "end");
  });

  test("end by the total alone when that is all there is", () => {
    assert.equal(list(aPageNumber({ hasMore: undefined }), three).next.kind, "end");
  });

  test("that repeat are a gap, also when the echoed number pretends otherwise", () => {
    const { next } = list(aPageNumber(), [three[0], numbered(2, [2, 1], true)]);
    assert.deepEqual(gapCodes(next), ["paging.repeated_page"]);
  });

  test("that repeat in a long circle are found", () => {
    const pagination = aPageNumber({ total: undefined });
    const circle = Array.from({ length: 1000 }, (_, index) => {
      const first = (index % 100) * 2;
      return numbered(index + 1, [first, first + 1], true);
    });
    const { next, state } = list(pagination, circle);
    assert.deepEqual(gapCodes(next), ["paging.repeated_page"]);
    assert.ok(state.pages <= 300, `stopped after ${state.pages} pages`);
    assert.ok(JSON.stringify(state).length < 3000, "the checkpoint stays small");
  });

  test("are a gap when the number asked for is ignored", () => {
    assert.deepEqual(gapCodes(list(aPageNumber(), [three[0], numbered(1, [1, 2], true)]).next), [
      "paging.page_ignored",
    ]);
  });

  test("smaller than asked for are followed when the vendor says so, and the end tells", () => {
    const { next } = list(aPageNumber(), three, { size: 500 });
    assert.equal(next.kind, "end");
    assert.equal(next.kind === "end" && next.evidence.cappedTo, 2);
  });

  test("smaller than asked for without a word are accepted only if the total agrees", () => {
    const silent = { per_page: undefined };
    const pages = [
      numbered(1, [1, 2], true, silent),
      numbered(2, [3, 4], true, silent),
      numbered(3, [5], false, silent),
    ];
    assert.equal(list(aPageNumber(), pages, { size: 500 }).next.kind, "end");
    const skipping = [pages[0] as PageFacts, numbered(2, [], false, silent)];
    assert.deepEqual(gapCodes(list(aPageNumber(), skipping, { size: 500 }).next), ["paging.total_mismatch"]);
  });

  test("smaller than asked for without a word and without a total are a gap", () => {
    const bare = { per_page: undefined, total: undefined };
    const pages = [numbered(1, [1, 2], true, bare), numbered(2, [3], false, bare)];
    assert.deepEqual(gapCodes(list(aPageNumber(), pages, { size: 500 }).next), ["paging.short_page"]);
  });

  test("whose size changes under way are a gap", () => {
    const pages = [three[0], numbered(2, [3], true, { per_page: 1 }), numbered(3, [4, 5], false)];
    assert.ok(gapCodes(list(aPageNumber(), pages).next).includes("paging.size_changed"));
  });

  test("that say has_more for ever are a gap once the total is received", () => {
    const pages = [three[0], three[1], numbered(3, [5], true), numbered(4, [6], true)];
    const { next, requests } = list(aPageNumber(), pages);
    assert.ok(gapCodes(next).includes("paging.endless"));
    assert.equal(requests.length, 3);
  });

  test("that say has_more for ever without a total stop at the page limit", () => {
    const pages = Array.from({ length: 20 }, (_, index) =>
      numbered(index + 1, [index * 2, index * 2 + 1], true, { total: undefined }),
    );
    const { next, requests } = list(aPageNumber(), pages, { maxPages: 7 });
    assert.deepEqual(gapCodes(next), ["paging.page_limit"]);
    assert.equal(requests.length, 7);
  });

  test("without has_more are a gap, and end the listing where no total leads on", () => {
    for (const more of [undefined, null, "false", 0]) {
      const { next } = list(aPageNumber(), [three[0], numbered(2, [3, 4], more, { total: undefined })]);
      assert.ok(gapCodes(next).includes("paging.more_missing") || next.kind === "request", String(more));
      const alone = list(aPageNumber(), [numbered(1, [1, 2], more, { total: undefined })]);
      assert.deepEqual(gapCodes(alone.next), ["paging.more_missing"]);
    }
  });

  test("without has_more on one page are read to the end by the total, and still are a gap", () => {
    const { next, state } = list(aPageNumber(), [three[0], numbered(2, [3, 4], undefined), three[2]]);
    assert.deepEqual(gapCodes(next), ["paging.more_missing"]);
    assert.equal(state.received, 5);
  });

  test("that are short before the end are a gap, and what follows is still read", () => {
    const { next, state } = list(aPageNumber(), [three[0], numbered(2, [3], true), three[2]]);
    assert.deepEqual(gapCodes(next), ["paging.short_page", "paging.total_mismatch"]);
    assert.equal(state.pages, 3);
  });

  test("that end before the total are a gap", () => {
    assert.deepEqual(gapCodes(list(aPageNumber(), [three[0], numbered(2, [3], false)]).next), [
      "paging.total_mismatch",
    ]);
  });

  test("that bring more than the total are a gap", () => {
    const pages = [numbered(1, [1, 2], true, { total: 3 }), numbered(2, [3, 4], false, { total: 3 })];
    assert.deepEqual(gapCodes(list(aPageNumber(), pages).next), ["paging.total_mismatch"]);
  });

  test("whose total changes under way are a gap, even if it agrees in the end", () => {
    const pages = [numbered(1, [1, 2], true, { total: 6 }), three[1], three[2]];
    assert.deepEqual(gapCodes(list(aPageNumber(), pages).next), ["paging.total_changed"]);
  });

  test("whose total is not a number are a gap", () => {
    for (const total of ["5", -1, 1.5, {}]) {
      const pages = [numbered(1, [1], false, { total })];
      assert.deepEqual(gapCodes(list(aPageNumber(), pages).next), ["paging.total_unreadable"], String(total));
    }
  });

  test("that are empty although more follows are a gap", () => {
    assert.deepEqual(gapCodes(list(aPageNumber(), [three[0], numbered(2, [], true)]).next), [
      "paging.empty_page_with_more",
    ]);
  });

  test("that count other records than they hold are a gap", () => {
    const pages = [numbered(1, [1, 2], false, { count: 7, total: 2 })];
    assert.deepEqual(gapCodes(list(aPageNumber(), pages).next), ["paging.count_mismatch"]);
  });

  test("may mean all records by their count", () => {
    const pages = three.map((page) => ({ ...page, body: { ...(page.body as object), count: 5 } }));
    assert.equal(list(aPageNumber(), pages).next.kind, "end");
  });

  test("past the end that are answered with 404 are a gap", () => {
    const missing = aPage(null, {}, { status: 404 });
    assert.deepEqual(gapCodes(list(aPageNumber(), [three[0], missing]).next), ["paging.past_end"]);
  });

  test("that cannot be read are a gap, the first one too", () => {
    for (const status of [301, 403, 404, 500]) {
      assert.deepEqual(gapCodes(list(aPageNumber(), [aPage(null, {}, { status })]).next), ["page.failed"]);
    }
  });

  test("without an array of records are a gap, not an empty list", () => {
    assert.deepEqual(gapCodes(list(aPageNumber(), [numbered(1, null, false, { total: 0 })]).next), ["list.missing"]);
  });

  test("that come from another host after a redirect are a gap", () => {
    const elsewhere = { ...three[1], url: "https://other.example.com/users" };
    assert.deepEqual(gapCodes(list(aPageNumber(), [three[0], elsewhere]).next), ["paging.other_host"]);
  });

  test("of an empty list end with the fact that the first was empty", () => {
    const { next } = list(aPageNumber(), [numbered(1, [], false, { total: 0 })]);
    assert.equal(next.kind === "end" && next.evidence.emptyFirstPage, true);
  });
});

describe("a listing that has stopped", () => {
  test("B9 stays as it is whatever page is handed in: after a failed page nothing makes it complete", () => {
    const failed = failListing(startListing(aPageNumber(), { size: 2, maxPages: 9 }), "page.failed", { page: 1 });
    const later = advanceListing(aPageNumber(), failed.state, numbered(1, [1], false, { total: 1 }));
    assert.equal(later.state, failed.state);
    assert.deepEqual(gapCodes(later.next), ["page.failed"]);
  });

  test("cannot fail after its end was proven", () => {
    const { state } = list(aPageNumber(), three);
    assert.equal(failListing(state, "run.cancelled", {}).next.kind, "end");
  });
});

describe("a checkpoint", () => {
  test("read back from storage goes on exactly as if nothing had happened", () => {
    let state = startListing(aPageNumber(), { size: 2, maxPages: 9 });
    for (const page of three)
      state = advanceListing(aPageNumber(), readListingState(JSON.parse(JSON.stringify(state))), page).state;
    assert.deepEqual(state, list(aPageNumber(), three, { maxPages: 9 }).state);
    assert.deepEqual(readListingState(JSON.parse(JSON.stringify(state))), state);
  });

  test("that is not one is refused", () => {
    assert.throws(() => readListingState({ outcome: { kind: "end" } }));
  });
});

describe("pages ahead", () => {
  test("are those the total promises, after the one due, bounded by the caller", () => {
    const total = { total: 11 };
    const { state } = list(aPageNumber(), [numbered(1, [1, 2], true, total)]);
    const ahead = (limit: number) =>
      pagesAhead(aPageNumber(), state, limit).map((request) => request.kind === "params" && request.params.page);
    assert.deepEqual(ahead(2), ["3", "4"]);
    assert.deepEqual(ahead(99), ["3", "4", "5", "6"]);
  });

  test("follow the size the vendor really pages by", () => {
    const { state } = list(aPageNumber(), [numbered(1, [1, 2], true, { total: 7 })], { size: 500 });
    assert.equal(pagesAhead(aPageNumber(), state, 99).length, 2);
  });

  test("step by the records received with SCIM", () => {
    const page = aPage([1, 2], { totalResults: 7, startIndex: 1, itemsPerPage: 2 });
    const { state } = list(aStartIndex(), [page]);
    assert.deepEqual(pagesAhead(aStartIndex(), state, 99), [
      { kind: "params", params: { startIndex: "5", count: "2" } },
      { kind: "params", params: { startIndex: "7", count: "2" } },
    ]);
  });

  test("are none before the first page, without a total, with a cursor, or after the end", () => {
    assert.deepEqual(pagesAhead(aPageNumber(), startListing(aPageNumber(), { size: 2, maxPages: 9 }), 5), []);
    const untold = list(aPageNumber(), [numbered(1, [1, 2], true, { total: undefined })]);
    assert.deepEqual(pagesAhead(aPageNumber(), untold.state, 5), []);
    const cursor = list(aCursor({ total: "/total" }), [aPage([1], { paging: { next: "a" }, total: 9 })]);
    assert.deepEqual(pagesAhead(aCursor(), cursor.state, 5), []);
    assert.deepEqual(pagesAhead(aPageNumber(), list(aPageNumber(), three).state, 5), []);
  });
});

describe("SCIM pages", () => {
  const scim = (start: number, ids: readonly number[], changes: Record<string, unknown> = {}) =>
    aPage(ids, { totalResults: 4, startIndex: start, itemsPerPage: ids.length, ...changes });

  test("may hold fewer than asked for; the next position follows from what was received", () => {
    const { next, requests } = list(aStartIndex(), [scim(1, [1, 2]), scim(3, [3]), scim(4, [4])]);
    assert.deepEqual(
      requests.map((request) => request.kind === "params" && request.params.startIndex),
      ["1", "3", "4"],
    );
    assert.equal(next.kind === "end" && next.evidence.proof, "total-reached");
  });

  test("may leave their position out when one page holds everything", () => {
    const page = aPage([1], { totalResults: 1 });
    assert.equal(list(aStartIndex(), [page]).next.kind, "end");
  });

  test("are a gap when the position is ignored, the total is missing, or a page is empty too early", () => {
    assert.deepEqual(gapCodes(list(aStartIndex(), [scim(1, [1, 2]), scim(1, [1, 2])]).next), ["paging.page_ignored"]);
    assert.deepEqual(gapCodes(list(aStartIndex(), [scim(1, [1, 2], { totalResults: undefined })]).next), [
      "paging.more_missing",
    ]);
    assert.deepEqual(gapCodes(list(aStartIndex(), [scim(1, [1, 2]), scim(3, [])]).next), [
      "paging.empty_page_with_more",
    ]);
    assert.deepEqual(gapCodes(list(aStartIndex(), [scim(1, [1, 2, 3, 4, 5])]).next), ["paging.total_mismatch"]);
    assert.deepEqual(gapCodes(list(aStartIndex(), [scim(1, [1, 2, 3, 4], { itemsPerPage: 3 })]).next), [
      "paging.count_mismatch",
    ]);
  });
});

describe("cursors", () => {
  test("lead from page to page; their end is an empty place in a container that is there", () => {
    const pages = [
      aPage([1], { paging: { next: "a" } }),
      aPage([], { paging: { next: 7 } }),
      aPage([2], { paging: {} }),
    ];
    const { next, requests } = list(aCursor({ sizeParam: "limit", size: 2 }), pages);
    assert.deepEqual(requests, [
      { kind: "params", params: { limit: "2" } },
      { kind: "params", params: { limit: "2", after: "a" } },
      { kind: "params", params: { limit: "2", after: "7" } },
    ]);
    assert.equal(next.kind === "end" && next.evidence.proof, "no-cursor");
  });

  test("whose container is missing, or that cannot be read, are a gap", () => {
    for (const body of [
      {},
      { paging: null },
      { paging: [] },
      { paging: { next: { id: 1 } } },
      { paging: { next: true } },
    ]) {
      assert.deepEqual(
        gapCodes(list(aCursor(), [aPage([1], body)]).next),
        ["paging.more_missing"],
        JSON.stringify(body),
      );
    }
  });

  test("that come again are a gap, with empty pages too", () => {
    const pages = [
      aPage([1], { paging: { next: "a" } }),
      aPage([], { paging: { next: "b" } }),
      aPage([], { paging: { next: "a" } }),
    ];
    assert.deepEqual(gapCodes(list(aCursor(), pages).next), ["paging.repeated_page"]);
  });

  test("may point to one empty page after the total, not to another", () => {
    const pagination = aCursor({ total: "/total" });
    const pages = [aPage([1], { total: 1, paging: { next: "a" } }), aPage([], { total: 1, paging: {} })];
    assert.equal(list(pagination, pages).next.kind, "end");
    const endless = [pages[0] as PageFacts, aPage([], { total: 1, paging: { next: "b" } })];
    assert.deepEqual(gapCodes(list(pagination, endless).next), ["paging.endless"]);
  });
});

describe("links", () => {
  const linked = (ids: readonly number[], links: unknown, page = 1) =>
    aPage(ids, { links }, { url: `https://api.example.com/users?page=${page}` });

  test("are followed, relative ones too, until there is none", () => {
    const { next, requests } = list(aNextLink(), [
      linked([1], { next: "/users?page=2" }),
      linked([2], { next: null }, 2),
    ]);
    assert.deepEqual(requests[1], { kind: "url", url: "https://api.example.com/users?page=2" });
    assert.equal(next.kind === "end" && next.evidence.proof, "no-link");
  });

  test("to another host, port, scheme or user are never followed", () => {
    for (const next of [
      "https://evil.example.net/users",
      "https://api.example.com:8443/users",
      "http://api.example.com/users",
      "//evil.example.net/users",
      "https://me:secret@api.example.com/users",
      "file:///etc/passwd",
    ]) {
      assert.deepEqual(gapCodes(list(aNextLink(), [linked([1], { next })]).next), ["paging.other_host"], next);
    }
  });

  test("that are no address, come again, or whose container is missing are a gap", () => {
    assert.deepEqual(gapCodes(list(aNextLink(), [linked([1], { next: "http://[" })]).next), ["paging.bad_link"]);
    assert.deepEqual(gapCodes(list(aNextLink(), [linked([1], { next: "?page=1" })]).next), ["paging.repeated_page"]);
    assert.deepEqual(gapCodes(list(aNextLink(), [linked([1], undefined)]).next), ["paging.more_missing"]);
    const back = [
      linked([1], { next: "?page=2" }),
      linked([2], { next: "?page=3" }, 2),
      linked([3], { next: "?page=2" }, 3),
    ];
    assert.deepEqual(gapCodes(list(aNextLink(), back).next), ["paging.repeated_page"]);
  });
});
