import assert from "node:assert/strict";
import { test } from "node:test";
import { groupTests, isSelected, readCounts } from "./test-groups.ts";

test("every test file is in exactly one group", () => {
  const paths = [
    "test/chaos/kill.test.ts",
    "test/house-rules.test.ts",
    "server/src/queue/engine.test.ts",
    "server/src/http/app.test.ts",
    "cli/src/connector-folder.test.ts",
    "core/src/errors.test.ts",
    "somewhere/new.test.ts",
  ];
  const grouped = groupTests(paths).flatMap(({ files }) => files);
  assert.deepEqual(grouped.toSorted(), paths.toSorted());
});

test("files that start the whole product run alone, each in a process of its own", () => {
  const [group] = groupTests(["test/e2e/console.test.ts"]);
  assert.deepEqual([group?.alone, group?.separate], [true, true]);
});

test("nightly files run at night, or when they are named", () => {
  const path = "core/src/reconcile/plan.nightly.test.ts";
  assert.equal(isSelected(path, { patterns: [], nightly: false }), false);
  assert.equal(isSelected(path, { patterns: [], nightly: true }), true);
  assert.equal(isSelected(path, { patterns: ["plan.nightly"], nightly: false }), true);
  assert.equal(isSelected("core/src/plan.test.ts", { patterns: ["queue"], nightly: false }), false);
  assert.equal(isSelected("core/src/plan.test.ts", { patterns: [], nightly: false }), true);
});

test("counts are read from the end of the report, and a report without an end has none", () => {
  const report =
    "✔ a\nℹ tests 4\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\nℹ duration_ms 9\n";
  assert.deepEqual(readCounts(report), { passed: 2, failed: 2, skipped: 1 });
  assert.equal(readCounts("✔ a\nSegmentation fault\n"), undefined);
});
