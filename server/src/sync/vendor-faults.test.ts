import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Run } from "@rollcall/core/contract/runs.ts";
import type { Fault } from "@rollcall/sandbox/faults/fault.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, countsOf, recordsOf, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";

/** How a faulty run must end: failed with a code, or incomplete with a gap. */
type End = { readonly failed: string } | { readonly gap: string };
type Case = readonly [name: string, fault: Fault | readonly Fault[], end: End];

const failed = (code: string): End => ({ failed: code });
const gap = (code: string): End => ({ gap: code });

/** What happens to an answer as such, whatever list it belongs to; the code it has to have, and the gap on a later page. */
const unusableAnswers: readonly (readonly [name: string, fault: Fault, code: string, later?: string])[] = [
  ["400", { kind: "status", status: 400 }, "vendor.bad_request"],
  ["401", { kind: "status", status: 401 }, "vendor.unauthorized"],
  ["401 in the form of RFC 6749", { kind: "status", status: 401, body: "rfc6749" }, "vendor.unauthorized"],
  ["403", { kind: "status", status: 403 }, "vendor.forbidden"],
  ["403 in HTML", { kind: "status", status: 403, body: "html" }, "vendor.forbidden"],
  ["429 without end", { kind: "status", status: 429, retryAfter: 0 }, "vendor.rate_limited"],
  ["429 that asks for an hour", { kind: "status", status: 429, retryAfter: 3600 }, "vendor.rate_limited"],
  ["500", { kind: "status", status: 500 }, "vendor.unavailable"],
  ["502 in HTML", { kind: "status", status: 502, body: "html" }, "vendor.unavailable"],
  ["503 without a body", { kind: "status", status: 503, body: "empty" }, "vendor.unavailable"],
  ["HTML with status 200", { kind: "html-200" }, "vendor.bad_response"],
  ["text that is not JSON", { kind: "not-json" }, "vendor.bad_response"],
  ["an empty body", { kind: "empty-body" }, "vendor.bad_response"],
  ["status 204", { kind: "status", status: 204, body: "empty" }, "vendor.bad_response", "list.missing"],
  ["another JSON document", { kind: "json", body: { hello: "world" } }, "vendor.bad_response", "list.missing"],
  ["JSON null", { kind: "json", body: null }, "vendor.bad_response", "list.missing"],
  ["a redirect to another host", { kind: "redirect" }, "egress.denied"],
  ["a redirect that goes round", { kind: "redirect", to: "loop" }, "egress.too_many_redirects"],
  ["a reset connection", { kind: "reset" }, "vendor.unreachable"],
  ["a connection reset in the body", { kind: "reset", when: "mid-body" }, "vendor.bad_response"],
  ["a time-out", { kind: "hang" }, "vendor.unreachable"],
  ["a time-out in the body", { kind: "hang", when: "mid-body" }, "vendor.unreachable"],
  ["a truncated body", { kind: "truncate" }, "vendor.bad_response"],
  ["a body shorter than announced", { kind: "truncate", contentLength: "lying" }, "vendor.bad_response"],
  ["a wrong content type", { kind: "content-type", value: "text/html" }, "vendor.bad_response"],
  ["a broken byte", { kind: "invalid-utf8" }, "vendor.bad_response"],
  ["an answer that is too large", { kind: "oversized", megabytes: 3 }, "vendor.response_too_large"],
  ["a small answer that unpacks", { kind: "oversized", megabytes: 3, encoding: "gzip" }, "vendor.response_too_large"],
  ["a body that drips", { kind: "slow", delayMs: 400, chunks: 50 }, "vendor.unreachable"],
];

/** Well-formed pages that lie, on the list of users. */
const lyingPages: readonly (readonly [page: number, ...Case])[] = [
  [1, "the data array is missing", { kind: "missing-data" }, failed("vendor.bad_response")],
  [2, "the data array is missing", { kind: "missing-data" }, gap("list.missing")],
  [1, "data is null", { kind: "data", value: null }, failed("vendor.bad_response")],
  [2, "data is an object", { kind: "data", value: {} }, gap("list.missing")],
  [1, "an empty 200 where there were users", { kind: "empty-200" }, gap("list.empty_first_page")],
  [2, "an empty 200 where there were users", { kind: "empty-200" }, gap("paging.total_changed")],
  [3, "an empty 200 where there were users", { kind: "empty-200" }, gap("paging.total_changed")],
  [2, "a repeated page", { kind: "repeat-page" }, gap("paging.repeated_page")],
  [3, "a repeated page", { kind: "repeat-page" }, gap("paging.repeated_page")],
  [2, "a repeated page that says so", { kind: "repeat-page", reported: "sent" }, gap("paging.page_ignored")],
  [2, "page is ignored", { kind: "ignore-page" }, gap("paging.repeated_page")],
  [3, "page is ignored, and the answer says so", { kind: "ignore-page", reported: "sent" }, gap("paging.page_ignored")],
  [1, "per_page is capped in silence", { kind: "cap-page", perPage: 5, silent: true }, gap("paging.short_page")],
  [2, "per_page is capped on a later page", { kind: "cap-page", perPage: 5 }, gap("paging.size_changed")],
  [1, "duplicate ids", { kind: "duplicate-rows", rows: 2 }, gap("paging.duplicate_rows")],
  [
    2,
    "duplicate ids in place of others",
    { kind: "duplicate-rows", rows: 2, how: "replace" },
    gap("paging.duplicate_rows"),
  ],
  [2, "rows that move and are lost", { kind: "shift-rows", by: 2 }, gap("paging.duplicate_rows")],
  [2, "rows that move and come twice", { kind: "shift-rows", by: -2 }, gap("paging.duplicate_rows")],
  [3, "rows that move out of the last page", { kind: "shift-rows", by: 1 }, gap("paging.total_mismatch")],
  [2, "users who leave while the list is read", { kind: "remove-users", ids: [6] }, gap("paging.total_changed")],
  [1, "has_more is missing", { kind: "has-more", value: "missing" }, gap("paging.more_missing")],
  [2, "has_more is missing", { kind: "has-more", value: "missing" }, gap("paging.more_missing")],
  [3, "has_more is missing", { kind: "has-more", value: "missing" }, gap("paging.more_missing")],
  [2, "has_more is text", { kind: "has-more", value: "false" }, gap("paging.more_missing")],
  [1, "has_more is false too early", { kind: "has-more", value: false }, gap("paging.total_mismatch")],
  [2, "has_more is false too early", { kind: "has-more", value: false }, gap("paging.total_mismatch")],
  [3, "has_more is true at the end", { kind: "has-more", value: true }, gap("paging.endless")],
  [2, "a short page before the end", { kind: "short-page", drop: 3 }, gap("paging.short_page")],
  [3, "a short last page", { kind: "short-page", drop: 1 }, gap("paging.total_mismatch")],
  [1, "a total that is too large", { kind: "total", delta: 5 }, gap("paging.total_changed")],
  [3, "a total that is too small", { kind: "total", delta: -1 }, gap("paging.total_changed")],
  [2, "a total that is text", { kind: "total", value: "many" }, gap("paging.total_unreadable")],
  [2, "an empty page with has_more", { kind: "empty-page" }, gap("paging.empty_page_with_more")],
  [1, "an empty first page with has_more", { kind: "empty-page" }, gap("paging.empty_page_with_more")],
  [2, "404 for a page that should be there", { kind: "status", status: 404 }, gap("paging.past_end")],
  [1, "404 for the list", { kind: "status", status: 404 }, failed("vendor.not_found")],
  [2, "rows without id", { kind: "keyless-rows", rows: 3 }, gap("record.without_key")],
  [2, "rows with an empty id", { kind: "keyless-rows", rows: 3, how: "empty" }, gap("record.without_key")],
  [3, "every row of a page without id", { kind: "keyless-rows", rows: 10, how: "null" }, gap("record.without_key")],
];

/** On every page of the list of users, for as long as the run lasts. */
const lyingLists: readonly Case[] = [
  ["has_more never ends", [{ kind: "ignore-page" }, { kind: "has-more", value: true }], gap("paging.repeated_page")],
  ["totals that lie everywhere", { kind: "total", delta: 7 }, gap("paging.total_mismatch")],
  ["no has_more anywhere", { kind: "has-more", value: "missing" }, gap("paging.more_missing")],
  [
    "no page number is obeyed, and the answer admits it",
    { kind: "ignore-page", reported: "sent" },
    gap("paging.page_ignored"),
  ],
  [
    "per_page is capped in silence everywhere",
    { kind: "cap-page", perPage: 5, silent: true },
    gap("paging.short_page"),
  ],
];

const joinedLists: readonly (readonly [call: "memberships" | "sites", ...Case])[] = [
  ["memberships", "403", { kind: "status", status: 403 }, gap("page.failed")],
  ["memberships", "503", { kind: "status", status: 503 }, gap("page.failed")],
  ["memberships", "HTML with status 200", { kind: "html-200" }, gap("page.failed")],
  ["memberships", "a time-out", { kind: "hang" }, gap("page.failed")],
  ["memberships", "the data array is missing", { kind: "missing-data" }, gap("list.missing")],
  ["memberships", "has_more is missing", { kind: "has-more", value: "missing" }, gap("paging.more_missing")],
  ["memberships", "a total that lies", { kind: "total", delta: 2 }, gap("paging.total_mismatch")],
  ["memberships", "a short page", { kind: "short-page", drop: 2 }, gap("paging.short_page")],
  ["memberships", "duplicate rows", { kind: "duplicate-rows", rows: 2 }, gap("paging.duplicate_rows")],
  ["memberships", "rows without id", { kind: "keyless-rows", rows: 2 }, gap("record.without_key")],
  ["memberships", "rows without a user", { kind: "keyless-rows", rows: 2, key: "user.id" }, gap("record.without_key")],
  ["sites", "403", { kind: "status", status: 403 }, failed("vendor.forbidden")],
  ["sites", "503", { kind: "status", status: 503 }, failed("vendor.unavailable")],
  ["sites", "HTML with status 200", { kind: "html-200" }, failed("vendor.bad_response")],
  ["sites", "the data array is missing", { kind: "missing-data" }, failed("vendor.bad_response")],
  ["sites", "an empty 200 where there were sites", { kind: "empty-200" }, gap("account.none_found")],
  ["sites", "a site is left out and the total tells", { kind: "short-page", drop: 1 }, gap("paging.total_mismatch")],
  ["sites", "a site without id", { kind: "keyless-rows", rows: 1 }, gap("record.without_key")],
  [
    "sites",
    "a site that does not tell its account",
    { kind: "keyless-rows", rows: 1, key: "account" },
    gap("parent.unreadable"),
  ],
  ["sites", "has_more is missing", { kind: "has-more", value: "missing" }, gap("paging.more_missing")],
];

const tokenFaults: readonly (readonly [name: string, fault: Fault, code: string])[] = [
  ["400", { kind: "status", status: 400, body: "rfc6749" }, "vendor.unauthorized"],
  ["401", { kind: "status", status: 401 }, "vendor.unauthorized"],
  ["403", { kind: "status", status: 403 }, "vendor.forbidden"],
  ["404", { kind: "status", status: 404 }, "vendor.not_found"],
  ["429 without end", { kind: "status", status: 429, retryAfter: 0 }, "vendor.rate_limited"],
  ["500", { kind: "status", status: 500 }, "vendor.unavailable"],
  ["HTML with status 200", { kind: "html-200" }, "vendor.bad_response"],
  ["no token in the answer", { kind: "json", body: { token_type: "Bearer" } }, "vendor.bad_response"],
  ["an error with status 200", { kind: "json", body: { error: "invalid_client" } }, "vendor.bad_response"],
  ["a time-out", { kind: "hang" }, "vendor.unreachable"],
  ["a reset connection", { kind: "reset" }, "vendor.unreachable"],
  ["a truncated body", { kind: "truncate", contentLength: "lying" }, "vendor.bad_response"],
  ["a redirect", { kind: "redirect" }, "vendor.bad_response"],
];

describe("a vendor that fails or lies deactivates nobody", { concurrency: 6 }, () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall({
      vendor: {
        retry: { baseMs: 1, capMs: 2, maxAttempts: 2 },
        limits: { connectMs: 1_000, headersMs: 1_000, bodyMs: 1_000, attemptMs: 10_000, maxResponseBytes: 2 * 2 ** 20 },
      },
    });
  });
  after(() => rollcall[Symbol.asyncDispose]());

  for (const [name, fault, code, later] of unusableAnswers) {
    test(`A1 users, first page: ${name} fails the run with ${code} and deactivates nobody`, () =>
      holds({ call: "members", page: 1, fault, end: failed(code) }));
    test(`A1 users, a later page: ${name} is a gap and deactivates nobody`, () =>
      holds({
        call: "members",
        page: 2,
        fault,
        end: gap(later ?? "page.failed"),
        ...(later === undefined && { code }),
      }));
  }
  for (const [page, name, fault, end] of lyingPages) {
    test(`B8 users, page ${page}: ${name}`, () => holds({ call: "members", page, fault, end }));
  }
  for (const [name, fault, end] of lyingLists) {
    test(`B8 users, every page: ${name}`, () => holds({ call: "members", fault, end }));
  }
  for (const [call, name, fault, end] of joinedLists) {
    test(`A1 ${call}: ${name} deactivates nobody`, () => holds({ call, fault, end }));
  }
  for (const [name, fault, code] of tokenFaults) {
    test(`A1 token: ${name} fails the run with ${code}`, () => holds({ call: "token", fault, end: failed(code) }));
  }

  test("A1 an address where nobody listens", async () => {
    await using vendor = await prepared();
    const { url } = vendor.sandbox;
    await vendor.sandbox.close();
    const run = await vendor.run();
    assert.equal(run.error?.code, "vendor.unreachable");
    assert.match(run.error.message, /sites.*page 1/);
    assert.ok(url);
    assert.equal((await vendor.known())[3]?.person, "active");
  });

  test("A1 TLS where there is none", async () => {
    await using vendor = await prepared();
    await vendor.set({ inputs: { baseUrl: vendor.sandbox.url.replace("http:", "https:") } });
    const run = await vendor.run();
    assert.equal(run.error?.code, "vendor.unreachable");
    assert.deepEqual((await vendor.known())[3]?.person, "active");
  });

  test("B8 a link to another host in the answer is never followed, and changes nothing", async () => {
    await using vendor = await prepared();
    vendor.sandbox.addFaults([{ call: "members", count: "always", fault: { kind: "next-link" } }]);
    const run = await vendor.run();
    assert.equal(run.status, "completed");
    assert.deepEqual(countsOf(run), afterwards);
  });

  test("B8 per_page capped below what was asked: an answer that admits it is followed, and nobody is lost", async () => {
    await using vendor = await prepared();
    vendor.sandbox.addFaults([{ call: "members", count: "always", fault: { kind: "cap-page", perPage: 4 } }]);
    const run = await vendor.run();
    assert.deepEqual(run.coverage, { complete: true, gaps: [] });
    assert.deepEqual(countsOf(run), afterwards);
  });

  for (const [name, fault] of [
    ["503 once", { kind: "status", status: 503 }],
    ["429 once, with a date", { kind: "status", status: 429, retryAfter: { date: 0 } }],
    ["429 once, without a hint", { kind: "status", status: 429 }],
    ["a reset once", { kind: "reset" }],
    ["a body that breaks off once", { kind: "truncate", contentLength: "lying" }],
    ["a slow answer", { kind: "slow", delayMs: 50, chunks: 4 }],
    ["a token that is refused once", { kind: "revoke-tokens" }],
    ["a content type with parameters", { kind: "content-type", value: "Application/JSON;charset=UTF-8" }],
  ] as const) {
    test(`what passes is waited for: ${name}`, async () => {
      await using vendor = await prepared();
      vendor.sandbox.addFaults([{ call: "members", page: 2, fault }]);
      const run = await vendor.run();
      assert.equal(vendor.sandbox.counters().faults, 1);
      assert.equal(run.status, "completed", JSON.stringify(run.coverage));
      assert.deepEqual(countsOf(run), afterwards);
    });
  }

  /**
   * 24 known users on three pages; since then two have left (from the first and the last page), one was renamed and one has come.
   * The guard is off, so that nothing but coverage keeps the two.
   */
  async function prepared(): Promise<VendorWorld> {
    worlds += 1;
    const domain = `world${worlds}.example`;
    const vendor = await aVendor(rollcall, { users: users(domain, 24), settings: { inputs: { perPage: 10 } } });
    const first = await vendor.run();
    assert.equal(first.status, "completed", JSON.stringify(first));
    assert.deepEqual(countsOf(first), { fetched: 24, created: 24 });
    vendor.sandbox.removeUsers({ ids: [3, 23] });
    vendor.sandbox.changeUser(1, { set: { name: "Renamed" } });
    vendor.sandbox.addUsers([aUser(domain, 25)]);
    return vendor;
  }

  async function holds(fault: {
    readonly call: string;
    readonly page?: number;
    readonly fault: Fault | readonly Fault[];
    readonly end: End;
    readonly code?: string;
  }): Promise<void> {
    await using vendor = await prepared();
    const { call, page, end } = fault;
    const before = await recordsOf(rollcall.database, vendor.integration.id);
    if (call === "token") vendor.sandbox.revokeTokens();
    vendor.sandbox.addFaults([{ call, ...(page !== undefined && { page }), count: "always", fault: fault.fault }]);
    const run = await vendor.run();
    assert.ok(vendor.sandbox.counters().faults > 0, "the fault was met");
    vendor.sandbox.clearFaults();

    assertEnd(run, end, page);
    if (fault.code !== undefined) assert.match(run.coverage?.gaps[0]?.detail ?? "", new RegExp(fault.code));
    assert.equal(run.counts.deactivated, 0);
    const known = await vendor.known();
    for (const key of [3, 23]) {
      const { person, saas, link } = known[key] ?? assert.fail(`user ${key} is gone`);
      assert.deepEqual([person, saas, link], ["active", "active", true]);
    }
    if ("failed" in end || end.gap === "account.none_found") {
      assert.deepEqual(await recordsOf(rollcall.database, vendor.integration.id), before);
    } else {
      assert.ok(run.counts.withheld >= 2, "the two who are missing are counted as withheld");
      const firstPageIsGood = call !== "members" || (page ?? 1) > 1;
      if (firstPageIsGood) assert.equal(known[1]?.name, "Renamed", "what was read well is applied");
      if (call !== "members") assert.equal(known[25]?.person, "active", "whom the list has is created");
      assert.ok(
        Object.values(known)
          .slice(0, 24)
          .every(({ role }) => role === "member"),
        "roles stay as they were",
      );
    }

    const clean = await vendor.run();
    assert.equal(clean.status, "completed", JSON.stringify(clean));
    assert.deepEqual(clean.coverage, { complete: true, gaps: [] });
    const now = await vendor.known();
    const inactive = Object.entries(now).flatMap(([key, { person }]) => (person === "inactive" ? [Number(key)] : []));
    // Without a gap the same absence deactivates: it was the coverage that kept them.
    assert.deepEqual(
      inactive.sort((one, other) => one - other),
      isRemoval(fault.fault) ? [3, 6, 23] : [3, 23],
    );
    assert.deepEqual([now[1]?.name, now[25]?.person], ["Renamed", "active"]);
  }
});

let worlds = 0;
/** Of the run after `prepared`, when nothing is in its way. */
const afterwards = { fetched: 23, created: 1, updated: 1, unchanged: 21, deactivated: 2 };

function assertEnd(run: Run, end: End, page: number | undefined): void {
  const told = JSON.stringify({ status: run.status, error: run.error, coverage: run.coverage });
  if ("failed" in end) {
    assert.equal(run.status, "failed", told);
    assert.equal(run.error?.code, end.failed, told);
    assert.match(run.error.message, /page 1/, "the message names the page");
    assert.ok(run.error.nextStep.length > 10);
    return;
  }
  assert.equal(run.error, null, told);
  assert.equal(run.status, "incomplete", told);
  const found = run.coverage?.gaps.find(({ code }) => code === end.gap);
  assert.ok(found !== undefined, told);
  assert.ok(found.nextStep.length > 5);
  if (page !== undefined && found.code.startsWith("paging.")) assert.match(found.detail, /page|rows|received/);
}

function isRemoval(fault: Fault | readonly Fault[]): boolean {
  return [fault].flat().some((one) => "kind" in one && one.kind === "remove-users");
}
