import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { JoinedRow } from "@rollcall/core/connector/join-records.ts";
import type { OtherRow } from "../read-streams.ts";

/**
 * Rows of other streams, which wait on the runner's machine until their users are read: as many as there are, with little memory, in
 * a file of its own for each run. A process that is killed finds them again.
 */
export type JoinedRowsStore = Disposable & {
  /** Keeps a page's rows, in place of what was kept of the same page before; `page` counts the listing's pages from 1. */
  readonly keep: (listing: number, page: number, rows: readonly OtherRow[]) => void;
  /** Forgets the pages beyond those given for each listing; false when it lacks one of these. */
  readonly keepOnly: (listings: readonly { readonly number: number; readonly pages: number }[]) => boolean;
  /** The users' rows by join. */
  readonly find: (userKeys: readonly string[]) => ReadonlyMap<string, Readonly<Record<string, readonly JoinedRow[]>>>;
  /** Forgets everything; `generation` is what is kept from now on. */
  readonly restart: (generation: number) => void;
  readonly generation: () => number;
  /** Closes and removes the file. */
  readonly wipe: () => void;
};

/** Opens or makes the file; one that cannot be read, after a power failure for instance, is begun anew. */
export function openJoinedRows(path: string): JoinedRowsStore {
  const database = openOrReplace(path);
  const insertPage = database.prepare("insert or replace into page (listing, page) values (?, ?)");
  const forgetRows = database.prepare("delete from row where listing = ? and page = ?");
  const insertRow = database.prepare(
    "insert into row (listing, page, place, join_name, user_key, value) values (?, ?, ?, ?, ?, ?)",
  );
  const select = database.prepare(
    "select user_key, join_name, value from row where user_key in (select value from json_each(?)) order by listing, page, place",
  );
  const inTransaction = (work: () => void): void => {
    database.exec("begin");
    try {
      work();
      database.exec("commit");
    } catch (error) {
      database.exec("rollback");
      throw error;
    }
  };
  let open = true;
  const close = (): void => {
    if (open) database.close();
    open = false;
  };
  return {
    keep: (listing, page, rows) =>
      inTransaction(() => {
        insertPage.run(listing, page);
        forgetRows.run(listing, page);
        for (const [place, { join, userKey, row }] of rows.entries()) {
          if (join !== null) insertRow.run(listing, page, place, join, userKey, JSON.stringify(row));
        }
      }),
    keepOnly: (listings) => {
      const wanted = JSON.stringify(listings.map(({ number, pages }) => [number, pages]));
      inTransaction(() => {
        for (const table of ["row", "page"]) {
          database
            .prepare(
              `delete from ${table} where not exists (
                 select 1 from json_each(?) w
                 where w.value ->> 0 = ${table}.listing and ${table}.page <= w.value ->> 1)`,
            )
            .run(wanted);
        }
      });
      const kept = database.prepare("select count(*) as count from page").get();
      return kept?.count === listings.reduce((sum, { pages }) => sum + pages, 0);
    },
    find: (userKeys) => {
      const byUser = new Map<string, Record<string, JoinedRow[]>>();
      for (const found of select.all(JSON.stringify(userKeys))) {
        const key = String(found.user_key);
        const joins = byUser.get(key) ?? {};
        byUser.set(key, joins);
        const name = String(found.join_name);
        const rows = joins[name] ?? [];
        joins[name] = rows;
        // Written by `keep` alone.
        rows.push(JSON.parse(String(found.value)) as JoinedRow);
      }
      return byUser;
    },
    restart: (generation) =>
      inTransaction(() => database.exec(`delete from row; delete from page; pragma user_version = ${generation}`)),
    generation: () => Number(database.prepare("pragma user_version").get()?.user_version),
    wipe: () => {
      close();
      removeFile(path);
    },
    [Symbol.dispose]: close,
  };
}

function openOrReplace(path: string): DatabaseSync {
  try {
    return openAt(path);
  } catch {
    removeFile(path);
    return openAt(path);
  }
}

function openAt(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    // What a killed process wrote is with the operating system; only a power failure can lose it, and then it is read again.
    database.exec(`
      pragma synchronous = off;
      pragma journal_mode = truncate;
      create table if not exists page (listing integer, page integer, primary key (listing, page)) without rowid;
      create table if not exists row (
        listing integer, page integer, place integer, join_name text, user_key text, value text,
        primary key (listing, page, place)) without rowid;
      create index if not exists row_user on row (user_key);`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function removeFile(path: string): void {
  for (const file of [path, `${path}-journal`]) rmSync(file, { force: true });
}
