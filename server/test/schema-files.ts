import { fileURLToPath } from "node:url";
import { type Database, openDatabase } from "@rollcall/server/postgres/database.ts";
import { generateSchemaText } from "@rollcall/server/postgres/describe-schema.ts";
import { generateTableTypes } from "@rollcall/server/postgres/describe-tables.ts";
import { migrate } from "@rollcall/server/postgres/migrate.ts";
import { startTestPostgres } from "./start-test-postgres.ts";

/** A file that is made from the migrations and committed, with the text it should have. */
export type SchemaFile = { readonly path: string; readonly text: string };

/** `server/schema.sql` and `server/src/postgres/tables.ts`, from migrations applied to a throw-away server. */
export async function makeSchemaFiles(): Promise<readonly SchemaFile[]> {
  const { connectionString, stop } = await startTestPostgres();
  const database = openDatabase({ connectionString });
  try {
    await migrate(database);
    return await schemaFilesOf(database);
  } finally {
    await database.close();
    await stop();
  }
}

/** The same from a database that is migrated already. */
export async function schemaFilesOf(database: Database): Promise<readonly SchemaFile[]> {
  return [
    { path: pathOf("../schema.sql"), text: await generateSchemaText(database) },
    { path: pathOf("../src/postgres/tables.ts"), text: await generateTableTypes(database) },
  ];
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
