import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ProductError } from "@rollcall/core/errors.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import fc from "fast-check";
import { sql } from "kysely";
import type { Database } from "./database.ts";
import { type Keyset, keysetPage } from "./keyset.ts";
import { affected } from "./query.ts";
import { readPage } from "./read-page.ts";

const keyset: Keyset = {
  list: "things",
  sorts: {
    label: { value: sql`coalesce(t.label, '')`, type: "text" },
    at: { value: sql`coalesce(t.at, '-infinity')`, type: "timestamptz" },
    id: { value: sql`t.id`, type: "bigint" },
  },
  defaultSort: "label",
  id: { value: sql`t.id`, type: "bigint" },
};

type Thing = { readonly id: string; readonly label: string | null; readonly at: Date | null };

describe("keyset pagination", () => {
  test("gives every row once and in order, whatever the page size, the sort and the values", async () => {
    await using test = await createTestDatabase();
    const { database } = test;
    await affected(database, "create table thing (id bigint primary key, label text, at timestamptz)");
    const label = fc.option(fc.constantFrom("a", "A", "b", "ä", "", "it's", '"', "a b", "\\"));
    const at = fc.option(
      fc.constantFrom("2026-01-31 12:00:00.123456+00", "2026-01-31 12:00:00.123457+00", "1999-12-31"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(label, at), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom("label", "-label", "at", "-at", "id", "-id"),
        async (things, limit, sort) => {
          await affected(database, "truncate thing");
          await affected(
            database,
            `insert into thing select n, label, at::timestamptz from unnest($1::text[], $2::text[]) with ordinality as t (label, at, n)`,
            [things.map(([text]) => text), things.map(([, time]) => time)],
          );
          const whole = await pageOf(database, { limit: 500, sort });
          const pages = await allPages(database, limit, sort);
          assert.deepEqual(pages.flat(), whole.data);
          assert.equal(whole.data.length, things.length);
          assert.ok(pages.every((page) => page.length <= limit));
        },
      ),
      { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 60) },
    );
  });

  test("carries the total from the first page on", async () => {
    await using test = await createTestDatabase();
    await affected(
      test.database,
      "create table thing as select n::bigint as id, 'x' as label, now() as at from generate_series(1, 5) n",
    );
    const first = await pageOf(test.database, { limit: 2 });
    await affected(test.database, "delete from thing where id > 3");
    const second = await pageOf(test.database, { limit: 2, cursor: first.nextCursor ?? "" });
    assert.deepEqual([first.total, second.total, second.data.length, second.nextCursor], [5, 5, 1, null]);
  });

  test("refuses a cursor of another list, sort, filter or making", async () => {
    await using test = await createTestDatabase();
    await affected(
      test.database,
      "create table thing as select n::bigint as id, 'x' as label, now() as at from generate_series(1, 5) n",
    );
    const { nextCursor } = await pageOf(test.database, { limit: 2, sort: "label" });
    const cursor = nextCursor ?? "";
    const [version, scope] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as [number, string];
    const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");
    const attempts: readonly (readonly [Keyset, Parameters<typeof keysetPage>[1], object])[] = [
      [{ ...keyset, list: "others" }, { limit: 2, sort: "label", cursor }, {}],
      [keyset, { limit: 2, sort: "-label", cursor }, {}],
      [keyset, { limit: 2, sort: "label", cursor }, { q: "x" }],
      ...[
        "",
        "x",
        "bm90IGpzb24",
        cursor.slice(0, -4),
        forged(version, scope, "x", "1; drop table thing", 5),
        forged(version, scope, "x", "9223372036854775808", 5),
        forged(version, scope, "a\u0000", "1", 5),
        forged(version, scope, null, "1", 5),
        forged(version, scope, "x", "1", "5"),
        forged(version, scope, "x", "1", 5, 6),
        forged(version + 1, scope, "x", "1", 5),
      ].map((text) => [keyset, { limit: 2, sort: "label", cursor: text }, {}] as const),
    ];
    for (const [list, query, filters] of attempts) {
      assert.throws(() => keysetPage(list, query, { ...filters }), { code: "request.bad_cursor" });
    }
    assert.doesNotThrow(() => keysetPage(keyset, { limit: 2, sort: "label", cursor }, { q: undefined }));
  });

  test("refuses a time that PostgreSQL could not read", () => {
    const sortedByTime = { limit: 2, sort: "at" };
    for (const time of ["2026-13-01 00:00:00+00", "2026-02-30 00:00:00+00", "now", "infinity"]) {
      const scope = scopeOf(sortedByTime);
      const cursor = Buffer.from(JSON.stringify([1, scope, time, "1", 5])).toString("base64url");
      assert.throws(() => keysetPage(keyset, { ...sortedByTime, cursor }, {}), { code: "request.bad_cursor" });
    }
  });

  test("names the sorts there are when asked for another", () => {
    for (const sort of ["colour", "--label", "constructor", ""]) {
      assert.throws(
        () => keysetPage(keyset, { limit: 2, sort }, {}),
        ({ code, problems }: ProductError) =>
          code === "request.invalid" && /label, at, id/.test(problems[0]?.message ?? ""),
      );
    }
  });
});

async function pageOf(database: Database, query: { limit: number; cursor?: string; sort?: string }) {
  return await readPage<Thing>(database, keyset, query, {
    columns: sql`t.id, t.label, t.at`,
    from: sql`thing t`,
    where: [],
  });
}

async function allPages(database: Database, limit: number, sort: string): Promise<readonly Thing[][]> {
  const pages: Thing[][] = [];
  let cursor: string | undefined;
  do {
    const page = await pageOf(database, cursor === undefined ? { limit, sort } : { limit, sort, cursor });
    pages.push(page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

/** The scope inside a cursor of this list, sort and no filter. */
function scopeOf(query: { limit: number; sort: string }): string {
  const page = keysetPage(keyset, { ...query, limit: 1 }, {});
  const rows = [1, 2].map((id) => ({ position: ["-infinity", String(id)] as const }));
  const { nextCursor } = page.answer(rows, 2, (row) => row);
  const parts = JSON.parse(Buffer.from(nextCursor ?? "", "base64url").toString()) as readonly string[];
  return parts[1] ?? "";
}
