import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type IroncladSandboxOptions, startIroncladSandbox } from "../start-ironclad-sandbox.ts";
import { clickwrapClient } from "../testing/clickwrap-client.ts";
import { readModes } from "./modes.ts";

const members = "/accounts/501/members";

async function start(options: IroncladSandboxOptions = {}) {
  const sandbox = await startIroncladSandbox({ users: 60, population: "plain", ...options });
  return { sandbox, client: clickwrapClient(sandbox), [Symbol.asyncDispose]: sandbox.close };
}

const ids = (page: { readonly data: { readonly id: number }[] }) => page.data.map(({ id }) => id);

describe("the modes", () => {
  test("accounts and sites: none, or two accounts with users of their own (U5)", async () => {
    await using none = await start({ sites: 0 });
    assert.deepEqual(await none.client.page("/sites"), {
      page: 1,
      per_page: 25,
      count: 0,
      total_count: 0,
      has_more: false,
      data: [],
    });
    await using two = await start({ accounts: 2 });
    const first = await two.client.page(`${members}?per_page=100`);
    const second = await two.client.page("/accounts/502/members?per_page=100");
    assert.deepEqual([first.count, second.count, new Set([...ids(first), ...ids(second)]).size], [30, 30, 60]);
    await using partial = await start({ sites: 3, visibleSites: 1 });
    assert.equal((await partial.client.page("/sites")).count, 1);
    assert.equal((await partial.client.get("/sites/12/memberships")).status, 404);
  });

  test("inferredCalls: absent takes the undocumented paths away (U6)", async () => {
    await using run = await start({ inferredCalls: "absent" });
    assert.equal((await run.client.get("/accounts/501")).status, 404);
    assert.equal((await run.client.get("/sites/11/members")).status, 404);
    assert.equal((await run.client.get(members)).status, 200);
  });

  test("overPageSize and badPaging (U7)", async () => {
    const perPage = async (options: IroncladSandboxOptions, query: string) => {
      await using run = await start({ users: 300, ...options });
      const { status, text } = await run.client.get(`${members}?${query}`);
      return status === 200 ? (JSON.parse(text).per_page as number) : status;
    };
    assert.equal(await perPage({}, "per_page=200"), 100);
    assert.equal(await perPage({ maxPageSize: 50 }, "per_page=200"), 50);
    assert.equal(await perPage({ overPageSize: "honour" }, "per_page=200"), 200);
    assert.equal(await perPage({ overPageSize: "400" }, "per_page=200"), 400);
    for (const query of ["per_page=0", "per_page=-1", "per_page=x", "page=0", "page=1.5"]) {
      assert.equal(await perPage({}, query), 25, query);
      assert.equal(await perPage({ badPaging: "400" }, query), 400, query);
    }
  });

  test("pastEnd (U8)", async () => {
    await using empty = await start();
    const page = await empty.client.page(`${members}?page=9`);
    assert.deepEqual([page.page, page.count, page.total_count, page.has_more], [9, 0, 60, false]);
    await using missing = await start({ pastEnd: "404" });
    assert.equal((await missing.client.get(`${members}?page=9`)).status, 404);
    assert.equal((await missing.client.get(`${members}?page=3`)).status, 200);
    await using repeated = await start({ pastEnd: "repeat-last" });
    assert.deepEqual(
      ids(await repeated.client.page(`${members}?page=9`)),
      ids(await repeated.client.page(`${members}?page=3`)),
    );
  });

  test("defaultOrder: descending, shuffled, and moving between requests (U8)", async () => {
    const all = Array.from({ length: 60 }, (_, index) => 1001 + index);
    await using descending = await start({ defaultOrder: "id-descending" });
    assert.deepEqual(ids(await descending.client.page(`${members}?per_page=100`)), all.toReversed());
    await using shuffled = await start({ defaultOrder: "shuffled" });
    const once = ids(await shuffled.client.page(`${members}?per_page=100`));
    assert.notDeepEqual(once, all);
    assert.deepEqual(once.toSorted(), all);
    assert.deepEqual(ids(await shuffled.client.page(`${members}?per_page=100`)), once);
    await using unstable = await start({ defaultOrder: "unstable" });
    const first = ids(await unstable.client.page(`${members}?per_page=30`));
    const second = ids(await unstable.client.page(`${members}?per_page=30&page=2`));
    assert.equal(new Set([...first, ...second]).size, 59);
  });

  test("sortSyntax (U9)", async () => {
    const first = async (sortSyntax: "minus" | "colon" | "ignored" | "refused", sort: string) => {
      await using run = await start({ sortSyntax });
      const { status, text } = await run.client.get(`${members}?sort=${sort}`);
      return status === 200 ? (JSON.parse(text).data[0].id as number) : status;
    };
    assert.deepEqual(
      [await first("minus", "-id"), await first("minus", "id"), await first("minus", "id:desc")],
      [1060, 1001, 400],
    );
    assert.deepEqual(
      [await first("colon", "id:desc"), await first("colon", "id"), await first("colon", "-id")],
      [1060, 1001, 400],
    );
    assert.equal(await first("ignored", "-id"), 1001);
    assert.equal(await first("refused", "id"), 400);
  });

  test("noCount (U10)", async () => {
    await using asNull = await start({ noCount: "null" });
    assert.equal((await asNull.client.page(`${members}?no_count=true`)).total_count, null);
    await using ignored = await start({ noCount: "ignored" });
    assert.equal((await ignored.client.page(`${members}?no_count=true`)).total_count, 60);
  });

  test("permissions and membershipUser (U11, U12)", async () => {
    await using run = await start({ permissions: true, membershipUser: "id" });
    const row = (await run.client.page("/sites/11/memberships")).data[0];
    assert.equal(row.permissions["contract:metadata:edit"], true);
    assert.equal(row.user, 1001);
    assert.equal((await run.client.page("/sites/11/memberships?expand=user")).data[0].user.id, 1001);
    await using plain = await start();
    assert.ok(!("permissions" in (await plain.client.page("/sites/11/memberships")).data[0]));
  });

  test("the odd population seeds nulls and absent keys (U13)", async () => {
    await using run = await start({ population: "odd", users: 100 });
    const { data } = await run.client.page(`${members}?per_page=100`);
    assert.ok(data.some((user) => user.name === null) && data.some((user) => !("name" in user)));
  });

  test("pendingUsers and removedUsers (U14)", async () => {
    await using run = await start();
    assert.equal((await run.client.page(members)).total_count, 60);
    assert.equal((await run.client.page(`${members}?filter=verified==false`)).total_count, 3);
    run.sandbox.setModes({ pendingUsers: "absent" });
    assert.equal((await run.client.page(members)).total_count, 57);
    run.sandbox.removeUsers({ ids: [1001] });
    assert.equal((await run.client.page(members)).total_count, 56);
    run.sandbox.setModes({ removedUsers: "listed" });
    assert.equal((await run.client.page(members)).total_count, 57);
    assert.equal((await run.client.page("/sites/11/memberships")).data[0].user.id, 1003);
  });

  test("errorBody (U15)", async () => {
    await using run = await start();
    const body = async (errorBody: "envelope" | "rfc6749" | "html" | "text" | "empty") => {
      run.sandbox.setModes({ errorBody });
      const { status, text, headers } = await run.client.get("/sites/99");
      assert.equal(status, 404);
      return [headers.get("content-type")?.split(";")[0], text] as const;
    };
    assert.deepEqual(Object.keys(JSON.parse((await body("envelope"))[1]).error), ["message", "status", "name", "code"]);
    assert.equal(typeof JSON.parse((await body("rfc6749"))[1]).error, "string");
    assert.match((await body("html")).join(), /^text\/html,<!DOCTYPE/);
    assert.deepEqual(await body("text"), ["text/plain", "Not found."]);
    assert.equal((await body("empty"))[1], "");
  });

  test("rate limits: fixed windows, Retry-After in each form, the code (U16)", async () => {
    let now = Date.UTC(2026, 0, 1);
    await using run = await start({ authenticatedLimit: 2, now: () => now });
    assert.equal((await run.client.get("/sites")).status, 200);
    now += 50_000;
    assert.equal((await run.client.get("/sites")).status, 200);
    const limited = await run.client.get("/sites");
    assert.deepEqual([limited.status, limited.headers.get("retry-after")], [429, "10"]);
    assert.equal(JSON.parse(limited.text).error.code, "placeholder_rate_limit");
    run.sandbox.setModes({ retryAfter: "date", rateLimitCode: null });
    const dated = await run.client.get("/sites");
    assert.equal(dated.headers.get("retry-after"), "Thu, 01 Jan 2026 00:01:00 GMT");
    assert.ok(!("code" in JSON.parse(dated.text).error));
    run.sandbox.setModes({ retryAfter: "absent" });
    assert.equal((await run.client.get("/sites")).headers.get("retry-after"), null);
    assert.equal(run.sandbox.counters().rateLimited, 3);
    now += 10_000;
    assert.equal((await run.client.get("/sites")).status, 200);
    run.sandbox.setModes({ rateLimits: false });
    for (let n = 0; n < 5; n++) assert.equal((await run.client.get("/sites")).status, 200);
  });

  test("requests without a token, and the token call if so set, share the address's quota (U17)", async () => {
    await using run = await start({ unauthenticatedLimit: 2 });
    assert.equal((await run.client.mint()).status, 200);
    assert.equal((await fetch(`${run.sandbox.url}/v1.1/sites`)).status, 401);
    assert.equal((await run.client.mint()).status, 429);
    assert.equal((await fetch(`${run.sandbox.url}/v1.1/sites`)).status, 429);
    const unknown = { headers: { authorization: "Bearer unknown" } };
    assert.equal((await run.client.get("/sites", unknown)).status, 401);
    run.sandbox.setModes({ tokenBucket: false });
    assert.equal((await run.client.mint()).status, 200);
    assert.equal((await run.client.get("/sites", unknown)).status, 401);
    run.sandbox.setModes({ invalidTokenBucket: true });
    assert.equal((await run.client.get("/sites", unknown)).status, 429);
  });

  test("membersRole: forbidden (U18)", async () => {
    await using run = await start({ membersRole: "forbidden" });
    assert.equal((await run.client.get(members)).status, 403);
    assert.equal((await run.client.get("/sites/11/memberships")).status, 200);
    assert.equal((await run.client.patch("/sites/11/memberships/1001", "{}")).status, 403);
  });

  test("extraUserFields (U19), basePath (U20), timeZones (U21), requestIdHeader (U22)", async () => {
    await using run = await start({
      extraUserFields: true,
      basePath: "/eu",
      timeZones: "abbreviation",
      requestIdHeader: "x-pactsafe-request",
    });
    assert.match(run.sandbox.url, /\/eu$/);
    const { text, headers } = await run.client.get(members);
    const [user] = JSON.parse(text).data;
    assert.deepEqual([user.status, typeof user.last_login_time], ["active", "string"]);
    assert.match(user.time_zone, /^[A-Z]{3}$/);
    assert.match(headers.get("x-pactsafe-request") ?? "", /^sandbox-\d+$/);
    run.sandbox.setModes({ requestIdHeader: null, timeZones: "iana", extraUserFields: false });
    const later = await run.client.get(members);
    assert.match(JSON.parse(later.text).data[0].time_zone, /\//);
    assert.equal(later.headers.get("x-pactsafe-request"), null);
    assert.equal((await fetch(`${run.sandbox.url.replace("/eu", "")}/status`)).status, 401);
  });

  test("unknown modes and values are refused by name", () => {
    assert.throws(() => readModes({ tokenEncodng: "any" }), /no mode `tokenEncodng`/);
    assert.throws(() => readModes({ tokenEncoding: "xml" }), /may be: any, form, json/);
    assert.throws(() => readModes({ sites: -1 }), /at least 0/);
    assert.throws(() => readModes({ accounts: 3 }), /1 or 2/);
    assert.throws(() => readModes({ revokeOnMint: "true" }), /true, false/);
    assert.deepEqual(readModes({ tokenLifetime: null, basePath: "/x" }), { tokenLifetime: null, basePath: "/x" });
  });
});
