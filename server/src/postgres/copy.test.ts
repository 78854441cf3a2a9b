import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import fc from "fast-check";
import { copyInto, copyRows } from "./copy-into.ts";
import { type CopyValue, copyRow, json } from "./copy-row.ts";
import { sqlState } from "./database-error.ts";
import { one, rows } from "./query.ts";
import { storableJson, storableText } from "./storable.ts";
import { inTransaction } from "./transaction.ts";

// Each run is one COPY of many rows.
const numRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 30);

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("\\", "\t", "\n", "\r", "\0", "\ud800", "\udc00", "N", ".", '"', "{", "}", ",", "é", "😀"),
  }),
  fc.constantFrom("\\N", "\\.", "NULL", "", " ", "\\u0000", "\\\\u0000", "\\ud800"),
);

const columns = ["id", "a_text", "texts", "doc", "bytes", "at", "flag", "amount"];
const table = `create table t (id int, a_text text, texts text[], doc jsonb, bytes bytea, at timestamptz, flag boolean,
  amount numeric)`;

const record = fc.record({
  text: fc.option(anyText),
  texts: fc.option(fc.array(fc.option(anyText), { maxLength: 4 })),
  doc: fc.jsonValue().chain((value) => fc.dictionary(anyText, anyText, { maxKeys: 3 }).map((more) => [value, more])),
  bytes: fc.uint8Array({ maxLength: 20 }),
  at: fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true }),
  flag: fc.option(fc.boolean()),
  amount: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
});

describe("COPY", () => {
  test("every value comes back as it was given, strings as far as PostgreSQL can hold them", async () => {
    await using test = await createTestDatabase({ migrated: false });
    await test.database.query(table);
    const text = `select ${columns.map((name) => (name === "doc" ? "doc::text" : name)).join(", ")} from t order by id`;
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (records) => {
        await test.database.query("truncate t");
        const input = records.map((r, id): CopyValue[] => [
          id,
          r.text,
          r.texts,
          json(r.doc),
          r.bytes,
          r.at,
          r.flag,
          r.amount,
        ]);
        const copied = await inTransaction(test.database, (transaction) => copyRows(transaction, "t", columns, input));
        assert.equal(copied, records.length);
        // As text, for Node 24 (V8 13.6) parses `{"x":1,"\\N":2}` wrongly once it has seen the key `\\`: its first two characters.
        const docs = await one<{ texts: readonly string[] }>(
          test.database,
          "select array(select doc::jsonb::text from unnest($1::text[]) with ordinality d (doc, n) order by n) as texts",
          [records.map((r) => storableJson(r.doc))],
        );
        const expected = records.map((r, id) => ({
          id,
          a_text: r.text === null ? null : storableText(r.text),
          texts: r.texts?.map((text) => (text === null ? null : storableText(text))) ?? null,
          doc: docs.texts[id],
          bytes: Buffer.from(r.bytes),
          at: r.at,
          flag: r.flag,
          amount: String(r.amount),
        }));
        assert.deepEqual(await rows(test.database, text), expected);
      }),
      { numRuns },
    );
  });

  test("a failing source fails the statement and the transaction, with its own error", async () => {
    await using test = await createTestDatabase({ migrated: false });
    await test.database.query(table);
    const failing = inTransaction(test.database, (transaction) =>
      copyInto(transaction, "copy t (id) from stdin", brokenAfter(["1\n", "2\n"])),
    );
    await assert.rejects(failing, { message: "the vendor hung up", code: "ECONNRESET" });
    assert.deepEqual(await one(test.database, "select count(*)::int as n from t"), { n: 0 });
  });

  test("a value that the column refuses keeps its SQLSTATE, and the connection is usable again", async () => {
    await using test = await createTestDatabase({ migrated: false, max: 1 });
    await test.database.query(table);
    const failing = inTransaction(test.database, (transaction) => copyRows(transaction, "t", ["id"], [[1], ["two"]]));
    await assert.rejects(failing, (error) => sqlState(error) === "22P02");
    assert.deepEqual(await one(test.database, "select count(*)::int as n from t"), { n: 0 });
  });

  test("an empty source copies nothing", async () => {
    await using test = await createTestDatabase({ migrated: false });
    await test.database.query(table);
    assert.equal(await inTransaction(test.database, (transaction) => copyRows(transaction, "t", ["id"], [])), 0);
  });

  test("a large source arrives whole", async () => {
    await using test = await createTestDatabase({ migrated: false });
    await test.database.query(table);
    const many = (function* () {
      for (let id = 0; id < 20_000; id++) {
        yield [id, "x".repeat(50)];
      }
    })();
    const copied = await inTransaction(test.database, (transaction) =>
      copyRows(transaction, "t", ["id", "a_text"], many),
    );
    assert.equal(copied, 20_000);
    assert.deepEqual(await one(test.database, "select count(*)::int as n, sum(id)::int as s from t"), {
      n: 20_000,
      s: 199_990_000,
    });
  });
});

test("copyRow writes the text format", () => {
  assert.equal(
    copyRow(["a\tb", null, undefined, 1, true, ['x"y', null]]),
    'a\\tb\t\\N\t\\N\t1\ttrue\t{"x\\\\"y",NULL}\n',
  );
});

test("storableJson keeps an escaped backslash before u0000 and drops a NUL", () => {
  assert.equal(storableJson({ "a\0": "\\u0000\0\ud800" }), '{"a":"\\\\u0000\uFFFD"}');
  assert.equal(storableJson(undefined), "null");
});

async function* brokenAfter(chunks: readonly string[]) {
  yield* chunks;
  throw Object.assign(new Error("the vendor hung up"), { code: "ECONNRESET" });
}
