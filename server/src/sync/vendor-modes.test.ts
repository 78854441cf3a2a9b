import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { IroncladSandboxOptions } from "@rollcall/sandbox/start-ironclad-sandbox.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, countsOf, users, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";

type Sandbox = Omit<IroncladSandboxOptions, "users">;

/** Readings of the documentation under which a run has to be complete without a setting, or with the one given. */
const readings: readonly (readonly [name: string, sandbox: Sandbox, inputs?: Readonly<Record<string, unknown>>])[] = [
  ["U1 the token request is a form only", { tokenEncoding: "form" }],
  ["U1 the token request is JSON only", { tokenEncoding: "json" }, { tokenEncoding: "json" }],
  ["U1 the pair stands in HTTP Basic only", { clientAuth: "basic" }, { clientAuthentication: "basic" }],
  ["U1 the pair stands in the body only", { clientAuth: "body" }],
  ["U2 tokens that last for three seconds", { tokenLifetime: 3 }],
  ["U2 tokens that do not tell how long they last", { tokenLifetime: 3600, expiresIn: false }],
  ["U2 a refresh token beside the token", { refreshToken: true }],
  ["U2 no token_type", { tokenType: null }],
  ["U2 token_type in lower case", { tokenType: "bearer" }],
  ["U3 a new token does not end the older", { revokeOnMint: false }],
  ["U5 two accounts", { accounts: 2 }],
  ["U5 two accounts with four sites", { accounts: 2, sites: 4 }],
  ["U5 deleted and disabled sites", { deletedSites: 2, disabledSites: 2 }],
  ["U6 the inferred calls do not exist", { inferredCalls: "absent" }],
  ["U7 per_page beyond the cap is clamped", { maxPageSize: 7 }, { perPage: 50 }],
  ["U7 per_page beyond the cap is honoured", { maxPageSize: 7, overPageSize: "honour" }, { perPage: 50 }],
  ["U8 a page past the end is 404", { pastEnd: "404" }],
  ["U8 a page past the end repeats the last", { pastEnd: "repeat-last" }],
  ["U8 the newest first", { defaultOrder: "id-descending" }],
  ["U8 no order at all", { defaultOrder: "shuffled" }],
  ["U9 sort is refused", { sortSyntax: "refused" }],
  ["U10 no_count is ignored", { noCount: "ignored" }],
  ["U11 permissions in memberships", { permissions: true }],
  ["U12 bare user ids in memberships", { membershipUser: "id" }],
  ["U14 invited people are not listed", { pendingUsers: "absent" }],
  ["U17 unknown tokens draw from the small quota", { invalidTokenBucket: true }],
  ["U19 undocumented fields", { extraUserFields: true }],
  ["U20 a path in front of everything", { basePath: "/eu" }],
  ["U21 time zones as abbreviations", { timeZones: "abbreviation" }],
  ["U22 no request id", { requestIdHeader: null }],
];

describe("every reading of the vendor's documentation", { concurrency: 4 }, () => {
  let rollcall: TestRollcall;
  before(async () => {
    rollcall = await startTestRollcall();
  });
  after(() => rollcall[Symbol.asyncDispose]());

  for (const [name, sandbox, inputs] of readings) {
    test(`${name}: everybody arrives, whoever has left is deactivated, and nothing else`, async () => {
      await using vendor = await read(name, sandbox, inputs);
      const first = await vendor.run();
      assert.equal(first.status, "completed", JSON.stringify([first.error, first.coverage]));
      assert.deepEqual(countsOf(first), { fetched: 20, created: 20 });
      for (const known of Object.values(await vendor.known())) assert.equal(known.role, "member");
      vendor.sandbox.removeUsers({ ids: [7] });
      const second = await vendor.run();
      assert.deepEqual(
        countsOf(second),
        { fetched: 19, unchanged: 19, deactivated: 1 },
        JSON.stringify(second.coverage),
      );
    });
  }

  test("U5 several site roles: the highest, or all; the site roles always, in the same order whatever the vendor's", async () => {
    const memberships = [
      { site: 11, role: "member" },
      { site: 12, role: "owner" },
      { site: 13, role: "admin" },
    ];
    const { user } = aUser("roles.example", 1);
    await using vendor = await aVendor(rollcall, {
      users: [{ user, memberships }, ...users("roles.example", 6).slice(1)],
      sandbox: { sites: 3 },
    });
    await vendor.run();
    assert.equal((await vendor.known())[1]?.role, "owner");
    vendor.sandbox.setModes({ defaultOrder: "shuffled", membershipUser: "id" });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 6, unchanged: 6 });
    await vendor.set({ inputs: { roleRule: "list" } });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 6, unchanged: 5, updated: 1 });
    assert.equal((await vendor.known())[1]?.role, "owner, admin, member");
    vendor.sandbox.setMembership(12, 1, undefined);
    vendor.sandbox.setMembership(11, 2, undefined);
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 6, unchanged: 4, updated: 2 });
    assert.deepEqual([(await vendor.known())[1]?.role, (await vendor.known())[2]?.role], ["admin, member", null]);
    assert.equal((await vendor.known())[2]?.saas, "active", "no role is not absence");
  });

  test("U8 rows that move with every request are seen, and nobody is deactivated", async () => {
    await using vendor = await read("unstable", {}, { perPage: 6 });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [3] });
    vendor.sandbox.setModes({ defaultOrder: "unstable" });
    const run = await vendor.run();
    assert.equal(run.status, "incomplete");
    assert.equal(run.counts.deactivated, 0);
    assert.ok(run.counts.withheld >= 1);
  });

  test("U5 no site at all is a gap that says so, and deactivates nobody; with the account's number it works", async () => {
    await using vendor = await read("sites", {});
    await vendor.run();
    vendor.sandbox.setModes({ sites: 0 });
    vendor.sandbox.removeUsers({ ids: [3] });
    const run = await vendor.run();
    assert.equal(run.status, "incomplete");
    assert.ok(run.coverage?.gaps.some(({ code }) => code === "account.none_found"));
    assert.deepEqual(countsOf(run), { withheld: 20 });
    await vendor.set({ mode: "user-only", inputs: { accountId: 501 } });
    assert.equal((await vendor.run()).counts.deactivated, 1);
  });

  test("U5 the sites of the integration bound what is read; one that is not visible is a gap", async () => {
    await using vendor = await read("some-sites", { sites: 3 }, { sites: [11, 12] });
    const first = await vendor.run();
    assert.equal(first.status, "completed", JSON.stringify(first.coverage));
    const paths = vendor.sandbox.requests().flatMap(({ call, path }) => (call === "memberships" ? [path] : []));
    assert.deepEqual([...new Set(paths)].sort(), ["/v1.1/sites/11/memberships", "/v1.1/sites/12/memberships"]);
    vendor.sandbox.removeUsers({ ids: [3] });
    vendor.sandbox.setModes({ visibleSites: 1 });
    const run = await vendor.run();
    assert.equal(run.status, "incomplete");
    assert.ok(
      run.coverage?.gaps.some(({ code }) => code === "parent.unreadable"),
      JSON.stringify(run.coverage),
    );
    assert.equal(run.counts.deactivated, 0);
  });

  test("U5 a named site that is gone is a gap also where no role is read", async () => {
    await using vendor = await read("people-of-sites", { accounts: 2, sites: 2 }, { sites: [11, 12] });
    await vendor.set({ mode: "user-only" });
    const first = await vendor.run();
    assert.equal(first.status, "completed", JSON.stringify(first.coverage));
    vendor.sandbox.setModes({ visibleSites: 1 });
    const run = await vendor.run();
    assert.equal(run.status, "incomplete", JSON.stringify(run.counts));
    assert.ok(run.coverage?.gaps.some(({ code }) => code === "parent.unreadable"));
    assert.equal(run.counts.deactivated, 0);
  });

  test("U7 per_page beyond the cap is a 400: the run fails with what to do, and deactivates nobody", async () => {
    await using vendor = await read("too-large", {});
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [3] });
    vendor.sandbox.setModes({ overPageSize: "400", maxPageSize: 50 });
    const run = await vendor.run();
    assert.deepEqual([run.status, run.error?.code], ["failed", "vendor.bad_request"]);
    assert.match(run.error?.nextStep ?? "", /page size/);
    assert.equal((await vendor.known())[3]?.person, "active");
  });

  test("U10 without totals the pages alone prove the end", async () => {
    await using vendor = await read("no-total", {}, { perPage: 6 });
    await vendor.run();
    vendor.sandbox.addFaults([
      { call: "members", count: "always", fault: { kind: "total", value: null } },
      { call: "memberships", count: "always", fault: { kind: "total", value: null } },
    ]);
    vendor.sandbox.removeUsers({ ids: [3] });
    const run = await vendor.run();
    assert.equal(run.status, "completed", JSON.stringify(run.coverage));
    assert.deepEqual(countsOf(run), { fetched: 19, unchanged: 19, deactivated: 1 });
    // A short page is then the only sign that rows are missing.
    vendor.sandbox.clearFaults();
    vendor.sandbox.addFaults([
      {
        call: "members",
        page: 2,
        fault: [
          { kind: "total", value: null },
          { kind: "short-page", drop: 2 },
        ],
      },
      { call: "members", count: "always", fault: { kind: "total", value: null } },
    ]);
    const short = await vendor.run();
    assert.equal(short.status, "incomplete");
    assert.equal(short.counts.deactivated, 0);
  });

  test("U14 removed people who are still listed are still there", async () => {
    await using vendor = await read("still-listed", { removedUsers: "listed" });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [3] });
    const run = await vendor.run();
    assert.deepEqual(countsOf(run), { fetched: 20, unchanged: 19, updated: 1 });
    assert.deepEqual([(await vendor.known())[3]?.person, (await vendor.known())[3]?.role], ["active", null]);
  });

  for (const badCredential of ["401-envelope", "401-rfc6749", "400-rfc6749"] as const) {
    test(`U4 a wrong pair answered with ${badCredential} is an unauthorized credential`, async () => {
      await using vendor = await read(badCredential, { badCredential });
      await vendor.run();
      vendor.sandbox.setCredentials({ clientId: vendor.sandbox.clientId, clientSecret: "changed" });
      vendor.sandbox.removeUsers({ ids: [3] });
      vendor.sandbox.resetCounters();
      const run = await vendor.run();
      assert.deepEqual([run.status, run.error?.code], ["failed", "vendor.unauthorized"]);
      assert.equal((await vendor.known())[3]?.person, "active");
      assert.equal(vendor.sandbox.counters().refusedMints, 1, "D19 a refused credential is tried once");
    });
  }

  for (const errorBody of ["envelope", "rfc6749", "html", "text", "empty"] as const) {
    test(`U15 U18 a member's token with errors in ${errorBody}: forbidden, named, and nobody is deactivated`, async () => {
      await using vendor = await read(`forbidden-${errorBody}`, { errorBody });
      await vendor.run();
      vendor.sandbox.setModes({ membersRole: "forbidden" });
      vendor.sandbox.removeUsers({ ids: [3] });
      const run = await vendor.run();
      assert.deepEqual([run.status, run.error?.code], ["failed", "vendor.forbidden"]);
      assert.match(run.error?.message ?? "", /members of 501.*page 1/);
      assert.equal((await vendor.known())[3]?.person, "active");
    });
  }

  for (const retryAfter of ["seconds", "date"] as const) {
    test(`D17 a rate limit with Retry-After in ${retryAfter} is waited for`, async () => {
      await using vendor = await read(
        `limited-${retryAfter}`,
        { authenticatedLimit: 8, rateWindowMs: 15_000, retryAfter, rateLimitCode: null },
        { perPage: 4 },
      );
      await vendor.run();
      vendor.sandbox.setModes({ rateLimits: true });
      const run = await vendor.run();
      assert.ok(vendor.sandbox.counters().rateLimited > 0);
      assert.equal(run.status, "completed", JSON.stringify([run.error, run.coverage]));
      assert.deepEqual(countsOf(run), { fetched: 20, unchanged: 20 });
    });
  }

  test("D19 a token that is refused in the middle is minted anew once, and the run goes on", async () => {
    await using vendor = await read("revoked", {}, { perPage: 5 });
    vendor.sandbox.addFaults([{ call: "members", page: 3, fault: { kind: "revoke-tokens" } }]);
    const run = await vendor.run();
    assert.equal(run.status, "completed");
    assert.equal(vendor.sandbox.counters().mints, 2);
    assert.equal(vendor.sandbox.counters().maxConcurrentMints, 1);
  });

  test("D19 a token that is refused again and again ends the run after one new token", async () => {
    await using vendor = await read("always-refused", {}, { perPage: 5 });
    await vendor.run();
    vendor.sandbox.resetCounters();
    vendor.sandbox.addFaults([{ call: "members", count: "always", fault: { kind: "status", status: 401 } }]);
    const run = await vendor.run();
    assert.deepEqual([run.status, run.error?.code], ["failed", "vendor.unauthorized"]);
    assert.equal(vendor.sandbox.counters().mints, 1);
  });

  test("D20 100 needs at once for one credential's token: one mint, and no token is ended for another", async () => {
    const { sandbox } = rollcall;
    sandbox.setModes({ tokenLatencyMs: 50 });
    sandbox.setPopulation({ users: 3, population: "plain", seed: 1 });
    const first = await rollcall.launch({ mode: "user-only", name: "Shared 0" });
    const drafts = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        must(
          rollcall.api<{ id: string }>("POST", "/integrations", {
            name: `Shared ${index + 1}`,
            connector: "ironclad-clickwrap",
            credentialId: first.credentialId,
            inputs: { baseUrl: sandbox.url },
            schedule: { kind: "manual" },
          }),
        ),
      ),
    );
    await rollcall.database.query("delete from credential_token where credential_id = $1", [first.credentialId]);
    sandbox.revokeTokens();
    sandbox.resetCounters();
    // Each launch tests the connection.
    await Promise.all(drafts.map(({ id }) => must(rollcall.api("POST", `/integrations/${id}/launch`))));
    const once = { mints: 1, refusedMints: 0, maxConcurrentMints: 1, refused: undefined };
    assert.deepEqual(minted(), once);

    const runs = await Promise.all(drafts.slice(0, 24).map(({ id }) => rollcall.run(id)));
    for (const run of runs) assert.equal(run.status, "completed", JSON.stringify([run.error, run.coverage]));
    assert.deepEqual(minted(), once);

    function minted() {
      const { mints, refusedMints, maxConcurrentMints, byStatus } = sandbox.counters();
      return { mints, refusedMints, maxConcurrentMints, refused: byStatus["401"] };
    }
  });

  async function read(
    name: string,
    sandbox: Sandbox,
    inputs: Readonly<Record<string, unknown>> = {},
  ): Promise<VendorWorld> {
    const domain = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.example`;
    const accounts = sandbox.accounts ?? 1;
    const population = users(domain, 20).map((entry, index) =>
      accounts === 1
        ? entry
        : { ...entry, account: 501 + (index % 2), memberships: [{ site: 11 + (index % 2), role: "member" }] },
    );
    return await aVendor(rollcall, { users: population, sandbox, settings: { inputs } });
  }
});
