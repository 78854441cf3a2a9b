import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ApiToken } from "@rollcall/core/contract/access.ts";
import type { Account } from "@rollcall/core/contract/accounts.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { affected, one } from "@rollcall/server/postgres/query.ts";
import { dumpTables } from "@rollcall/server/test/dump-tables.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { ensureFirstToken } from "./ensure-first-token.ts";

type NewToken = ApiToken & { readonly token: string };

describe("an account", () => {
  test("is created once for an e-mail address, changed and disabled", async () => {
    await using server = await startTestServer();
    const ada = { email: "Ada@Example.com", name: "Ada", role: "integration-manager" };
    const created = await server.api<Account>("POST", "/accounts", ada);
    assert.deepEqual([created.status, created.body.role, created.body.kind], [201, "integration-manager", "person"]);
    const twice = await server.refused("POST", "/accounts", { ...ada, email: "ada@example.com" });
    assert.deepEqual(
      [twice.status, twice.body.code, twice.body.errors[0]?.pointer],
      [409, "account.email_taken", "/email"],
    );

    const path = `/accounts/${created.body.id}`;
    const changed = await server.api<Account>("PATCH", path, { role: "viewer", status: "disabled" });
    assert.deepEqual([changed.body.role, changed.body.status, changed.body.name], ["viewer", "disabled", "Ada"]);
    assert.deepEqual((await server.api("GET", path)).body, changed.body);
    const found = await server.api<ListOf<Account>>("GET", "/accounts?q=example.com");
    assert.deepEqual(found.body.data, [changed.body]);
    assert.equal((await server.refused("PATCH", "/accounts/1", {})).status, 404);
  });

  test("cannot stop being the last administrator, even when two are removed at once", async () => {
    await using server = await startTestServer();
    const own = (await server.api<ListOf<Account>>("GET", "/accounts")).body.data[0];
    const alone = await server.refused("PATCH", `/accounts/${own?.id}`, { role: "viewer" });
    assert.deepEqual([alone.status, alone.body.code], [409, "account.last_administrator"]);
    const second = await server.api<Account>("POST", "/accounts", {
      email: "b@example.com",
      name: "B",
      role: "administrator",
    });
    const third = await server.api<Account>("POST", "/accounts", {
      email: "c@example.com",
      name: "C",
      role: "administrator",
    });
    await affected(server.database, "update account set role = 'viewer' where id = $1", [third.body.id]);
    const both = await Promise.all(
      [own?.id, second.body.id].map((id) => server.api("PATCH", `/accounts/${id}`, { status: "disabled" })),
    );
    const left = await one(
      server.database,
      "select count(*)::int as n from account where role = 'administrator' and status = 'active'",
    );
    assert.equal(left.n, 1);
    assert.equal(both.filter(({ status }) => status === 200).length, 1);
  });

  test("knows its role's permissions", async () => {
    await using server = await startTestServer();
    const { body } = await server.api<ListOf<{ name: string; permissions: string[] }>>("GET", "/roles");
    const permissions = Object.fromEntries(body.data.map((role) => [role.name, role.permissions]));
    assert.ok(permissions.administrator?.includes("run.approve"));
    assert.ok(!permissions["integration-manager"]?.includes("run.approve"));
    assert.ok(permissions["integration-manager"]?.includes("integration.launch"));
    assert.ok(!permissions.viewer?.some((permission) => /\.(start|launch|approve)$/.test(permission)));
  });
});

describe("an API token", () => {
  test("is shown once, works, and is kept as a hash alone", async () => {
    await using server = await startTestServer();
    const { status, body } = await server.api<NewToken>("POST", "/api-tokens", { name: "ci" });
    assert.equal(status, 201);
    assert.match(body.token, /^rc_[\w-]{43}$/);
    assert.equal((await server.api("GET", "/accounts", undefined, { token: body.token })).status, 200);
    const listed = await server.api("GET", "/api-tokens");
    for (const place of [listed.text, server.log(), await dumpTables(server.database)]) {
      assert.ok(!place.includes(body.token) && !place.includes(server.token));
    }
  });

  test("ends when it expires, is revoked, or its account is disabled", async () => {
    let now = new Date("2031-01-31T12:00:00Z");
    await using server = await startTestServer({ parts: { now: () => now } });
    const works = async (token: string): Promise<boolean> =>
      (await server.api("GET", "/fields", undefined, { token })).status === 200;
    const expiring = await newToken(server, { name: "expiring", expiresAt: "2031-01-31T14:00:00+01:00" });
    assert.ok(await works(expiring.token));
    now = new Date("2031-01-31T13:00:00Z");
    assert.ok(!(await works(expiring.token)));

    const revoked = await newToken(server, { name: "revoked" });
    const answer = await server.api<ApiToken>("DELETE", `/api-tokens/${revoked.id}`);
    assert.equal(answer.body.revokedAt, "2031-01-31T13:00:00.000Z");
    assert.ok(!(await works(revoked.token)));

    const viewer = await server.tokenOf("viewer");
    assert.ok(await works(viewer));
    await affected(server.database, "update account set status = 'disabled' where role = 'viewer'");
    assert.ok(!(await works(viewer)));
  });

  test("can do no more than its scopes, its account's role, and who made it", async () => {
    await using server = await startTestServer();
    const narrow = await newToken(server, { name: "narrow", scopes: ["field.read", "api_token.write"] });
    const as = { token: narrow.token };
    assert.equal((await server.api("GET", "/fields", undefined, as)).status, 200);
    const refused = await server.refused("GET", "/accounts", undefined, as);
    assert.deepEqual([refused.status, refused.body.details], [403, { permission: "account.read" }]);
    const wider = await server.refused("POST", "/api-tokens", { name: "wider" }, as);
    assert.deepEqual([wider.status, wider.body.errors[0]?.pointer], [403, "/scopes"]);
    assert.equal((await server.api("POST", "/api-tokens", { name: "same", scopes: ["field.read"] }, as)).status, 201);

    const viewer = { token: await server.tokenOf("viewer") };
    const own = await server.api<NewToken>("POST", "/api-tokens", { name: "own", scopes: ["account.write"] }, viewer);
    const asOwn = { token: own.body.token };
    const attempt = { email: "x@example.com", name: "X", role: "administrator" };
    assert.equal((await server.api("POST", "/accounts", attempt, asOwn)).status, 403);
  });

  test("of somebody else is not found", async () => {
    await using server = await startTestServer();
    const own = await newToken(server, { name: "administrator's" });
    const viewer = { token: await server.tokenOf("viewer") };
    const account = (await server.api<ListOf<Account>>("GET", "/accounts")).body.data.find(
      ({ kind }) => kind === "service",
    );
    assert.equal((await server.refused("DELETE", `/api-tokens/${own.id}`, undefined, viewer)).status, 404);
    const forOther = await server.refused("POST", "/api-tokens", { name: "x", accountId: account?.id }, viewer);
    assert.deepEqual([forOther.status, forOther.body.code], [404, "account.not_found"]);
    const visible = await server.api<ListOf<ApiToken>>("GET", "/api-tokens", undefined, viewer);
    assert.equal(visible.body.total, 1);
    assert.equal((await server.api<ListOf<ApiToken>>("GET", "/api-tokens")).body.total, 3);
  });

  test("from the environment is made once, by whichever process is first, and stays revoked", async () => {
    await using server = await startTestServer();
    const token = "x".repeat(32);
    await Promise.all([1, 2, 3].map(() => ensureFirstToken(server.database, token)));
    const { body } = await server.api<ListOf<ApiToken>>("GET", "/api-tokens?sort=createdAt");
    assert.equal(body.total, 2);
    assert.equal((await server.api("GET", "/audit", undefined, { token })).status, 200);
    await server.api("DELETE", `/api-tokens/${body.data[1]?.id}`);
    await ensureFirstToken(server.database, token);
    assert.equal((await server.api("GET", "/audit", undefined, { token })).status, 401);
    await assert.rejects(ensureFirstToken(server.database, "short"), { code: "config.invalid" });
  });

  test("is refused with a pointer when asked for wrongly", async () => {
    await using server = await startTestServer();
    for (const [body, pointer] of [
      [{ name: "t", scopes: ["everything"] }, "/scopes/0"],
      [{ name: "t", scopes: [] }, "/scopes"],
      [{ name: "t", expiresAt: "tomorrow" }, "/expiresAt"],
      [{ name: "t", expiresAt: "0000-01-01T00:00:00Z" }, "/expiresAt"],
      [{ name: "t", accountId: "me" }, "/accountId"],
    ] as const) {
      const answer = await server.refused("POST", "/api-tokens", body);
      assert.deepEqual([answer.status, answer.body.errors[0]?.pointer], [400, pointer]);
    }
  });
});

async function newToken(server: TestServer, body: object): Promise<NewToken> {
  return (await server.api<NewToken>("POST", "/api-tokens", body)).body;
}
