import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Run } from "@rollcall/core/contract/runs.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { aClaimedRun, anIntegration } from "../runs/run-fixtures.ts";
import type { NewRun } from "../runs/run-request-store.ts";
import { failUnfinishedRun, finishRun, type RunEnd } from "../runs/run-store.ts";
import { aContact, haveContacts, told } from "./notification-fixtures.ts";

describe("the end of a run", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  before(async () => {
    testDatabase = await createTestDatabase();
    database = testDatabase.database;
  });
  after(async () => await testDatabase.close());

  const error: NonNullable<Run["error"]> = {
    code: "vendor.unauthorized",
    message: "Ironclad refused the credential.",
    nextStep: "Enter a new client secret.",
  };
  const ended = async (integrationId: string, end: RunEnd, run: Partial<NewRun> = {}): Promise<string> => {
    const claimed = await aClaimedRun(database, { integrationId, ...run });
    await inTransaction(database, (transaction) => finishRun(transaction, claimed.run.id, claimed.lease, end));
    return claimed.run.id;
  };
  const endedIn = async (integrationId: string, ...statuses: RunEnd["status"][]): Promise<void> => {
    for (const status of statuses) await ended(integrationId, { status });
  };

  test("E21 a run that failed is told once, however often it fails, and recovery once", async () => {
    const id = await anIntegration(database);
    await endedIn(
      id,
      "completed",
      "failed",
      "failed",
      "failed",
      "completed",
      "completed_with_errors",
      "failed",
      "empty",
    );
    assert.deepEqual(await told(database, id), [
      "raised failed",
      "recovered failed",
      "raised failed",
      "recovered failed",
    ]);
  });

  test("E21 each bad end of a run is a trigger of its own, and one recovery ends them all", async () => {
    const id = await anIntegration(database);
    await endedIn(id, "failed", "timed_out", "incomplete", "needs_review", "needs_review", "completed");
    assert.deepEqual(await told(database, id), [
      "raised failed",
      "raised timed_out",
      "raised incomplete",
      "raised needs_review",
      "recovered needs_review",
    ]);
  });

  test("E21 a review goes on waiting while later runs fail", async () => {
    const id = await anIntegration(database);
    await endedIn(id, "needs_review", "failed", "needs_review", "completed");
    assert.deepEqual(await told(database, id), [
      "raised needs_review",
      "raised failed",
      "recovered failed",
      "recovered needs_review",
    ]);
  });

  test("says nothing for rehearsals, retries of single records, undos and cancelled runs", async () => {
    const id = await anIntegration(database);
    await ended(id, { status: "failed", error }, { dryRun: true });
    await ended(id, { status: "failed", error }, { onlyKeys: ["1"], trigger: "retry" });
    await ended(id, { status: "failed", error }, { kind: "undo", trigger: "undo" });
    await endedIn(id, "cancelled");
    assert.deepEqual(await told(database, id), []);
  });

  test("names the integration, the reason, the next step and the page", async () => {
    const id = await anIntegration(database, { name: "Legal EU" });
    const runId = await ended(id, { status: "failed", error });
    const message = await one(
      database,
      `select subject_name, title, reason, next_step, path, run_id from message where integration_id = $1`,
      [id],
    );
    assert.deepEqual(message, {
      subject_name: "Legal EU",
      title: "Legal EU: the run failed",
      reason: "Ironclad refused the credential.",
      next_step: "Enter a new client secret.",
      path: `/runs/${runId}`,
      run_id: runId,
    });
  });

  test("is told to the contacts, and by e-mail to those who can and want to get it", async () => {
    const id = await anIntegration(database);
    const [active, disabled, unsubscribed, silent, restricted] = [
      await aContact(database),
      await aContact(database, { status: "disabled" }),
      await aContact(database),
      await aContact(database, { email: null }),
      await aContact(database, { role: "a custom one" }),
    ];
    const administrator = await aContact(database, { role: "administrator" });
    await database.query("insert into notification_preference (account_id, email) values ($1, false)", [unsubscribed]);
    await haveContacts(database, id, [active, disabled, unsubscribed, silent, restricted]);
    await endedIn(id, "failed");
    const accounts = async (table: string) =>
      (
        await rows<{ account: string }>(
          database,
          `select t.account_id as account from ${table} t join message m on m.id = t.message_id
           where m.integration_id = $1 and t.account_id is not null order by 1`,
          [id],
        )
      ).map(({ account }) => account);
    assert.deepEqual(await accounts("notification"), [active, silent, unsubscribed].sort());
    assert.deepEqual(await accounts("outbox"), [active]);
    assert.equal((await accounts("notification")).includes(administrator), false);
  });

  test("is told to the administrators when no contact can be told", async () => {
    const id = await anIntegration(database);
    await haveContacts(database, id, [await aContact(database, { status: "disabled" })]);
    await endedIn(id, "failed");
    const { count } = await one<{ count: number }>(
      database,
      `select count(*)::int as count from notification n join message m on m.id = n.message_id
       join account a on a.id = n.account_id where m.integration_id = $1 and a.role = 'administrator'`,
      [id],
    );
    assert.ok(count >= 1);
  });

  test("E21 a run's end is told only if its transaction commits, and to nobody twice when workers fail it at once", async () => {
    const id = await anIntegration(database);
    const { run, lease } = await aClaimedRun(database, { integrationId: id });
    await assert.rejects(
      inTransaction(database, async (transaction) => {
        await finishRun(transaction, run.id, lease, { status: "failed", error });
        throw new Error("the disk is full");
      }),
    );
    assert.deepEqual(await told(database, id), []);
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => failUnfinishedRun(database, run.id, error)));
    assert.equal(outcomes.filter(Boolean).length, 1);
    assert.deepEqual(await told(database, id), ["raised failed"]);
  });

  test("costs nothing that is written when nothing changed", async () => {
    const id = await anIntegration(database);
    const { run, lease } = await aClaimedRun(database, { integrationId: id });
    await inTransaction(database, async (transaction) => {
      await finishRun(transaction, run.id, lease, { status: "completed" });
      const { written } = await one<{ written: string }>(
        transaction,
        `select sum(n_tup_ins + n_tup_upd)::text as written from pg_stat_xact_user_tables
         where relname in ('alarm', 'message', 'notification', 'outbox')`,
      );
      assert.equal(written, "0");
    });
  });
});
