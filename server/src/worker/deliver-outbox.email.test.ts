import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { type Mailbox, startMailbox } from "@rollcall/server/test/start-mailbox.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { aContact, haveContacts } from "../features/notifications/notification-fixtures.ts";
import { claimEmails } from "../features/notifications/outbox-store.ts";
import { aClaimedRun, anIntegration } from "../features/runs/run-fixtures.ts";
import { finishRun, type RunEnd } from "../features/runs/run-store.ts";
import { openEmailTurn } from "./deliver-outbox.ts";

const publicUrl = "https://rollcall.example.com";
const from = "Rollcall <rollcall@example.com>";
const going = new AbortController().signal;

describe("e-mail", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let mailbox: Mailbox;
  const clock = { steady: 0 };
  const aSender = (smtpUrl = mailbox.url) =>
    openEmailTurn({ database, publicUrl, mail: { smtpUrl, from }, steady: () => clock.steady });
  const addressOf = async (accountId: string): Promise<string> =>
    (await one<{ email: string }>(database, "select email from account where id = $1", [accountId])).email;

  before(async () => {
    testDatabase = await createTestDatabase({ max: 10 });
    database = testDatabase.database;
  });
  after(async () => await testDatabase.close());
  beforeEach(async () => {
    await database.query("delete from message; delete from alarm");
    mailbox = await startMailbox();
  });
  afterEach(async () => await mailbox.close());
  const closing = async (): Promise<void> => await mailbox.close();

  const ended = async (integrationId: string, end: RunEnd): Promise<string> => {
    const { run, lease } = await aClaimedRun(database, { integrationId });
    await inTransaction(database, (transaction) => finishRun(transaction, run.id, lease, end));
    return run.id;
  };
  /** An integration with contacts, one of whose runs has failed. */
  const aFailure = async (contacts = 1, name?: string) => {
    const id = await anIntegration(database, name === undefined ? {} : { name });
    const accounts: string[] = [];
    for (let index = 0; index < contacts; index += 1) accounts.push(await aContact(database));
    await haveContacts(database, id, accounts);
    const runId = await ended(id, {
      status: "failed",
      error: {
        code: "vendor.forbidden",
        message: 'The list "all <users>" may not be read.',
        nextStep: "Give the right.",
      },
    });
    return { id, accounts, runId };
  };
  const states = async () =>
    (await rows<{ state: string }>(database, "select state from outbox order by id")).map(({ state }) => state);

  test("arrives in a real mailbox with reason, next step and link, as text and as HTML", async () => {
    const { accounts, runId } = await aFailure(1, "Légal\r\nBcc: evil@example.com <EU>");
    await aSender()(going);
    await closing();
    const [email] = mailbox.received;
    assert.ok(email);
    assert.equal(mailbox.received.length, 1);
    assert.deepEqual(email.to, [await addressOf(accounts[0] ?? "")]);
    const { id } = await one<{ id: string }>(database, "select id from outbox");
    assert.equal(email.messageId, `<${id}@rollcall.example.com>`);
    assert.match(email.raw, /^From: Rollcall <rollcall@example\.com>\r?$/m);
    assert.match(email.raw, /^Auto-Submitted: auto-generated\r?$/m);
    assert.doesNotMatch(email.raw, /^Bcc:/m);
    assert.match(email.raw, /Content-Type: text\/plain/);
    assert.match(email.raw, /^Légal Bcc: evil@example\.com <EU>: the run failed\r?$/m);
    assert.match(email.raw, /The list "all <users>" may not be read\./);
    assert.match(email.raw, /Next step: Give the right\./);
    assert.match(email.raw, /Content-Type: text\/html/);
    assert.match(email.raw, /The list &quot;all &lt;users&gt;&quot; may not be read\./);
    assert.match(email.raw, new RegExp(`href="${publicUrl}/runs/${runId}"`));
    assert.deepEqual(await states(), ["sent"]);
  });

  test("E21 an e-mail comes once to each contact at each change of state, however many processes send", async () => {
    const { id, accounts } = await aFailure(5);
    await ended(id, { status: "failed" });
    await ended(id, { status: "completed" });
    await Promise.all([1, 2, 3, 4].map(async () => await aSender()(going)));
    await closing();
    const each = new Map<string, string[]>();
    for (const { to, subject } of mailbox.received) each.set(String(to), [...(each.get(String(to)) ?? []), subject]);
    assert.equal(mailbox.received.length, 10);
    for (const account of accounts) {
      const subjects = each.get(await addressOf(account))?.map((subject) => subject.replace(/^.*: /, ""));
      assert.deepEqual(subjects?.sort(), ["recovered", "the run failed"]);
    }
  });

  test("E21 e-mails wait while the mail server is down; then everything arrives, once", async () => {
    const { port } = mailbox;
    await closing();
    await aFailure(12);
    const turn = aSender();
    for (let look = 0; look < 40; look += 1) {
      await turn(going);
      clock.steady += 5_000;
    }
    assert.deepEqual(new Set(await states()), new Set(["waiting"]));
    const { problem, attempts } = await one<{ problem: string; attempts: number }>(
      database,
      "select max(last_error) as problem, max(attempts)::int as attempts from outbox",
    );
    assert.match(problem, /cannot be reached/);
    assert.equal(attempts, 0);
    mailbox = await startMailbox(port);
    clock.steady += 60_000;
    await turn(going);
    clock.steady += 60_000;
    await turn(going);
    await closing();
    assert.equal(new Set(mailbox.received.map(({ messageId }) => messageId)).size, 12);
    assert.equal(mailbox.received.length, 12);
    assert.deepEqual(new Set(await states()), new Set(["sent"]));
  });

  test("asks a mail server that is away again and again, a minute apart at most", async () => {
    const { url } = mailbox;
    await closing();
    await aFailure();
    const turn = aSender(url);
    const tries: number[] = [];
    const since = clock.steady;
    let seen = "";
    for (; clock.steady < since + 300_000; clock.steady += 1_000) {
      await database.query("update outbox set last_error = 'not tried'");
      await turn(going);
      seen = (await one<{ said: string }>(database, "select last_error as said from outbox")).said;
      if (seen !== "not tried") tries.push((clock.steady - since) / 1000);
    }
    assert.deepEqual(tries, [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  });

  test("a recipient who is refused for good is given up, the others get theirs", async () => {
    const { accounts } = await aFailure(3);
    const refused = await addressOf(accounts[1] ?? "");
    mailbox.refusal = (address) => (address === refused ? { code: 550, text: "canary no such user" } : null);
    await aSender()(going);
    await closing();
    assert.equal(mailbox.received.length, 2);
    const outbox = await rows<{ state: string; said: string | null }>(
      database,
      "select o.state, o.last_error as said from outbox o join account a on a.id = o.account_id where a.email = $1",
      [refused],
    );
    assert.deepEqual(outbox[0]?.state, "failed");
    assert.match(String(outbox[0]?.said), /answer 550/);
    assert.doesNotMatch(String(outbox[0]?.said), /canary/);
  });

  test("E21 an e-mail that is put off is tried again later, and is not in the way of the others", async () => {
    await aFailure(2);
    mailbox.refusal = () => ({ code: 450, text: "try later" });
    const turn = aSender();
    const { before } = await one<{ before: string }>(database, "select now()::text as before");
    await turn(going);
    assert.deepEqual(await states(), ["waiting", "waiting"]);
    const { left, whole } = await one<{ left: number; whole: number }>(
      database,
      "select max(extract(epoch from due_at - now()))::float as left, min(extract(epoch from due_at - $1))::float as whole from outbox",
      [before],
    );
    assert.ok(whole > 50 && left <= 60, `${whole}, ${left} left`);
    mailbox.refusal = null;
    await turn(going);
    assert.equal(mailbox.received.length, 0);
    await database.query("update outbox set due_at = now()");
    await turn(going);
    await closing();
    assert.equal(mailbox.received.length, 2);
  });

  test("E21 a process that dies before it sends an e-mail loses nothing", async () => {
    await aFailure();
    assert.equal((await claimEmails(database, 10)).length, 1);
    await aSender()(going);
    assert.deepEqual(await states(), ["sending"]);
    await database.query("update outbox set claimed_at = now() - interval '3 minutes'");
    await aSender()(going);
    await closing();
    assert.equal(mailbox.received.length, 1);
    assert.deepEqual(await states(), ["sent"]);
  });

  test("E21 a process that dies after the server took an e-mail and before it is marked sends it again under the same Message-ID", async () => {
    await aFailure();
    // The claim runs out while the server holds its answer back, as if its holder had been dead for long.
    mailbox.beforeYes = async () => {
      mailbox.beforeYes = null;
      await database.query("update outbox set claimed_at = now() - interval '3 minutes', claim = gen_random_uuid()");
    };
    await aSender()(going);
    await closing();
    assert.equal(mailbox.received.length, 2);
    assert.equal(new Set(mailbox.received.map(({ messageId }) => messageId)).size, 1);
    assert.deepEqual(await states(), ["sent"]);
  });

  test("is not sent to somebody who was disabled or unsubscribed meanwhile", async () => {
    const { accounts } = await aFailure(3);
    await database.query("update account set status = 'disabled' where id = $1", [accounts[0]]);
    await database.query("insert into notification_preference (account_id, email) values ($1, false)", [accounts[1]]);
    await aSender()(going);
    await closing();
    assert.deepEqual((await states()).sort(), ["sent", "skipped", "skipped"]);
    assert.equal(mailbox.received.length, 1);
  });

  test("waits for a process with a mail server; after a day without any it is given up", async () => {
    await closing();
    await aFailure();
    const without = openEmailTurn({ database, publicUrl, mail: null });
    await without(going);
    assert.deepEqual(await states(), ["waiting"]);
    await database.query("update outbox set created_at = now() - interval '25 hours'");
    await aSender()(going);
    await without(going);
    assert.deepEqual(await states(), ["waiting"]);
    await database.query("update beat set at = now() - interval '25 hours'");
    await without(going);
    assert.deepEqual(await states(), ["skipped"]);
  });
});
