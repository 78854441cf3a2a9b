import assert from "node:assert/strict";
import { test } from "node:test";
import { bulkRecords, readInternalIds } from "./bulk-records.ts";

const internalIds = readInternalIds([
  { uid: "username", internal_id: "USER" },
  { uid: "email", internal_id: "EMAIL" },
  { uid: "locale", internal_id: "0123456789abcdef0123456789abcdef" },
  { uid: "nameless" },
  null,
]);
const content = { keyColumn: "username", internalIds, isShared: () => false };

test("a field that does not tell both of its names is left out", () => {
  assert.deepEqual([...internalIds.keys()], ["username", "email", "locale"]);
});

test("who was sent before is in the list as the instance has them, without what is empty", () => {
  const values = { username: "a", email: "a@x.io", locale: null };
  assert.deepEqual(bulkRecords({ ...content, present: [{ key: "a", values }], changed: [] }), [
    { USER: "a", EMAIL: "a@x.io" },
  ]);
});

test("values are kept away from a key that several people have", () => {
  const present = [{ key: "a", values: { username: "a", email: "a@x.io" } }];
  assert.deepEqual(bulkRecords({ ...content, present, changed: [], isShared: (key) => key === "a" }), [{ USER: "a" }]);
});

test("who is changed is named besides, and null empties a field; who is new is sent once", () => {
  const changed = [
    { key: "a", values: { email: "a@y.io", locale: null }, isThere: true },
    { key: "b", values: { username: "b", email: "b@y.io" }, isThere: false },
  ];
  assert.deepEqual(bulkRecords({ ...content, present: [], changed }), [
    { USER: "a" },
    { USER: "a", EMAIL: "a@y.io", "0123456789abcdef0123456789abcdef": null },
    { USER: "b", EMAIL: "b@y.io" },
  ]);
});
