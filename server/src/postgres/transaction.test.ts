import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import type { Transaction } from "./database.ts";
import { sqlState } from "./database-error.ts";
import { affected, one } from "./query.ts";
import { inTransaction } from "./transaction.ts";

const insert = "insert into account (name) values ($1)";
const count = "select count(*)::int as n from account";

describe("inTransaction", () => {
  test("commits what the work did, by query and by Kysely, and returns its result", async () => {
    await using test = await createTestDatabase();
    const result = await inTransaction(test.database, async (transaction) => {
      await affected(transaction, insert, ["Ada"]);
      await transaction.kysely.insertInto("account").values({ name: "Grace" }).execute();
      return "done";
    });
    assert.equal(result, "done");
    assert.deepEqual(await one(test.database, count), { n: 2 });
  });

  test("rolls everything back when the work throws, and the error goes on", async () => {
    await using test = await createTestDatabase();
    const failing = inTransaction(test.database, async (transaction) => {
      await affected(transaction, insert, ["Ada"]);
      throw new Error("no");
    });
    await assert.rejects(failing, /^Error: no$/);
    assert.deepEqual(await one(test.database, count), { n: 0 });
  });

  test("runs onCommit actions in order after the commit, and none after a rollback", async () => {
    await using test = await createTestDatabase();
    const seen: unknown[] = [];
    await inTransaction(test.database, async (transaction) => {
      transaction.onCommit(async () => void seen.push(await one(test.database, count)));
      transaction.onCommit(() => void seen.push("second"));
      await affected(transaction, insert, ["Ada"]);
      assert.deepEqual(seen, []);
    });
    assert.deepEqual(seen, [{ n: 1 }, "second"]);
    const failing = inTransaction(test.database, async (transaction) => {
      transaction.onCommit(() => void seen.push("never"));
      throw new Error("no");
    });
    await assert.rejects(failing);
    assert.equal(seen.length, 2);
  });

  test("a failing onCommit action says that the work is committed, and the others run", async () => {
    await using test = await createTestDatabase();
    let ran = false;
    const failing = inTransaction(test.database, async (transaction) => {
      transaction.onCommit(() => Promise.reject(new Error("mail")));
      transaction.onCommit(() => {
        ran = true;
      });
      await affected(transaction, insert, ["Ada"]);
    });
    await assert.rejects(failing, /is committed/);
    assert.equal(ran, true);
    assert.deepEqual(await one(test.database, count), { n: 1 });
  });

  test("a finished transaction refuses everything", async () => {
    await using test = await createTestDatabase();
    let escaped: Transaction | undefined;
    await inTransaction(test.database, async (transaction) => {
      escaped = transaction;
    });
    assert.ok(escaped);
    const after = escaped;
    await assert.rejects(after.query("select 1"), /transaction already finished/);
    await assert.rejects(after.kysely.selectFrom("account").select("id").execute(), /transaction already finished/);
    assert.throws(() => after.connection(), /transaction already finished/);
    assert.throws(() => after.onCommit(() => undefined), /transaction already finished/);
  });

  test("a swallowed statement error cannot pass for a commit", async () => {
    await using test = await createTestDatabase();
    const failing = inTransaction(test.database, async (transaction) => {
      await affected(transaction, insert, ["Ada"]);
      await transaction.query("select * from nowhere").catch(() => undefined);
    });
    await assert.rejects(failing, /rolled back at commit/);
    assert.deepEqual(await one(test.database, count), { n: 0 });
  });

  test("nothing inside can end or nest the transaction", async () => {
    await using test = await createTestDatabase();
    await inTransaction(test.database, async (transaction) => {
      for (const text of ["commit", " ROLLBACK", "begin", "start transaction", "end"]) {
        await assert.rejects(transaction.query(text), /refused/);
      }
      await assert.rejects(
        transaction.kysely.transaction().execute(async () => undefined),
        /refused/,
      );
      await transaction.query("savepoint a; rollback to a");
    });
  });

  test("isolation levels are PostgreSQL's own", async () => {
    await using test = await createTestDatabase();
    const level = async (transaction: Transaction) =>
      (await one<{ level: string }>(transaction, "select current_setting('transaction_isolation') as level")).level;
    assert.equal(await inTransaction(test.database, level), "read committed");
    assert.equal(await inTransaction(test.database, level, { isolation: "repeatable read" }), "repeatable read");
    assert.equal(await inTransaction(test.database, level, { isolation: "serializable" }), "serializable");
  });

  test("a deferred check that fails at the commit fails the transaction", async () => {
    await using test = await createTestDatabase();
    await test.database.query("create table t (id int unique deferrable initially deferred)");
    const failing = inTransaction(test.database, async (transaction) => {
      transaction.onCommit(() => assert.fail("not committed"));
      await transaction.query("insert into t values (1), (1)");
    });
    await assert.rejects(failing, (error) => sqlState(error) === "23505");
    assert.equal(test.database.pool.totalCount, test.database.pool.idleCount);
  });

  test("a session that the server ends is database.unreachable, and its connection is thrown away", async () => {
    await using test = await createTestDatabase({ max: 2 });
    const failing = inTransaction(test.database, async (transaction) => {
      const { pid } = await one<{ pid: number }>(transaction, "select pg_backend_pid() as pid");
      await one(test.database, "select pg_terminate_backend($1, 5000)", [pid]);
      await transaction.query("select 1");
    });
    await assert.rejects(failing, { code: "database.unreachable" });
    assert.deepEqual(await one(test.database, count), { n: 0 });
  });
});
