import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodePage } from "./decode-page.ts";
import { streamSchema } from "./manifest-streams.ts";

const stream = streamSchema.parse({
  label: "Users",
  request: { path: ["users"] },
  pagination: { kind: "single", because: "It is only a test." },
  records: "/data",
  key: "/id",
});

describe("a page", () => {
  test("is taken apart into records with their keys as text", () => {
    const decoded = decodePage(stream, { data: [{ id: 1, name: "Ada" }, { id: "007" }] });
    assert.deepEqual(decoded, {
      kind: "records",
      records: [
        { kind: "record", key: "1", pointer: "/data/0", record: { id: 1, name: "Ada" } },
        { kind: "record", key: "007", pointer: "/data/1", record: { id: "007" } },
      ],
    });
  });

  test("rejects what is not a record or has no readable id, and says where without saying what", () => {
    const unreadable = [
      {},
      { id: null },
      { id: "" },
      { id: " " },
      { id: 1.5 },
      { id: 2 ** 53 },
      { id: true },
      { id: { oid: "secret" } },
      { id: "a\u0000" },
    ];
    const decoded = decodePage(stream, { data: [...unreadable, "secret", null, ["secret"]] });
    assert.equal(decoded.kind, "records");
    if (decoded.kind !== "records") return;
    assert.equal(decoded.records.length, unreadable.length + 3);
    decoded.records.forEach((record, index) => {
      assert.equal(record.kind, "rejected");
      assert.equal(record.key, null);
      assert.equal(record.pointer, index < unreadable.length ? `/data/${index}/id` : `/data/${index}`);
    });
    assert.ok(!JSON.stringify(decoded).includes("secret"));
  });

  test("without its array is bad, never empty", () => {
    for (const body of [{}, null, "<html>", 7, [], { data: null }, { data: {} }, { data: "none" }, { errors: [] }]) {
      const decoded = decodePage(stream, body);
      assert.equal(decoded.kind, "bad-page", JSON.stringify(body));
      assert.equal(decoded.kind === "bad-page" && decoded.pointer, "/data");
    }
  });

  test("may leave its array out only where the connector says so and the total is zero", () => {
    const scim = { ...stream, recordsAbsentWhenZero: "/totalResults" };
    assert.deepEqual(decodePage(scim, { totalResults: 0 }), { kind: "records", records: [] });
    assert.equal(decodePage(scim, { totalResults: 1 }).kind, "bad-page");
    assert.equal(decodePage(scim, { totalResults: "0" }).kind, "bad-page");
    assert.equal(decodePage(scim, { totalResults: 0, data: null }).kind, "bad-page");
    assert.equal(decodePage(stream, { totalResults: 0 }).kind, "bad-page");
  });

  test("is never read through inherited properties", () => {
    assert.equal(decodePage({ ...stream, records: "/constructor/data" }, {}).kind, "bad-page");
    assert.equal(decodePage({ ...stream, records: "/__proto__" }, {}).kind, "bad-page");
  });
});
