import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ExplicitUser } from "../population/ironclad-user.ts";
import { type IroncladSandbox, startIroncladSandbox } from "../start-ironclad-sandbox.ts";
import { clickwrapClient } from "../testing/clickwrap-client.ts";
import { type Fault, faultKinds } from "./fault.ts";
import type { FaultRule } from "./fault-schedule.ts";

const users: readonly ExplicitUser[] = Array.from({ length: 10 }, (_, n) => ({
  user: { id: n + 1, email: `user${n + 1}@example.com` },
  memberships: [{ site: 11, role: "member" }],
}));
const pageOf = (page: number) => `/accounts/501/members?per_page=4&page=${page}`;

async function start(...faults: Fault[]) {
  const rules: FaultRule[] = faults.map((fault) => ({ call: "members", fault }));
  const sandbox = await startIroncladSandbox({ users, faults: rules });
  const client = clickwrapClient(sandbox);
  await client.get("/sites");
  const tested = {
    sandbox,
    client,
    page: (n: number) => client.page(pageOf(n)),
    ids: async (n: number) => (await client.page(pageOf(n))).data.map(({ id }) => id as unknown),
    [Symbol.asyncDispose]: sandbox.close,
  };
  return tested;
}

/** Which kinds a test below has met; the last test asks for all of them. */
const met = new Set<string>();

function fault<K extends Fault>(value: K): K {
  met.add(value.kind);
  return value;
}

describe("faults that replace the answer", () => {
  test("status with each body, and Retry-After in seconds and as a date", async () => {
    await using run = await start(
      fault({ kind: "status", status: 503, retryAfter: 7, headers: { "ratelimit-remaining": "0" } }),
      { kind: "status", status: 429, retryAfter: { date: 30 } },
      { kind: "status", status: 502, body: "html" },
      { kind: "status", status: 401, body: "rfc6749" },
      { kind: "status", status: 504, body: "empty" },
      { kind: "status", status: 500, body: "text" },
    );
    const first = await run.client.get(pageOf(1));
    assert.deepEqual(
      [first.status, first.headers.get("retry-after"), first.headers.get("ratelimit-remaining")],
      [503, "7", "0"],
    );
    assert.equal(JSON.parse(first.text).error.status, 503);
    const dated = await run.client.get(pageOf(1));
    assert.ok(Math.abs(Date.parse(dated.headers.get("retry-after") ?? "") - Date.now() - 30_000) < 25_000);
    assert.match((await run.client.get(pageOf(1))).text, /^<!DOCTYPE html>/);
    assert.equal(JSON.parse((await run.client.get(pageOf(1))).text).error, "invalid_client");
    assert.equal((await run.client.get(pageOf(1))).text, "");
    assert.match((await run.client.get(pageOf(1))).text, /upstream/);
    assert.equal((await run.page(1)).count, 4);
  });

  test("another body with status 200: HTML, no JSON, nothing, any JSON", async () => {
    await using run = await start(
      fault({ kind: "html-200" }),
      fault({ kind: "not-json", text: "hello" }),
      fault({ kind: "empty-body" }),
      fault({ kind: "json", body: { access_token: 5 }, status: 201 }),
    );
    const html = await run.client.get(pageOf(1));
    assert.deepEqual([html.status, html.headers.get("content-type")], [200, "text/html; charset=utf-8"]);
    assert.equal((await run.client.get(pageOf(1))).text, "hello");
    assert.equal((await run.client.get(pageOf(1))).text, "");
    const json = await run.client.get(pageOf(1));
    assert.deepEqual([json.status, json.text], [201, '{"access_token":5}']);
  });

  test("redirects to another host, to itself, and to where the rule says", async () => {
    await using run = await start(
      fault({ kind: "redirect" }),
      { kind: "redirect", to: "loop" },
      { kind: "redirect", to: "http://169.254.169.254/latest", status: 307 },
    );
    const locations: unknown[] = [];
    for (let n = 0; n < 3; n++) {
      const { status, headers } = await run.client.get(pageOf(1));
      locations.push(status, headers.get("location"));
    }
    assert.deepEqual(locations, [
      302,
      "http://elsewhere.example/v1.1/collect",
      302,
      `/v1.1${pageOf(1)}`,
      307,
      "http://169.254.169.254/latest",
    ]);
  });
});

describe("faults that change the service", () => {
  test("users leave while the list is read, so that rows really move", async () => {
    await using run = await start();
    assert.deepEqual(await run.ids(1), [1, 2, 3, 4]);
    run.sandbox.addFaults([{ call: "members", page: 2, fault: fault({ kind: "remove-users", ids: [1] }) }]);
    assert.deepEqual(await run.ids(2), [6, 7, 8, 9]);
    assert.equal((await run.page(3)).total_count, 9);
  });

  test("the token dies in the middle", async () => {
    await using run = await start(fault({ kind: "revoke-tokens" }));
    assert.equal((await run.client.get(pageOf(1))).status, 401);
    assert.equal((await run.client.get(pageOf(1))).status, 401);
    run.client.forgetToken();
    assert.equal((await run.client.get(pageOf(1))).status, 200);
  });
});

describe("faults of paging", () => {
  test("repeat-page answers the page before, under either number", async () => {
    await using run = await start(fault({ kind: "repeat-page" }), { kind: "repeat-page", reported: "sent" });
    const page = await run.page(2);
    assert.deepEqual([page.page, page.data.map(({ id }) => id), page.has_more], [2, [1, 2, 3, 4], true]);
    assert.equal((await run.page(2)).page, 1);
  });

  test("ignore-page always answers page 1", async () => {
    await using run = await start(fault({ kind: "ignore-page" }), { kind: "ignore-page", reported: "sent" });
    const page = await run.page(3);
    assert.deepEqual([page.page, page.data.length, page.has_more], [3, 4, true]);
    assert.equal((await run.page(3)).page, 1);
  });

  test("cap-page sends fewer than asked, openly or silently", async () => {
    await using run = await start(fault({ kind: "cap-page", perPage: 3 }), {
      kind: "cap-page",
      perPage: 3,
      silent: true,
    });
    const page = await run.page(2);
    assert.deepEqual([page.per_page, page.data.map(({ id }) => id)], [3, [4, 5, 6]]);
    const silent = await run.page(1);
    assert.deepEqual([silent.per_page, silent.count], [4, 3]);
  });

  test("shift-rows loses rows between pages, or repeats them", async () => {
    await using run = await start(fault({ kind: "shift-rows", by: 1 }), { kind: "shift-rows", by: -1 });
    assert.deepEqual(await run.ids(2), [6, 7, 8, 9]);
    assert.deepEqual(await run.ids(2), [4, 5, 6, 7]);
  });

  test("short-page drops rows and still says there is more", async () => {
    await using run = await start(fault({ kind: "short-page", drop: 2 }));
    const page = await run.page(1);
    assert.deepEqual([page.count, page.has_more, page.total_count], [2, true, 10]);
  });

  test("duplicate-rows appends or replaces", async () => {
    await using run = await start(fault({ kind: "duplicate-rows", rows: 1 }), {
      kind: "duplicate-rows",
      rows: 1,
      how: "replace",
    });
    assert.deepEqual(await run.ids(1), [1, 2, 3, 4, 1]);
    assert.deepEqual(await run.ids(1), [1, 2, 3, 1]);
  });

  test("keyless-rows takes the key away, makes it null or empty, also inside", async () => {
    await using run = await start(fault({ kind: "keyless-rows", rows: 1 }), {
      kind: "keyless-rows",
      rows: 2,
      how: "null",
    });
    assert.ok(!("id" in (await run.page(1)).data[0]));
    assert.deepEqual(await run.ids(1), [null, null, 3, 4]);
    run.sandbox.addFaults([
      { call: "memberships", site: 11, fault: { kind: "keyless-rows", rows: 1, how: "empty", key: "user.id" } },
    ]);
    assert.equal((await run.client.page("/sites/11/memberships")).data[0].user.id, "");
  });

  test("empty-200, empty-page, missing-data, data", async () => {
    await using run = await start(
      fault({ kind: "empty-200" }),
      fault({ kind: "empty-page" }),
      fault({ kind: "missing-data" }),
      fault({ kind: "data", value: { "0": "x" } }),
    );
    const empty = await run.page(1);
    assert.deepEqual([empty.data, empty.total_count, empty.has_more], [[], 0, false]);
    const more = await run.page(1);
    assert.deepEqual([more.data, more.total_count, more.has_more], [[], 10, true]);
    assert.ok(!("data" in (await run.page(1))));
    assert.deepEqual((await run.page(1)).data, { "0": "x" });
  });

  test("total lies, has_more lies, is no boolean or is missing", async () => {
    await using run = await start(
      fault({ kind: "total", delta: -3 }),
      { kind: "total", value: "many" },
      fault({ kind: "has-more", value: false }),
      { kind: "has-more", value: "missing" },
      { kind: "has-more", value: "yes" },
    );
    assert.equal((await run.page(1)).total_count, 7);
    assert.equal((await run.page(1)).total_count, "many");
    assert.equal((await run.page(1)).has_more, false);
    assert.ok(!("has_more" in (await run.page(1))));
    assert.equal((await run.page(1)).has_more, "yes");
  });

  test("an endless list has more for ever, and can repeat its content for ever", async () => {
    await using run = await start();
    run.sandbox.addFaults([{ call: "members", count: "always", fault: { kind: "has-more", value: true } }]);
    const far = await run.page(500);
    assert.deepEqual([far.count, far.has_more], [0, true]);
    run.sandbox.clearFaults();
    const both: Fault[] = [{ kind: "ignore-page" }, { kind: "has-more", value: true }];
    run.sandbox.addFaults([{ call: "members", count: Number.POSITIVE_INFINITY, fault: both }]);
    assert.deepEqual((await run.page(500)).count, 4);
  });

  test("next-link names another host in the body and in a header", async () => {
    await using run = await start(fault({ kind: "next-link", url: "http://other.example/2" }));
    const { text, headers } = await run.client.get(pageOf(1));
    assert.equal(JSON.parse(text).next, "http://other.example/2");
    assert.equal(headers.get("link"), '<http://other.example/2>; rel="next"');
  });
});

describe("faults of delivery", () => {
  test("slow answers late, whole or in pieces", async () => {
    await using run = await start(fault({ kind: "slow", delayMs: 40 }), { kind: "slow", delayMs: 5, chunks: 4 });
    const before = performance.now();
    assert.equal((await run.page(1)).count, 4);
    assert.ok(performance.now() - before >= 39);
    assert.equal((await run.page(1)).count, 4);
  });

  test("reset cuts the connection before or inside the body", async () => {
    await using run = await start(fault({ kind: "reset" }), { kind: "reset", when: "mid-body" });
    await assert.rejects(run.client.get(pageOf(1)), TypeError);
    await assert.rejects(run.client.get(pageOf(1)), TypeError);
    assert.deepEqual(
      membersLog(run.sandbox).map(({ status }) => status),
      [undefined, 200],
    );
    assert.equal((await run.page(1)).count, 4);
  });

  test("hang never answers, or stalls inside the body; closing the sandbox ends both", async () => {
    const run = await start(fault({ kind: "hang" }), { kind: "hang", when: "mid-body" });
    const hanging = [run.client.get(pageOf(1)), run.client.get(pageOf(1))];
    const ends = Promise.allSettled(hanging);
    while (membersLog(run.sandbox).filter(({ faults }) => faults).length < 2) await new Promise(setImmediate);
    assert.equal(await Promise.race([...hanging, new Promise((resolve) => setTimeout(resolve, 40, "open"))]), "open");
    await run.sandbox.close();
    assert.deepEqual(
      (await ends).map(({ status }) => status),
      ["rejected", "rejected"],
    );
  });

  test("truncate cuts the JSON, with an honest or a lying length", async () => {
    await using run = await start(fault({ kind: "truncate" }), { kind: "truncate", contentLength: "lying" });
    const { text } = await run.client.get(pageOf(1));
    assert.throws(() => JSON.parse(text), SyntaxError);
    await assert.rejects(run.client.get(pageOf(1)), TypeError);
  });

  test("content-type is wrong, or the bytes are no UTF-8", async () => {
    await using run = await start(
      fault({ kind: "content-type", value: "text/plain" }),
      fault({ kind: "invalid-utf8" }),
    );
    const typed = await run.client.get(pageOf(1));
    assert.equal(typed.headers.get("content-type"), "text/plain");
    assert.equal(JSON.parse(typed.text).count, 4);
    assert.match((await run.client.get(pageOf(1))).text, /\uFFFD/);
  });

  test("oversized pads the body, also compressed", async () => {
    await using run = await start(fault({ kind: "oversized", megabytes: 3 }), {
      kind: "oversized",
      megabytes: 3,
      encoding: "gzip",
    });
    for (let n = 0; n < 2; n++) {
      const { text } = await run.client.get(pageOf(1));
      assert.ok(text.length > 3 * 1024 * 1024);
      assert.equal(JSON.parse(text).count, 4);
    }
  });
});

describe("the schedule", () => {
  test("counts by rule: skip, count, page, fromPage, site and account", async () => {
    await using run = await start();
    const status = async (path: string) => (await run.client.get(path)).status;
    run.sandbox.addFaults([
      { call: "members", page: 2, skip: 1, count: 2, fault: { kind: "status", status: 502 } },
      { call: "memberships", site: 12, fault: { kind: "status", status: 503 } },
      { call: "members", account: 501, fromPage: 3, fault: { kind: "status", status: 504 } },
    ]);
    const seen: number[] = [];
    for (const page of [1, 2, 2, 2, 2, 1]) seen.push(await status(pageOf(page)));
    assert.deepEqual(seen, [200, 200, 502, 502, 200, 200]);
    assert.equal(await status("/sites/11/memberships"), 200);
    assert.equal(await status("/sites/12/memberships"), 503);
    assert.equal(await status(pageOf(4)), 504);
    assert.equal(await status(pageOf(4)), 200);
    assert.deepEqual(
      run.sandbox.state().faults.map(({ hits }) => hits),
      [2, 1, 1],
    );
  });

  test("hits the token call, and any call with *", async () => {
    await using sandbox = await startIroncladSandbox({
      users,
      faults: [
        { call: "token", fault: { kind: "status", status: 500 } },
        { call: "*", skip: 1, fault: { kind: "status", status: 502 } },
      ],
    });
    const client = clickwrapClient(sandbox);
    assert.equal((await client.mint()).status, 500);
    assert.equal((await client.mint()).status, 200);
    assert.equal((await client.mint()).status, 502);
    assert.equal(sandbox.counters().mints, 1);
    assert.equal((await client.get("/sites")).status, 200);
  });

  test("refuses rules and faults it does not know, by name", async () => {
    await using sandbox = await startIroncladSandbox({ users });
    const refuse = (rule: unknown, message: RegExp) =>
      assert.throws(() => sandbox.addFaults([rule as FaultRule]), { name: "BadInput", message });
    refuse({ fault: { kind: "reset" } }, /needs call/);
    refuse({ call: "members", fault: { kind: "explode" } }, /no fault "explode"/);
    refuse({ call: "members", fault: { kind: "total", by: 1 } }, /has no by/);
    refuse({ call: "members", fault: { kind: "short-page" } }, /needs drop/);
    refuse({ call: "members", pages: 1, fault: { kind: "reset" } }, /has no pages/);
    refuse({ call: "members", page: "1", fault: { kind: "reset" } }, /`page`/);
    refuse({ call: "members", count: "never", fault: { kind: "reset" } }, /`count`/);
  });

  test("every kind of fault is met by a test above", () => {
    assert.deepEqual(
      Object.keys(faultKinds)
        .filter((kind) => kind !== "half-applied")
        .sort(),
      [...met].sort(),
    );
  });
});

function membersLog(sandbox: IroncladSandbox) {
  return sandbox.requests().filter(({ call }) => call === "members");
}
