import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Permission } from "@rollcall/core/contract/access.ts";
import { permissions, rolePermissions } from "@rollcall/core/contract/access.ts";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import { startTestServer } from "@rollcall/server/test/start-test-server.ts";
import { browserOf } from "@rollcall/server/test/test-browser.ts";

const publicRoutes = [
  "GET /",
  "GET /api/v1/openapi.json",
  "GET /health/live",
  "GET /health/ready",
  "POST /api/v1/invitation",
  "POST /api/v1/runner/enroll",
  "POST /api/v1/session",
  "POST /api/v1/start",
];

describe("every route", () => {
  test("G26 asks for a token or a session, except the few that are open", async () => {
    await using server = await startTestServer();
    const open: string[] = [];
    for (const { method, url, permission } of server.routeTable) {
      const { status, body, headers } = await server.refused(method, addressOf(url), undefined, { token: null });
      if (permission === "public") {
        open.push(`${method} ${url}`);
        assert.equal(status, method === "GET" ? 200 : 400, url);
      } else {
        assert.equal(status, 401, `${method} ${url}`);
        assert.equal(body.code, "access.unauthenticated");
        assert.match(headers.get("www-authenticate") ?? "", /^Bearer/);
        assert.ok(
          permission === "runner" || permissions.includes(permission as Permission),
          `${permission} is a permission`,
        );
      }
    }
    assert.deepEqual(open.sort(), publicRoutes);
  });

  test("G26 is closed to a role without its permission, with a token and in a browser", async () => {
    await using server = await startTestServer();
    const token = await server.tokenOf("viewer");
    const browser = await browserOf(server, "viewer");
    let closed = 0;
    for (const { method, url, permission } of server.routeTable) {
      const allowed = permission === "public" || rolePermissions.viewer.includes(permission as Permission);
      if (!allowed) {
        for (const { status, body } of [
          await server.refused(method, addressOf(url), undefined, { token }),
          await browser.call<Problem>(method, addressOf(url)),
        ]) {
          assert.equal(status, 403, `${method} ${url}`);
          assert.equal(body.code, "access.forbidden");
        }
        closed += 1;
      }
    }
    assert.ok(closed > 5);
  });

  test("G26 that writes is closed to a browser without its session's token, even an administrator's", async () => {
    await using server = await startTestServer();
    const browser = await browserOf(server, "administrator");
    const other = await browserOf(server, "viewer");
    for (const { method, url } of server.routeTable.filter(
      ({ method, permission }) => method !== "GET" && permission !== "public",
    )) {
      for (const forged of ["", "x", other.csrfToken() ?? ""]) {
        const headers = { "x-csrf-token": forged };
        const { status, body } = await browser.call<Problem>(method, addressOf(url), undefined, { headers });
        assert.deepEqual([status, body.code], [403, "session.csrf"], `${method} ${url}`);
      }
    }
    assert.equal((await browser.call("GET", "/session")).status, 200);
    assert.equal((await browser.call("POST", "/fields", { label: "Level", type: "number" })).status, 201);
  });

  test("names an audit action when it writes", async () => {
    await using server = await startTestServer();
    for (const { method, url, audit } of server.routeTable) {
      assert.equal(audit !== "none", method !== "GET" && !auditedElsewhere.has(`${method} ${url}`), `${method} ${url}`);
    }
  });
});

/** Routes that write nothing although they are no GET, or only what their caller has seen. */
const auditedElsewhere: ReadonlySet<string> = new Set([
  "POST /api/v1/integrations/:id/preview-mapping",
  "POST /api/v1/notifications/:id/read",
  "POST /api/v1/notifications/read-all",
  // What a runner reads goes into the stage of its run, whose plan is history when it is applied.
  "POST /api/v1/runner/work",
  "POST /api/v1/runner/runs/:id/uploads",
  "POST /api/v1/runner/runs/:id/beat",
  "POST /api/v1/runner/runs/:id/restart-joins",
  "POST /api/v1/runner/runs/:id/end",
]);

describe("a request that cannot be read", () => {
  test("is refused with a problem document", async () => {
    await using server = await startTestServer();
    const cases = [
      { rawBody: '{"email":', code: "request.malformed_json", status: 400 },
      { rawBody: '{"__proto__":{"role":"administrator"}}', code: "request.malformed_json", status: 400 },
      { rawBody: "null", code: "request.invalid", status: 400 },
      { rawBody: "", code: "request.invalid", status: 400 },
      { rawBody: "[]", code: "request.invalid", status: 400 },
      { rawBody: '"x"', code: "request.invalid", status: 400 },
      { rawBody: new Uint8Array(10 * 1024 * 1024).fill(97), code: "request.too_large", status: 413 },
      {
        rawBody: "a=b",
        headers: { "content-type": "text/plain" },
        code: "request.unsupported_media_type",
        status: 415,
      },
    ];
    for (const { code, status, ...call } of cases) {
      const answer = await server.refused("POST", "/accounts", undefined, call);
      assert.equal(answer.status, status, code);
      assert.equal(answer.body.code, code);
      assert.match(answer.headers.get("content-type") ?? "", /^application\/problem\+json/);
      assert.equal(answer.body.requestId, answer.headers.get("x-request-id"));
      assert.ok(answer.body.nextStep.length > 0 && answer.body.title.length > 0);
    }
  });

  test("is explained field by field", async () => {
    await using server = await startTestServer();
    const { status, body } = await server.refused("POST", "/accounts", {
      emial: "a@example.com",
      name: 7,
      role: "king",
    });
    assert.equal(status, 400);
    assert.deepEqual(Object.fromEntries(body.errors.map(({ pointer, message }) => [pointer, message])), {
      "/email": "is required",
      "/name": "must be text",
      "/role": "must be one of administrator, integration-manager, viewer",
      "/emial": "is not known here; did you mean email?",
    });
  });

  test("is refused when it holds text that cannot be stored", async () => {
    await using server = await startTestServer();
    for (const name of ["a\u0000b", "a\ud800b"]) {
      const { status, body } = await server.refused("POST", "/accounts", { email: "a@example.com", name });
      assert.deepEqual([status, body.errors[0]?.pointer], [400, "/name"]);
    }
    assert.equal((await server.api("GET", "/accounts?q=%00")).status, 400);
  });

  test("finds nothing under addresses that are none", async () => {
    await using server = await startTestServer();
    for (const path of [
      "/nothing",
      "/accounts/17",
      "/accounts/not-a-uuid",
      "/accounts/%00",
      `/accounts/${"x".repeat(300)}`,
      "/accounts/00000000-0000-0000-0000-000000000000",
    ]) {
      const { status, body } = await server.refused("GET", path);
      assert.equal(status, 404, path);
      assert.match(body.code, /not_found$/);
    }
    assert.equal((await server.refused("GET", "/accounts/%E0%A4%A")).body.code, "request.malformed");
  });
});

describe("the server", () => {
  test("limits requests from one address", async () => {
    await using server = await startTestServer({ app: { requestsPerMinute: 3 } });
    const calls = await Promise.all([1, 2, 3, 4].map(() => server.refused("GET", "/accounts")));
    const refused = calls.filter(({ status }) => status === 429);
    assert.equal(refused.length, 1);
    assert.equal(refused[0]?.body.code, "request.rate_limited");
    assert.ok(Number(refused[0]?.headers.get("retry-after")) > 0);
  });

  test("slows down guessing of tokens without locking out who has one", async () => {
    await using server = await startTestServer({ app: { failedSignInsPerMinute: 2 } });
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt++) {
      const guess = await server.api("GET", "/accounts", undefined, { token: "a-token-that-is-not-ours" });
      statuses.push(guess.status);
      assert.equal(Number(guess.headers.get("retry-after")) > 0, guess.status === 429);
    }
    assert.deepEqual(statuses, [401, 401, 429, 429]);
    assert.equal((await server.api("GET", "/accounts")).status, 200);
  });

  test("forbids inline scripts and frames", async () => {
    await using server = await startTestServer();
    const { headers, text, status } = await server.api("GET", "/");
    const policy = headers.get("content-security-policy") ?? "";
    assert.equal(status, 200);
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.ok(!/script[^;]*unsafe|unsafe-eval/.test(policy));
    assert.ok(!text.includes("<script"));
    assert.match(text, /no console/);
  });

  test("says whether the database answers", async () => {
    await using server = await startTestServer();
    assert.deepEqual((await server.api("GET", "/health/ready")).body, { status: "ok" });
    await server.database.close();
    assert.equal((await server.api("GET", "/health/live")).status, 200);
    const { status, body } = await server.refused("GET", "/health/ready");
    assert.ok(status >= 500);
    assert.ok(!JSON.stringify(body).includes("pool"));
  });

  test("describes every call in its OpenAPI 3.1 document", async () => {
    await using server = await startTestServer();
    const { body } = await server.api<OpenapiDocument>("GET", "/openapi.json");
    assert.match(body.openapi, /^3\.1/);
    for (const { method, url } of server.routeTable.filter((route) => route.url.startsWith("/api/v1"))) {
      if (url === "/api/v1/openapi.json") {
        continue;
      }
      const path = url.replace(/:(\w+)/g, "{$1}");
      assert.ok(body.paths[path]?.[method.toLowerCase()], `${method} ${path}`);
    }
  });

  test("logs neither tokens nor bodies nor queries", async () => {
    await using server = await startTestServer();
    await server.api("POST", "/accounts", { email: "canary-body@example.com", name: "canary-body" });
    await server.api("GET", "/accounts?q=canary-query");
    await server.api("GET", "/accounts", undefined, { token: "canary-token-canary-token" });
    await server.api("GET", "/accounts?sort=canary-sort");
    assert.match(server.log(), /"path":"\/api\/v1\/accounts"/);
    assert.ok(!server.log().includes("canary"));
    assert.ok(!server.log().includes(server.token));
  });
});

type OpenapiDocument = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

function addressOf(url: string): string {
  return url.replace(/:\w+/g, "1");
}
