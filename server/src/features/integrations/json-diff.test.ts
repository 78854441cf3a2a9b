import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonDiff } from "./json-diff.ts";

test("names every place that differs, and no other", () => {
  assert.deepEqual(
    jsonDiff(
      { a: 1, same: { deep: [1, 2] }, list: [{ x: 1 }, { x: 2 }], gone: null },
      { a: 2, same: { deep: [1, 2] }, list: [{ x: 1 }, { x: 3 }, "new"], "new/one~": [] },
    ),
    [
      { pointer: "/a", before: 1, after: 2 },
      { pointer: "/list/1/x", before: 2, after: 3 },
      { pointer: "/list/2", after: "new" },
      { pointer: "/gone", before: null },
      { pointer: "/new~1one~0", after: [] },
    ],
  );
});

test("takes a list and an object for two different things", () => {
  assert.deepEqual(jsonDiff({ a: [] }, { a: {} }), [{ pointer: "/a", before: [], after: {} }]);
  assert.deepEqual(jsonDiff({ a: null }, { a: {} }), [{ pointer: "/a", before: null, after: {} }]);
});

test("finds no difference in the order of keys", () => {
  assert.deepEqual(jsonDiff({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }), []);
});
