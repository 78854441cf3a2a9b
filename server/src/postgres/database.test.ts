import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ProductError } from "@rollcall/core/errors.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { Client } from "pg";
import { openDatabase } from "./database.ts";
import { sqlState } from "./database-error.ts";
import { affected, maybeOne, one, rows } from "./query.ts";

describe("openDatabase", () => {
  test("reads values as documented", async () => {
    await using test = await createTestDatabase();
    const row = await one(
      test.database,
      `select 9007199254740993 as big, 1.10::numeric as exact, date '2026-02-03' as day, '{1,2}'::bigint[] as bigs,
        '{2026-01-01}'::date[] as days, timestamptz '2026-02-03 04:05:06.789+02' as at, '{"a":[1]}'::jsonb as doc,
        count(*)::int as n, current_setting('TimeZone') as zone`,
    );
    assert.deepEqual(row, {
      big: "9007199254740993",
      exact: "1.10",
      day: "2026-02-03",
      bigs: ["1", "2"],
      days: ["2026-01-01"],
      at: new Date("2026-02-03T02:05:06.789Z"),
      doc: { a: [1] },
      n: 1,
      zone: "UTC",
    });
  });

  test("rows, one, maybeOne and affected say how many there were", async () => {
    await using test = await createTestDatabase();
    const { database } = test;
    assert.deepEqual(await rows(database, "select generate_series(1, $1::int) as n", [2]), [{ n: 1 }, { n: 2 }]);
    assert.equal(await maybeOne(database, "select 1 where false"), undefined);
    await assert.rejects(one(database, "select 1 where false"), /got none: select 1 where false/);
    await assert.rejects(one(database, "select generate_series(1, 3)"), /got 3/);
    assert.equal(await affected(database, "delete from account"), 0);
  });

  test("keeps a connection that nobody uses as long as it is told", async () => {
    await using test = await createTestDatabase();
    const { connectionString } = test;
    await using short = openDatabase({ connectionString, idleMilliseconds: 20 });
    await using long = openDatabase({ connectionString, idleMilliseconds: 600_000 });
    const processOf = (database: typeof long) => one(database, "select pg_backend_pid() as pid");
    const [first] = await Promise.all([long, short].map(processOf));
    while (short.pool.totalCount > 0) await sleep(10);
    assert.deepEqual(await processOf(long), first);
  });

  test("Kysely works on the same pool", async () => {
    await using test = await createTestDatabase();
    const { kysely } = test.database;
    const { id } = await kysely.insertInto("account").values({ name: "Ada" }).returning("id").executeTakeFirstOrThrow();
    const found = await kysely.selectFrom("account").select(["name", "status"]).where("id", "=", id).execute();
    assert.deepEqual(found, [{ name: "Ada", status: "active" }]);
  });

  test("an id is of version 7, and ids are ordered as one process made them, within a millisecond too", async () => {
    await using test = await createTestDatabase();
    const ids: string[] = [];
    for (let made = 0; made < 200; made += 1) {
      ids.push((await one<{ id: string }>(test.database, "select uuid7() as id")).id);
    }
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(ids.toSorted(), ids);
    const [at = 0] = ids.map((id) => Number.parseInt(id.replace("-", "").slice(0, 12), 16));
    assert.ok(Math.abs(Date.now() - at) < 60_000);
  });

  test("a failed statement keeps its SQLSTATE", async () => {
    await using test = await createTestDatabase();
    await assert.rejects(test.database.query("select * from nowhere"), (error) => sqlState(error) === "42P01");
    await assert.rejects(test.database.query("select 1/$1::int", [0]), (error) => sqlState(error) === "22012");
  });

  test("a server that is not there is database.unreachable, by every way in", async () => {
    const database = openDatabase({ host: "127.0.0.1", port: 1, user: "x", password: "x", database: "x" });
    const unreachable = (error: unknown) => error instanceof ProductError && error.code === "database.unreachable";
    await assert.rejects(database.query("select 1"), unreachable);
    await assert.rejects(database.kysely.selectFrom("account").select("id").execute(), unreachable);
    await database.close();
  });

  test("a wrong database name is database.cannot_start and names DATABASE_URL", async () => {
    await using test = await createTestDatabase();
    const database = openDatabase({ connectionString: `${test.connectionString}_not` });
    await assert.rejects(database.query("select 1"), { code: "database.cannot_start", message: /DATABASE_URL/ });
    await database.close();
  });

  test("a connection that the server ends while nobody uses it is replaced", async () => {
    await using test = await createTestDatabase({ max: 1 });
    const { pid } = await one<{ pid: number }>(test.database, "select pg_backend_pid() as pid");
    const other = new Client({ connectionString: test.connectionString });
    await other.connect();
    await other.query("select pg_terminate_backend($1, 5000)", [pid]);
    await other.end();
    const next = await one<{ pid: number }>(test.database, "select pg_backend_pid() as pid");
    assert.notEqual(next.pid, pid);
  });
});
