import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AuditEvent } from "@rollcall/core/contract/access.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import type { CurrentSession, Session } from "@rollcall/core/contract/session.ts";
import { loadConfig } from "@rollcall/server/config/config.ts";
import { affected, one } from "@rollcall/server/postgres/query.ts";
import { dumpTables } from "@rollcall/server/test/dump-tables.ts";
import { startTestServer } from "@rollcall/server/test/start-test-server.ts";
import { browserOf, goodPassword, openBrowser, type TestBrowser } from "@rollcall/server/test/test-browser.ts";

const hour = 3_600_000;

describe("signing in", () => {
  test("gives a session that tells who one is, kept as a hash alone", async () => {
    await using server = await startTestServer();
    await browserOf(server, "integration-manager", "Mia@example.com");
    const browser = openBrowser(server);
    const answer = await signIn(browser, " mia@EXAMPLE.com ");
    assert.equal(answer.status, 200);
    const { body } = await browser.call<CurrentSession>("GET", "/session");
    assert.deepEqual(body, answer.body);
    assert.deepEqual(
      [body.account.email, body.account.hasPassword, body.role],
      ["Mia@example.com", true, "integration-manager"],
    );
    assert.ok(body.permissions.includes("run.start") && !body.permissions.includes("run.approve"));
    const secret = browser.cookie()?.split("=")[1] ?? "";
    assert.equal(secret.length, 43);
    for (const place of [server.log(), await dumpTables(server.database)]) {
      assert.ok(!place.includes(secret) && !place.includes(goodPassword));
    }
  });

  test("sets a cookie that scripts and other sites cannot use, and that needs https when the address has it", async () => {
    await using plain = await startTestServer();
    await browserOf(plain, "viewer");
    const [cookie = ""] = (await signIn(openBrowser(plain), "viewer@example.com")).headers.getSetCookie();
    assert.match(cookie, /^rollcall_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);

    const config = loadConfig({ ROLLCALL_PUBLIC_URL: "https://rollcall.example.com" });
    await using secure = await startTestServer({ parts: { config } });
    await browserOf(secure, "viewer");
    const browser = openBrowser(secure);
    const [safer = ""] = (await signIn(browser, "viewer@example.com")).headers.getSetCookie();
    assert.match(safer, /^__Host-rollcall_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    assert.equal((await browser.call("GET", "/session")).status, 200);
  });

  test("never goes on with a session that was there before", async () => {
    await using server = await startTestServer();
    await browserOf(server, "administrator");
    const attacker = await browserOf(server, "viewer");
    const planted = attacker.cookie();
    const victim = openBrowser(server, planted);
    assert.equal((await signIn(victim, "administrator@example.com")).status, 200);
    assert.notEqual(victim.cookie(), planted);
    assert.equal((await attacker.call("GET", "/session")).status, 401);

    const invented = openBrowser(server, `rollcall_session=${"x".repeat(43)}`);
    await signIn(invented, "administrator@example.com");
    assert.equal((await openBrowser(server, `rollcall_session=${"x".repeat(43)}`).call("GET", "/session")).status, 401);
    assert.equal((await invented.call("GET", "/session")).status, 200);
  });

  test("is refused in the same words whether the account exists, has a password or is disabled", async () => {
    await using server = await startTestServer();
    await browserOf(server, "viewer", "known@example.com");
    await browserOf(server, "viewer", "disabled@example.com");
    await affected(server.database, "update account set status = 'disabled' where email = 'disabled@example.com'");
    await server.api("POST", "/accounts", { email: "invited@example.com", name: "I" });
    const answers = await Promise.all(
      [
        { email: "known@example.com", password: "wrong password" },
        { email: "disabled@example.com", password: goodPassword },
        { email: "invited@example.com", password: goodPassword },
        { email: "unknown@example.com", password: goodPassword },
        { email: "no address", password: goodPassword },
      ].map(async (body) => await server.refused("POST", "/session", body, { token: null })),
    );
    for (const { status, body, headers } of answers) {
      assert.equal(status, 401);
      assert.deepEqual({ ...body, requestId: "" }, { ...answers[0]?.body, requestId: "" });
      assert.equal(headers.getSetCookie().length, 0);
    }
  });

  test("stops guesses from one address, known account or not, and nobody elsewhere", async () => {
    let now = new Date("2031-01-31T12:00:00Z");
    await using server = await startTestServer({ parts: { now: () => now } });
    await browserOf(server, "viewer");
    for (const email of ["viewer@example.com", "unknown@example.com"]) {
      const guesses = await Promise.all(
        Array.from({ length: 11 }, () => server.refused("POST", "/session", { email, password: "a guess" }, noToken)),
      );
      assert.equal(guesses.filter(({ status }) => status === 401).length, 10);
      const [refused] = guesses.filter(({ status }) => status === 429);
      assert.deepEqual([refused?.body.code, refused?.headers.get("retry-after")], ["session.too_many_attempts", "900"]);
    }
    assert.equal((await signIn(openBrowser(server), "viewer@example.com")).status, 429);
    await browserOf(server, "administrator");
    assert.equal((await signIn(openBrowser(server), "administrator@example.com")).status, 200);

    // As if the guesses had come from another address.
    const moveGuesses = "update sign_in_attempt set key = set_byte(key, 0, 255 - get_byte(key, 0))";
    await affected(server.database, moveGuesses);
    assert.equal((await signIn(openBrowser(server), "viewer@example.com")).status, 200);
    await affected(server.database, moveGuesses);
    assert.equal((await signIn(openBrowser(server), "viewer@example.com")).status, 429);
    now = new Date(now.getTime() + hour / 4);
    assert.equal((await signIn(openBrowser(server), "viewer@example.com")).status, 200, "after a quarter of an hour");
  });

  test("forgets failed attempts when it succeeds", async () => {
    await using server = await startTestServer();
    await browserOf(server, "viewer");
    await server.api("POST", "/session", { email: "viewer@example.com", password: "a guess" }, noToken);
    await affected(server.database, "update sign_in_attempt set attempts = 9");
    assert.equal((await signIn(openBrowser(server), "viewer@example.com")).status, 200, "the tenth");
    assert.equal((await one(server.database, "select count(*)::int as n from sign_in_attempt")).n, 0);
  });

  test("and out are in the audit log, failures too, without what was typed", async () => {
    await using server = await startTestServer();
    const viewer = await browserOf(server, "viewer");
    await server.api("POST", "/session", { email: "canary@example.com", password: "canary password" }, noToken);
    await server.api("POST", "/session", { email: "viewer@example.com", password: "canary password" }, noToken);
    await signIn(viewer, "viewer@example.com");
    await viewer.call("DELETE", "/session");
    const { body, text } = await server.api<ListOf<AuditEvent>>("GET", "/audit?limit=4");
    const { id } = await one(server.database, "select id from account where email = 'viewer@example.com'");
    assert.deepEqual(body.data.map(({ action, actorId, targetId }) => [action, actorId, targetId]).toReversed(), [
      ["session.sign_in_failed", null, null],
      ["session.sign_in_failed", null, id],
      ["session.sign_in", id, id],
      ["session.sign_out", id, body.data[0]?.targetId],
    ]);
    assert.equal(body.data[1]?.details.address, "127.0.0.1");
    assert.ok(!text.includes("canary"));
  });

  test("cannot be sent by a form of another site", async () => {
    await using server = await startTestServer();
    await browserOf(server, "viewer");
    const rawBody = JSON.stringify({ email: "viewer@example.com", password: goodPassword });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const { status, headers } = await openBrowser(server).call("POST", "/session", undefined, {
        rawBody,
        headers: { "content-type": type },
      });
      assert.deepEqual([status, headers.getSetCookie().length], [415, 0]);
    }
  });
});

describe("a session", () => {
  test("ends when it was not used for 8 hours, and after 7 days in any case", async () => {
    let now = new Date("2031-01-31T12:00:00Z");
    await using server = await startTestServer({ parts: { now: () => now } });
    const later = (hours: number): void => {
      now = new Date(now.getTime() + hours * hour);
    };
    const idle = await browserOf(server, "viewer", "idle@example.com");
    later(7.9);
    assert.equal((await idle.call("GET", "/session")).status, 200);
    later(8);
    assert.equal((await idle.call("GET", "/session")).status, 401);

    const busy = await browserOf(server, "viewer", "busy@example.com");
    for (let used = 0; used < 23; used++) {
      later(7);
      assert.equal((await busy.call("GET", "/session")).status, 200);
    }
    later(7);
    assert.equal((await busy.call("GET", "/session")).status, 401, "7 days after signing in");
    await signIn(busy, "busy@example.com");
    assert.equal((await one(server.database, "select count(*)::int as n from session")).n, 1, "ended ones are gone");
  });

  test("is listed beside the account's others, and can be ended from there", async () => {
    await using server = await startTestServer();
    const desk = await browserOf(server, "viewer");
    const phone = openBrowser(server);
    await phone.call(
      "POST",
      "/session",
      { email: "viewer@example.com", password: goodPassword },
      { headers: { "user-agent": "Phone" } },
    );
    const stranger = await browserOf(server, "administrator");
    const { body } = await desk.call<ListOf<Session>>("GET", "/session/list");
    assert.deepEqual([body.total, body.data.filter(({ current }) => current).length], [2, 1]);
    const other = body.data.find(({ current }) => !current);
    assert.deepEqual([other?.userAgent, other?.address], ["Phone", "127.0.0.1"]);

    const path = `/session/list/${other?.id}`;
    const foreign = await stranger.call<Problem>("DELETE", path);
    assert.deepEqual([foreign.status, foreign.body.code], [404, "session.not_found"]);
    assert.equal((await phone.call("GET", "/session")).status, 200);
    assert.equal((await desk.call("DELETE", path)).status, 204);
    assert.equal((await phone.call("GET", "/session")).status, 401);
    assert.equal((await desk.call("DELETE", path)).status, 404);
    assert.equal((await desk.call("DELETE", "/session/list/1")).status, 404);
    assert.equal((await desk.call<ListOf<Session>>("GET", "/session/list")).body.total, 1);
  });

  test("is gone after signing out, and the cookie with it", async () => {
    await using server = await startTestServer();
    const browser = await browserOf(server, "viewer");
    const stolen = openBrowser(server, browser.cookie());
    const answer = await browser.call("DELETE", "/session");
    assert.deepEqual([answer.status, browser.cookie()], [204, undefined]);
    assert.equal((await stolen.call("GET", "/session")).status, 401);
  });

  test("ends with its account, and has the role of the moment", async () => {
    await using server = await startTestServer();
    const browser = await browserOf(server, "viewer");
    const { body } = await browser.call<CurrentSession>("GET", "/session");
    const path = `/accounts/${body.account.id}`;
    await server.api("PATCH", path, { role: "integration-manager" });
    assert.equal((await browser.call<CurrentSession>("GET", "/session")).body.role, "integration-manager");
    await server.api("PATCH", path, { status: "disabled" });
    assert.equal((await browser.call("GET", "/session")).status, 401);
    await server.api("PATCH", path, { status: "active" });
    assert.equal((await browser.call("GET", "/session")).status, 401, "enabling brings no session back");
  });

  test("counts less than a token that is sent with it", async () => {
    await using server = await startTestServer();
    const browser = await browserOf(server, "viewer");
    const asToken = await browser.call<CurrentSession>("GET", "/session", undefined, { token: server.token });
    assert.deepEqual([asToken.body.role, asToken.body.csrfToken], ["administrator", null]);
    assert.equal((await browser.call("GET", "/session", undefined, { token: "not-a-token-of-anybody" })).status, 401);
    const headers = { "x-csrf-token": "" };
    const field = { label: "Level", type: "number" };
    assert.equal((await browser.call("POST", "/fields", field, { token: server.token, headers })).status, 201);
    const out = await server.refused("DELETE", "/session");
    assert.deepEqual([out.status, out.body.code], [403, "session.needed"]);
  });
});

const noToken = { token: null };

async function signIn(browser: TestBrowser, email: string): ReturnType<typeof browser.call<CurrentSession>> {
  return await browser.call<CurrentSession>("POST", "/session", { email, password: goodPassword });
}
