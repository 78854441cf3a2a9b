import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import { one, rows } from "./query.ts";

const two = {
  "000001_first.sql": "create table a (id int); insert into a values (1);",
  "000002_second.sql": "alter table a add column b text;",
};

describe("migrate", () => {
  test("applies the pending files in order and nothing the second time", async () => {
    await using test = await createTestDatabase({ migrated: false });
    await withFolder(two, async (folder) => {
      assert.deepEqual(await migrate(test.database, folder), ["000001_first", "000002_second"]);
      assert.deepEqual(await migrate(test.database, folder), []);
      await writeFile(join(folder, "000003_third.sql"), "create table c ()");
      assert.deepEqual(await migrate(test.database, folder), ["000003_third"]);
    });
  });

  test("starts at the same moment apply each file once", async () => {
    await using test = await createTestDatabase({ migrated: false });
    const others = [1, 2, 3].map(() => openDatabase({ connectionString: test.connectionString, max: 1 }));
    await withFolder(two, async (folder) => {
      const applied = await Promise.all([test.database, ...others].map((database) => migrate(database, folder)));
      assert.deepEqual(applied.flat().sort(), ["000001_first", "000002_second"]);
    });
    assert.deepEqual(await rows(test.database, "select id from a"), [{ id: 1 }]);
    await Promise.all(others.map((database) => database.close()));
  });

  test("a failing file is rolled back whole and named, those before it stay", async () => {
    await using test = await createTestDatabase({ migrated: false });
    const files = { ...two, "000003_broken.sql": "create table c (); select * from nowhere;" };
    await withFolder(files, async (folder) => {
      await assert.rejects(migrate(test.database, folder), /Migration 000003_broken failed.*"nowhere" does not exist/);
      const found = await one(test.database, "select to_regclass('a') is not null as a, to_regclass('c') as c");
      assert.deepEqual(found, { a: true, c: null });
      await writeFile(join(folder, "000003_broken.sql"), "create table c ()");
      assert.deepEqual(await migrate(test.database, folder), ["000003_broken"]);
    });
  });

  test("a start is not disturbed by tables that come and go, as those of runs under way do", async () => {
    await using test = await createTestDatabase({ migrated: false, max: 3 });
    const names = Array.from({ length: 20 }, (_, index) => `stage_${index}`);
    // Many columns, so that listing all of them takes longer than a table lives.
    const columns = Array.from({ length: 200 }, (_, index) => `c${index} int`).join();
    let over = false;
    const churn = async (): Promise<void> => {
      while (!over) {
        await test.database.query(names.map((name) => `create table ${name} (${columns})`).join(";"));
        for (const name of names) await test.database.query(`drop table ${name}`);
      }
    };
    const churning = churn();
    try {
      await withFolder(two, async (folder) => {
        await migrate(test.database, folder);
        for (let start = 0; start < 30; start += 1) {
          assert.deepEqual(await migrate(test.database, folder), []);
          const next = `00${1000 + start}_next`;
          await writeFile(join(folder, `${next}.sql`), `alter table a add column next${start} text`);
          assert.deepEqual(await migrate(test.database, folder), [next]);
        }
      });
    } finally {
      over = true;
      await churning;
    }
  });

  test("refuses a database that a newer program migrated, and leaves it alone", async () => {
    await using test = await createTestDatabase({ migrated: false });
    await withFolder(two, (folder) => migrate(test.database, folder));
    await withFolder({ "000001_first.sql": two["000001_first.sql"] }, async (folder) => {
      await assert.rejects(migrate(test.database, folder), {
        code: "database.newer_than_program",
        message: /000002_second/,
      });
    });
  });

  test("refuses a file with another kind of name", async () => {
    await using test = await createTestDatabase({ migrated: false });
    await withFolder({ "1-first.sql": "select 1" }, async (folder) => {
      await assert.rejects(migrate(test.database, folder), /000001_name\.sql; found 1-first\.sql/);
    });
  });
});

async function withFolder<Result>(files: Readonly<Record<string, string>>, work: (folder: string) => Promise<Result>) {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-migrations-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, name), text);
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
