import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { test } from "node:test";
import { one } from "@rollcall/server/postgres/query.ts";
import { schemaFilesOf } from "./schema-files.ts";
import { createTestDatabase } from "./template-database.ts";

test("the committed schema and table types are those of the migrations (else: npm run generate)", async (t) => {
  await using test = await createTestDatabase();
  const { version } = await one<{ version: string }>(test.database, "select split_part(version(), ' ', 2) as version");
  if (!version.startsWith("18.")) {
    t.skip("only the packaged version of PostgreSQL prints definitions exactly like the committed file");
    return;
  }
  for (const { path, text } of await schemaFilesOf(test.database)) {
    const committed = await readFile(path, "utf8").catch(() => "");
    assert.deepEqual(committed.split("\n"), text.split("\n"), `${basename(path)} is out of date: run npm run generate`);
  }
});
