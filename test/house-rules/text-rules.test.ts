import assert from "node:assert/strict";
import { test } from "node:test";
import { findMachineTraces, findMisnumberedMigrations } from "./text-rules.ts";

// Put together here, so that this file itself holds no trace.
const traces = [
  ["", "home", "ann", "rollcall"],
  ["", "root", "x"],
  ["", "Users", "ann", "x"],
  ["", "work", "main"],
]
  .map((parts) => parts.join("/"))
  .concat(["https://registry", "example", "com/zod"].join("."), ["C:", "Users", "ann"].join("\\"));

for (const trace of traces) {
  test(`${trace} is noticed`, () =>
    assert.equal(findMachineTraces([{ path: "a.md", text: `see ${trace}.` }]).length, 1));
}

test("addresses and folders that every machine has are no traces", () => {
  const text = "https://api.example.com/root/v2 GET /Users/7 /var/lib/rollcall /dev/shm src/work/a.ts";
  assert.deepEqual(findMachineTraces([{ path: "a.md", text }]), []);
});

test("a double number and an odd name of a migration are noticed", () => {
  const of = (...names: readonly string[]) => names.map((name) => ({ path: `server/migrations/${name}`, text: "" }));
  assert.equal(findMisnumberedMigrations(of("000001_a.sql", "000001_b.sql")).length, 1);
  assert.equal(findMisnumberedMigrations(of("1_a.sql")).length, 1);
  assert.deepEqual(findMisnumberedMigrations(of("000001_a.sql", "000003_b.sql")), []);
});
