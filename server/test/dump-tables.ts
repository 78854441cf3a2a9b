import type { Database } from "@rollcall/server/postgres/database.ts";
import { rows } from "@rollcall/server/postgres/query.ts";

/** Every row of every table as text, to look for what must not be in the database. */
export async function dumpTables(database: Database): Promise<string> {
  const tables = await rows<{ name: string }>(
    database,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const found = await rows<{ row: string }>(database, `select t::text as row from ${name} t`);
    parts.push(name, ...found.map(({ row }) => row));
  }
  return parts.join("\n");
}
