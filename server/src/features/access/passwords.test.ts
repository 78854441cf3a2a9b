import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { InvitedAccount } from "@rollcall/core/contract/accounts.ts";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import type { CurrentSession } from "@rollcall/core/contract/session.ts";
import { affected, one } from "@rollcall/server/postgres/query.ts";
import { dumpTables } from "@rollcall/server/test/dump-tables.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { browserOf, goodPassword, openBrowser, secretOf, startToken } from "@rollcall/server/test/test-browser.ts";
import { ensureStartLink } from "./start-link.ts";

const ada = { email: "ada@example.com", name: "Ada", password: goodPassword };

describe("the start link", () => {
  test("makes the administrator once and signs in", async () => {
    await using server = await startTestServer();
    const link = await ensureStartLink(server.database, "https://rollcall.example.com", new Date());
    assert.match(link ?? "", /^https:\/\/rollcall\.example\.com\/start#[\w-]{43}$/);
    const token = secretOf(link ?? "");
    assert.ok(!(await dumpTables(server.database)).includes(token));

    const browser = openBrowser(server);
    const started = await browser.call<CurrentSession>("POST", "/start", { token, ...ada });
    assert.deepEqual([started.status, started.body.role, started.body.account.name], [201, "administrator", "Ada"]);
    assert.equal((await browser.call("GET", "/audit")).status, 200);
    const again = await openBrowser(server).call<Problem>("POST", "/start", { token, ...ada, email: "b@example.com" });
    assert.deepEqual([again.status, again.body.code], [403, "link.invalid"]);
    assert.equal(await ensureStartLink(server.database, "", new Date()), null);
  });

  test("works for one of two who use it at the same moment", async () => {
    await using server = await startTestServer();
    const token = await startToken(server);
    const both = await Promise.all(
      ["a@example.com", "b@example.com"].map((email) =>
        openBrowser(server).call("POST", "/start", { token, ...ada, email }),
      ),
    );
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 403]);
    assert.equal((await one(server.database, "select count(*)::int as n from password")).n, 1);
  });

  test("is replaced at the next start, expires after a day, and is not burnt by a refusal", async () => {
    let now = new Date("2031-01-31T12:00:00Z");
    await using server = await startTestServer({ parts: { now: () => now } });
    const start = async (token: string, change = {}): Promise<string> =>
      (await openBrowser(server).call<Problem>("POST", "/start", { token, ...ada, ...change })).body.code;
    const first = await startToken(server);
    const second = await startToken(server);
    assert.equal(await start(first), "link.invalid");
    assert.equal(await start(second, { password: "short" }), "request.invalid");
    await server.api("POST", "/accounts", { email: "taken@example.com", name: "T" });
    assert.equal(await start(second, { email: "taken@example.com" }), "account.email_taken");
    now = new Date("2031-02-01T12:00:00Z");
    assert.equal(await start(second), "link.invalid");
    assert.equal(await start(await startToken(server)), undefined);
  });

  test("stops working when somebody gets a password another way", async () => {
    await using server = await startTestServer();
    const token = await startToken(server);
    await browserOf(server, "viewer");
    const late = await openBrowser(server).call<Problem>("POST", "/start", { token, ...ada });
    assert.equal(late.body.code, "link.invalid");
  });

  test("is not an invitation, nor the other way round", async () => {
    await using server = await startTestServer();
    const token = await startToken(server);
    const invitation = secretOf((await invite(server)).inviteLink);
    const accept = await openBrowser(server).call("POST", "/invitation", { token, password: goodPassword });
    const start = await openBrowser(server).call("POST", "/start", { token: invitation, ...ada });
    assert.deepEqual([accept.status, start.status], [403, 403]);
  });
});

describe("an invitation", () => {
  test("lets the account choose its password, once", async () => {
    await using server = await startTestServer();
    const account = await invite(server);
    assert.match(account.inviteLink, /^http:\/\/localhost:4600\/invitation#[\w-]{43}$/);
    assert.equal(account.hasPassword, false);
    const token = secretOf(account.inviteLink);
    const browser = openBrowser(server);
    const accepted = await browser.call<CurrentSession>("POST", "/invitation", { token, password: goodPassword });
    assert.deepEqual([accepted.body.account.id, accepted.body.account.hasPassword], [account.id, true]);
    assert.equal(
      (await openBrowser(server).call("POST", "/invitation", { token, password: goodPassword })).status,
      403,
    );
    const listed = await server.api("GET", "/accounts");
    assert.ok(!listed.text.includes("inviteLink"));
    assert.ok(![server.log(), await dumpTables(server.database)].some((place) => place.includes(token)));
  });

  test("can be made again, which ends the one before and, when used, the sessions", async () => {
    await using server = await startTestServer();
    const browser = await browserOf(server, "viewer");
    const { body } = await browser.call<CurrentSession>("GET", "/session");
    const again = async (): Promise<string> =>
      secretOf((await server.api<InvitedAccount>("POST", `/accounts/${body.account.id}/invite`)).body.inviteLink);
    const [first, second] = [await again(), await again()];
    assert.equal(
      (await openBrowser(server).call("POST", "/invitation", { token: first, password: "new password 1" })).status,
      403,
    );
    assert.equal((await browser.call("GET", "/session")).status, 200, "a link alone changes nothing");
    assert.equal(
      (await openBrowser(server).call("POST", "/invitation", { token: second, password: "new password 1" })).status,
      200,
    );
    assert.equal((await browser.call("GET", "/session")).status, 401);
    assert.equal(await signInStatus(server, "viewer@example.com", goodPassword), 401);
    assert.equal(await signInStatus(server, "viewer@example.com", "new password 1"), 200);
  });

  test("expires after three days, and with the account", async () => {
    let now = new Date("2031-01-31T12:00:00Z");
    await using server = await startTestServer({ parts: { now: () => now } });
    const account = await invite(server);
    const accept = async (): Promise<number> =>
      (
        await openBrowser(server).call("POST", "/invitation", {
          token: secretOf(account.inviteLink),
          password: goodPassword,
        })
      ).status;
    await server.api("PATCH", `/accounts/${account.id}`, { status: "disabled" });
    assert.equal(await accept(), 403);
    await server.api("PATCH", `/accounts/${account.id}`, { status: "active" });
    now = new Date("2031-02-03T12:00:00Z");
    assert.equal(await accept(), 403);
  });

  test("is for people, and made by who may change accounts", async () => {
    await using server = await startTestServer();
    const { id } = await one(server.database, "select id from account where kind = 'service'");
    const service = await server.refused("POST", `/accounts/${id}/invite`);
    assert.deepEqual([service.status, service.body.code], [409, "account.not_a_person"]);
    assert.equal((await server.refused("POST", "/accounts/1/invite")).body.code, "account.not_found");
    const manager = await browserOf(server, "integration-manager");
    assert.equal((await manager.call("POST", `/accounts/${id}/invite`)).status, 403);
  });
});

describe("a password", () => {
  test("is long, not the e-mail address, and not one character again and again", async () => {
    await using server = await startTestServer();
    const token = secretOf((await invite(server, "long.address@example.com")).inviteLink);
    for (const password of ["elevenchars", "", "x".repeat(257), "Long.Address@Example.com", "aaaaaaaaaaaaa", 7, null]) {
      const { status, body } = await openBrowser(server).call<Problem>("POST", "/invitation", { token, password });
      assert.deepEqual([status, body.errors[0]?.pointer], [400, "/password"], String(password));
    }
    assert.equal(
      (await openBrowser(server).call("POST", "/invitation", { token, password: "twelve chars" })).status,
      200,
    );
  });

  test("can be changed by who knows it, which ends all other sessions", async () => {
    await using server = await startTestServer();
    const desk = await browserOf(server, "viewer");
    const phone = openBrowser(server);
    await phone.call("POST", "/session", { email: "viewer@example.com", password: goodPassword });
    const before = desk.cookie();
    const wrong = await desk.call<Problem>("POST", "/session/password", {
      currentPassword: "not my password",
      newPassword: "another password",
    });
    assert.deepEqual([wrong.status, wrong.body.errors[0]?.pointer], [400, "/currentPassword"]);
    const own = await desk.call<Problem>("POST", "/session/password", {
      currentPassword: goodPassword,
      newPassword: "viewer@example.com",
    });
    assert.equal(own.body.errors[0]?.pointer, "/newPassword");
    const change = { currentPassword: goodPassword, newPassword: "another password" };
    const changed = await desk.call<CurrentSession>("POST", "/session/password", change);
    assert.equal(changed.status, 200);
    assert.notEqual(desk.cookie(), before);
    assert.equal((await desk.call("POST", "/session/password", { ...change, newPassword: "x" })).status, 400);
    assert.equal((await desk.call("GET", "/session")).status, 200);
    for (const gone of [phone, openBrowser(server, before)]) {
      assert.equal((await gone.call("GET", "/session")).status, 401);
    }
    assert.equal(await signInStatus(server, "viewer@example.com", goodPassword), 401);
    assert.equal(await signInStatus(server, "viewer@example.com", "another password"), 200);
  });

  test("cannot be guessed through a session that somebody left open, nor changed by a token", async () => {
    await using server = await startTestServer();
    const browser = await browserOf(server, "viewer");
    const statuses: number[] = [];
    const guess = { currentPassword: "my guess", newPassword: "another password" };
    statuses.push((await browser.call("POST", "/session/password", guess)).status);
    await affected(server.database, "update sign_in_attempt set attempts = 9");
    statuses.push((await browser.call("POST", "/session/password", guess)).status);
    statuses.push((await browser.call("POST", "/session/password", guess)).status);
    assert.deepEqual(statuses, [400, 400, 429]);
    const change = { currentPassword: goodPassword, newPassword: "another password" };
    assert.equal((await server.refused("POST", "/session/password", change)).body.code, "session.needed");
  });

  test("is hashed anew at the next sign-in when its hash is weaker than those of today", async () => {
    await using server = await startTestServer();
    await browserOf(server, "viewer");
    // RFC 7914 §12, first 32 bytes.
    const key = Buffer.from("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2", "hex");
    const weak = `$scrypt$ln=14,r=8,p=1$${btoa("SodiumChloride")}$${key.toString("base64")}`;
    await affected(server.database, "update password set hash = $1", [weak]);
    assert.equal(await signInStatus(server, "viewer@example.com", "wrong password"), 401);
    assert.equal((await one(server.database, "select hash from password")).hash, weak);
    assert.equal(await signInStatus(server, "viewer@example.com", "pleaseletmein"), 200);
    assert.match((await one<{ hash: string }>(server.database, "select hash from password")).hash, /p=5/);
    assert.equal(await signInStatus(server, "viewer@example.com", "pleaseletmein"), 200);
  });
});

async function invite(server: TestServer, email = "ida@example.com"): Promise<InvitedAccount> {
  const { body } = await server.api<InvitedAccount>("POST", "/accounts", { email, name: "Ida", role: "viewer" });
  return body;
}

async function signInStatus(server: TestServer, email: string, password: string): Promise<number> {
  return (await server.api("POST", "/session", { email, password }, { token: null })).status;
}
