import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ProductError } from "@rollcall/core/errors.ts";
import { type Kysely, sql } from "kysely";
import type { Database } from "./database.ts";
import { asDatabaseError } from "./database-error.ts";
import type { Tables } from "./tables.ts";

/** The migrations of this program. */
export const migrationsFolder = fileURLToPath(new URL("../../migrations", import.meta.url));

/** The tables that remember which migrations were applied, of older programs too; the schema text leaves them out. */
export const migrationTables = ["schema_migration", "schema_migration_lock"] as const;
const [table] = migrationTables;

/**
 * Applies the pending `000001_name.sql` files of `folder` in order, each in its own transaction with its record, and returns
 * the names of those it applied. Forward only. Starts of several processes at once wait for each other.
 *
 * @throws ProductError `database.newer_than_program` when the database has a migration that `folder` lacks;
 *   `database.unreachable`; an error naming the file when its SQL fails, with the driver's error as cause
 */
export async function migrate(database: Database, folder = migrationsFolder): Promise<readonly string[]> {
  const files = await readMigrationFiles(folder);
  return await database.kysely.connection().execute((connection) =>
    underLock(connection, async () => {
      const applied = await listApplied(connection);
      refuseNewerDatabase(applied, files);
      return await applyAll(connection, new Map([...files].filter(([name]) => !applied.includes(name))));
    }),
  );
}

/** The migration files of a folder by name without ending, e.g. `000001_foundation`, with their text, in order. */
export async function readMigrationFiles(folder = migrationsFolder): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  const texts = new Map<string, string>();
  for (const file of files) {
    if (!/^\d{6}_[a-z0-9_]+\.sql$/.test(file)) {
      throw new Error(`A migration is named like 000001_name.sql; found ${file} in ${folder}.`);
    }
    texts.set(basename(file, ".sql"), await readFile(join(folder, file), "utf8"));
  }
  return texts;
}

// The table is looked for by its name. Kysely's own migrator lists every table there is, and fails when one of them, such as the
// stage of a run that has just ended, is dropped meanwhile.
async function listApplied(connection: Kysely<Tables>): Promise<readonly string[]> {
  const { rows: found } = await sql<{ present: boolean }>`select to_regclass(${table}) is not null as present`.execute(
    connection,
  );
  if (found[0]?.present !== true) {
    await sql`create table ${sql.table(table)} (name varchar(255) primary key, timestamp varchar(255) not null)`.execute(
      connection,
    );
  }
  const { rows: applied } = await sql<{ name: string }>`select name from ${sql.table(table)} order by name`.execute(
    connection,
  );
  return applied.map(({ name }) => name);
}

async function applyAll(connection: Kysely<Tables>, pending: ReadonlyMap<string, string>): Promise<readonly string[]> {
  for (const [name, text] of pending) {
    try {
      await connection.transaction().execute(async (transaction) => {
        await sql.raw(text).execute(transaction);
        const at = new Date().toISOString();
        await sql`insert into ${sql.table(table)} (name, timestamp) values (${name}, ${at})`.execute(transaction);
      });
    } catch (error) {
      throw migrationFailure(name, error);
    }
  }
  return [...pending.keys()];
}

function migrationFailure(name: string, error: unknown): unknown {
  const cause = asDatabaseError(error);
  if (cause instanceof ProductError) {
    return cause;
  }
  return new Error(`Migration ${name} failed and was rolled back: ${cause instanceof Error ? cause.message : cause}`, {
    cause,
  });
}

function refuseNewerDatabase(applied: readonly string[], known: ReadonlyMap<string, string>): void {
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new ProductError(
      "database.newer_than_program",
      `The database was migrated by a newer Rollcall: this one does not know ${unknown.join(", ")}. ` +
        "Start the newer version, or restore the backup taken before the update.",
      { details: { unknown } },
    );
  }
}

// "rollcall" as a number; any constant of ours does.
const migrationLock = 7_810_776;

async function underLock<Result>(connection: Kysely<Tables>, work: () => Promise<Result>): Promise<Result> {
  await sql`select pg_advisory_lock(${migrationLock})`.execute(connection);
  try {
    return await work();
  } finally {
    await sql`select pg_advisory_unlock(${migrationLock})`.execute(connection);
  }
}
