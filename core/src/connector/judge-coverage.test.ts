import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CompleteCoverage,
  type CoverageEvidence,
  incompleteStreams,
  judgeCoverage,
  type StreamReport,
} from "./judge-coverage.ts";
import type { EndEvidence, ListingState } from "./listing-state.ts";
import { failListing, startListing } from "./paginate.ts";
import { aPage, aPageNumber, list } from "./test-pages.ts";

function ended(rows = 1): ListingState {
  const ids = Array.from({ length: rows }, (_, index) => index);
  return list(aPageNumber(), [aPage(ids, { has_more: false, total: rows })], { size: 100 }).state;
}

function users(
  changes: Partial<StreamReport> = {},
  listing: Partial<StreamReport["listings"][number]> = {},
): StreamReport {
  return {
    plan: { name: "users", primary: true, mayBeEmpty: false, parent: null },
    expectedListings: 1,
    unreadableParents: 0,
    listings: [{ parent: null, state: ended(), duplicateRows: 0, recordsWithoutKey: 0, ...listing }],
    ...changes,
  };
}

function judge(streams: readonly StreamReport[], changes: Partial<CoverageEvidence> = {}) {
  return judgeCoverage({ streams, knownActive: 0, expectEmpty: false, cancelled: false, ...changes });
}

function codes(streams: readonly StreamReport[], changes: Partial<CoverageEvidence> = {}) {
  const coverage = judge(streams, changes);
  return coverage.kind === "complete" ? [] : coverage.gaps.map((gap) => gap.code);
}

describe("coverage", () => {
  test("is complete when every listing ended with proof, and carries the proofs", () => {
    const coverage = judge([users()]);
    assert.equal(coverage.kind, "complete");
    assert.deepEqual(coverage.kind === "complete" && coverage.listings.map((proof) => proof.evidence.received), [1]);
  });

  test("is incomplete with the gaps of any listing, named by stream and parent", () => {
    const state = failListing(startListing(aPageNumber(), { size: 2, maxPages: 9 }), "page.failed", {
      status: 500,
    }).state;
    const coverage = judge([
      users(),
      {
        ...users({}, { parent: "7", state }),
        plan: { name: "roles", primary: false, mayBeEmpty: false, parent: "sites" },
      },
    ]);
    assert.deepEqual(coverage.kind === "incomplete" && coverage.gaps, [
      { code: "page.failed", stream: "roles", parent: "7", detail: { status: 500 } },
    ]);
    assert.deepEqual([...incompleteStreams(coverage)], ["roles"]);
  });

  test("is incomplete when nothing was listed, however empty that is", () => {
    assert.deepEqual(codes([]), ["account.none_found"]);
    assert.deepEqual(codes([users({ listings: [], expectedListings: 0 })]), ["account.none_found"]);
  });

  test("is incomplete when a listing was never begun or not read to its end", () => {
    assert.deepEqual(codes([users({ expectedListings: 2 })]), ["list.not_read"]);
    const state = startListing(aPageNumber(), { size: 2, maxPages: 9 });
    assert.deepEqual(codes([users({}, { state })]), ["list.unfinished"]);
  });

  test("is incomplete with duplicate rows, records without a key, unreadable parents, or a cancelled run", () => {
    assert.deepEqual(codes([users({}, { duplicateRows: 1 })]), ["paging.duplicate_rows"]);
    assert.deepEqual(codes([users({}, { recordsWithoutKey: 1 })]), ["record.without_key"]);
    assert.deepEqual(codes([users({ unreadableParents: 1 })]), ["parent.unreadable"]);
    assert.deepEqual(codes([users()], { cancelled: true }), ["run.cancelled"]);
  });

  test("is incomplete with an empty first page unless that is expected", () => {
    const empty = users({}, { state: ended(0) });
    assert.deepEqual(codes([empty], { knownActive: 12 }), ["list.empty_first_page"]);
    assert.deepEqual(codes([empty]), ["list.empty_first_page"]);
    assert.deepEqual(codes([empty], { expectEmpty: true }), []);
    assert.deepEqual(codes([users({ plan: { ...empty.plan, mayBeEmpty: true } }, { state: ended(0) })]), []);
  });
});

describe("proof, by type", () => {
  test("B9 cannot be made by connector data, a hook or anything but the judge and the paging", () => {
    // Each of these must stay an error for the compiler; without one, tsc complains about an unused expectation.
    // @ts-expect-error a complete coverage cannot be written by hand
    const coverage: CompleteCoverage = { kind: "complete", listings: [] };
    const facts = { proof: "no-more", pages: 1, received: 1, total: 1, emptyFirstPage: false, cappedTo: null } as const;
    // @ts-expect-error the end of a listing cannot be written by hand
    const evidence: EndEvidence = facts;
    const failed = failListing(startListing(aPageNumber(), { size: 2, maxPages: 9 }), "page.failed", {}).state;
    const outcome = { kind: "end", evidence: facts } as const;
    // @ts-expect-error nor can a failed listing be turned into an ended one
    const mended: ListingState = { ...failed, gaps: [], outcome };
    assert.ok(coverage && evidence && mended);
  });
});
