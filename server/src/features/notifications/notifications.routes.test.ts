import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Contacts, Notification } from "@rollcall/core/contract/notifications.ts";
import type { Settings } from "@rollcall/core/contract/settings.ts";
import { loadConfig } from "@rollcall/server/config/config.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { aClaimedRun, anIntegration } from "../runs/run-fixtures.ts";
import { finishRun } from "../runs/run-store.ts";
import { aContact, haveContacts } from "./notification-fixtures.ts";

describe("the API of notifications", () => {
  let server: TestServer;
  before(async () => {
    const config = loadConfig({ SMTP_URL: "smtp://user:canary@mail.example.com", MAIL_FROM: "roll@example.com" });
    server = await startTestServer({ parts: { config } });
  });
  after(async () => await server[Symbol.asyncDispose]());

  type List = { data: Notification[]; total: number; nextCursor: string | null };
  const ended = async (integrationId: string, status: "failed" | "completed"): Promise<void> => {
    const { run, lease } = await aClaimedRun(server.database, { integrationId });
    await inTransaction(server.database, (transaction) => finishRun(transaction, run.id, lease, { status }));
  };
  const accountOf = async (token: string): Promise<string> => {
    const { body } = await server.api<{ data: { accountId: string }[] }>("GET", "/api-tokens", undefined, { token });
    return body.data[0]?.accountId ?? "";
  };
  /** A viewer who is the contact of an integration, with a token. */
  const aViewer = async () => {
    const token = await server.tokenOf("viewer");
    const accountId = await accountOf(token);
    const integrationId = await anIntegration(server.database);
    await haveContacts(server.database, integrationId, [accountId]);
    return { token, accountId, integrationId };
  };

  test("everybody reads their own, newest first, and marks them as read", async () => {
    const { token, accountId, integrationId } = await aViewer();
    await ended(integrationId, "failed");
    await ended(integrationId, "completed");
    const { body } = await server.api<List>("GET", "/notifications", undefined, { token });
    assert.deepEqual(
      body.data.map(({ kind, trigger, account }) => [kind, trigger, account.id]),
      [
        ["recovered", "failed", accountId],
        ["raised", "failed", accountId],
      ],
    );
    assert.equal(body.data[0]?.email?.state, "waiting");
    const unread = async () =>
      (await server.api<{ unread: number }>("GET", "/notifications/unread-count", undefined, { token })).body.unread;
    assert.equal(await unread(), 2);
    const id = body.data[0]?.id;
    const read = await server.api<Notification>("POST", `/notifications/${id}/read`, undefined, { token });
    assert.ok(read.body.readAt);
    const again = await server.api<Notification>("POST", `/notifications/${id}/read`, undefined, { token });
    assert.equal(again.body.readAt, read.body.readAt);
    assert.equal(await unread(), 1);
    const left = await server.api<List>("GET", "/notifications?unread=true", undefined, { token });
    assert.equal(left.body.total, 1);
    const all = await server.api<{ read: number }>("POST", "/notifications/read-all", undefined, { token });
    assert.equal(all.body.read, 1);
    assert.equal(await unread(), 0);
  });

  test("nobody reads another's without the right, and marks none", async () => {
    const { token, integrationId } = await aViewer();
    await ended(integrationId, "failed");
    const { body } = await server.api<List>("GET", "/notifications", undefined, { token });
    const other = await server.tokenOf("viewer");
    assert.equal((await server.api<List>("GET", "/notifications", undefined, { token: other })).body.total, 0);
    const path = `/notifications/${body.data[0]?.id}/read`;
    assert.equal((await server.refused("POST", path, undefined, { token: other })).body.code, "notification.not_found");
    assert.equal((await server.refused("POST", path)).status, 404);
    assert.equal((await server.refused("GET", "/notifications?all=true", undefined, { token })).status, 403);
    const everybody = await server.api<List>("GET", `/notifications?all=true&integrationId=${integrationId}`);
    assert.equal(everybody.body.total, 1);
  });

  test("pages hold together", async () => {
    const { token, integrationId } = await aViewer();
    for (const status of ["failed", "completed", "failed", "completed", "failed"] as const) {
      await ended(integrationId, status);
    }
    const ids: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await server.api<List>("GET", `/notifications?limit=2${cursor}`, undefined, { token });
      ids.push(...body.data.map(({ id }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    assert.equal(ids.length, 5);
    assert.deepEqual(ids, [...ids].sort().reverse());
  });

  test("whoever unsubscribes gets no e-mail any more, and still the notification", async () => {
    const { token, integrationId } = await aViewer();
    const off = await server.api("PUT", "/notifications/preferences", { email: false }, { token });
    assert.deepEqual(off.body, { email: false });
    await ended(integrationId, "failed");
    const { body } = await server.api<List>("GET", "/notifications", undefined, { token });
    assert.deepEqual([body.total, body.data[0]?.email], [1, null]);
    const preferences = await server.api("GET", "/notifications/preferences", undefined, { token });
    assert.deepEqual(preferences.body, { email: false });
  });

  test("contacts who cannot be told are flagged", async () => {
    const id = await anIntegration(server.database);
    const accounts = {
      fine: await aContact(server.database),
      disabled: await aContact(server.database, { status: "disabled" }),
      "no-email": await aContact(server.database, { email: null }),
      unsubscribed: await aContact(server.database),
      restricted: await aContact(server.database, { role: "nothing" }),
    };
    await server.database.query("insert into notification_preference (account_id, email) values ($1, false)", [
      accounts.unsubscribed,
    ]);
    const contacts = async () => (await server.api<Contacts>("GET", `/integrations/${id}/contacts`)).body;
    assert.deepEqual(await contacts(), { contacts: [], administratorsInstead: true, emailSetUp: true });
    await haveContacts(server.database, id, Object.values(accounts));
    const body = await contacts();
    const flags = (name: keyof typeof accounts) => {
      const contact = body.contacts.find(({ accountId }) => accountId === accounts[name]);
      return [contact?.inApp, contact?.byEmail, contact?.problems.join()];
    };
    assert.deepEqual(flags("fine"), [true, true, ""]);
    assert.deepEqual(flags("disabled"), [false, false, "disabled"]);
    assert.deepEqual(flags("no-email"), [true, false, "no-email"]);
    assert.deepEqual(flags("unsubscribed"), [true, false, "unsubscribed"]);
    assert.deepEqual(flags("restricted"), [false, false, "restricted"]);
    assert.equal(body.administratorsInstead, false);
    assert.equal((await server.refused("GET", "/integrations/nobody/contacts")).status, 404);
  });

  test("the settings say whether e-mail is set up, and no secret", async () => {
    const { body, text } = await server.api<Settings>("GET", "/settings");
    assert.deepEqual(
      [body.publicUrl, body.email.setUp, body.email.from],
      ["http://localhost:4600", true, "roll@example.com"],
    );
    assert.doesNotMatch(text, /canary/);
    const { waiting } = await one<{ waiting: number }>(
      server.database,
      "select count(*)::int as waiting from outbox where channel = 'email'",
    );
    assert.equal(body.email.waiting, waiting);
  });
});
