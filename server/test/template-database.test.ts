import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { describe, test } from "node:test";
import { affected, one, rows } from "@rollcall/server/postgres/query.ts";
import { Client } from "pg";
import { createTestDatabase } from "./template-database.ts";

describe("createTestDatabase", () => {
  test("gives a migrated database that shares nothing with the next", async () => {
    await using first = await createTestDatabase();
    await using second = await createTestDatabase();
    assert.ok((await rows(first.database, "select from pg_tables where schemaname = 'public'")).length > 2);
    await affected(first.database, "create table only_here (id int)");
    assert.equal((await one(second.database, "select to_regclass('only_here') as t")).t, null);
  });

  test("complains about a connection that the tested code left open", async () => {
    const { connectionString, close } = await createTestDatabase();
    const leak = new Client({ connectionString, application_name: "the leak" });
    leak.on("error", () => undefined);
    await leak.connect();
    await assert.rejects(close(), /left open:\nthe leak/);
    await leak.end();
  });

  test("complains about a connection that was not given back", async () => {
    const { database, close } = await createTestDatabase();
    const client = await database.pool.connect();
    await assert.rejects(close(), /not given back/);
    client.release(true);
    await database.close();
  });

  test("works in several processes that share a server", async () => {
    const { startTestPostgres } = await import("./start-test-postgres.ts");
    await using server = await startTestPostgres();
    const script = `
      import { createTestDatabase } from ${JSON.stringify(new URL("./template-database.ts", import.meta.url).href)};
      import { test } from "node:test";
      test("a database", async () => { await (await createTestDatabase()).close(); });`;
    const env: NodeJS.ProcessEnv = { ...process.env, ROLLCALL_TEST_DATABASE_URL: server.connectionString };
    // Else the child would report to this test's runner.
    delete env.NODE_TEST_CONTEXT;
    const ends = [1, 2, 3].map(
      () =>
        new Promise((resolve) => {
          const child = spawn(process.execPath, ["--input-type=module", "-e", script], { env, stdio: "ignore" });
          child.once("exit", resolve);
        }),
    );
    assert.deepEqual(await Promise.all(ends), [0, 0, 0]);
  });
});
