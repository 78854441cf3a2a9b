import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Notification } from "@rollcall/core/contract/notifications.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { startMailbox } from "@rollcall/server/test/start-mailbox.ts";
import { startReceiver } from "@rollcall/server/test/start-receiver.ts";
import { startTestServer } from "@rollcall/server/test/start-test-server.ts";
import { openVault } from "@rollcall/server/vault/vault.ts";
import { parseEgressAllow } from "@rollcall/vendor-http/egress-policy.ts";
import { aContact, haveContacts } from "../features/notifications/notification-fixtures.ts";
import { aClaimedRun, anIntegration, aQueue } from "../features/runs/run-fixtures.ts";
import { finishRun } from "../features/runs/run-store.ts";
import { aScheduledIntegration, aTick } from "../features/schedules/schedule-fixtures.ts";
import { startOutbox } from "./deliver-outbox.ts";
import { openWatch } from "./watcher.ts";

const silent = { warn: () => undefined, error: () => undefined };
const minute = 60_000;

test("E21 a run that failed, one that did not complete within 24 hours and one that did not start reach the contact by e-mail, in the API and by webhook, once each", async () => {
  const vault = openVault({ keys: [{ id: "test", bytes: randomBytes(32) }] });
  await using server = await startTestServer({ parts: { vault } });
  const { database, parts } = server;
  await using mailbox = await startMailbox();
  await using receiver = await startReceiver();
  await server.api("POST", "/webhooks", { name: "Chat", url: receiver.url });
  const contact = await aContact(database);
  const clock = { now: new Date(), steady: 0 };

  const failed = await anIntegration(database, { name: "Failing" });
  const endless = await anIntegration(database, { name: "Endless" });
  const hourly = { kind: "interval", minutes: 60 } as const;
  const forgotten = await aScheduledIntegration(database, hourly, new Date(clock.now.getTime() - 61 * minute));
  for (const id of [failed, endless, forgotten]) await haveContacts(database, id, [contact]);

  const { run, lease } = await aClaimedRun(database, { integrationId: failed });
  await inTransaction(database, (transaction) => finishRun(transaction, run.id, lease, { status: "failed" }));
  const { run: long } = await aClaimedRun(database, { integrationId: endless });
  await database.query("update run set started_at = now() - interval '25 hours' where id = $1", [long.id]);

  // Two watchers and two senders, as in two processes.
  const watch = () =>
    openWatch({ database, queue: aQueue(), log: silent, now: () => clock.now, steady: () => clock.steady });
  const watches = [watch(), watch()];
  for (let look = 0; look < 30; look += 1) {
    // The schedule lives, but has never heard of the third integration's time.
    if (look % 4 === 0) await aTick(database, { now: new Date(0) });
    clock.steady += minute / 4;
    await Promise.all(watches.map((look) => look()));
  }
  const outbox = {
    database,
    vault,
    log: silent,
    publicUrl: parts.config.publicUrl,
    mail: { smtpUrl: mailbox.url, from: "roll@example.com" },
    egress: parseEgressAllow("127.0.0.1"),
    everyMilliseconds: 20,
  };
  {
    await using _first = startOutbox(outbox);
    await using _second = startOutbox(outbox);
    while (mailbox.received.length < 3 || receiver.received.length < 3) await sleep(20);
    await sleep(200);
  }

  const said = [
    "Endless: the run did not complete within 24 hours",
    "Failing: the run failed",
    /: the scheduled run did not start$/,
  ];
  const matches = (texts: readonly string[]): void => {
    assert.equal(texts.length, 3, texts.join("\n"));
    for (const words of said) {
      assert.equal(
        texts.filter((text) => (typeof words === "string" ? text === words : words.test(text))).length,
        1,
        texts.join("\n"),
      );
    }
  };
  matches(mailbox.received.map(({ subject }) => subject.replace("[Rollcall] ", "")));
  matches(receiver.received.map(({ body }) => JSON.parse(body).data.title));
  const { body } = await server.api<{ data: Notification[] }>("GET", "/notifications?all=true");
  matches(body.data.filter(({ account }) => account.id === contact).map(({ title }) => title));
  assert.ok(body.data.every(({ email }) => email?.state === "sent"));
});
