import assert from "node:assert/strict";
import { test } from "node:test";
import { reliabilityPage } from "./reliability-page.ts";

const line = (page: string, number: string) => page.split("\n").find((each) => each.startsWith(`| ${number} |`)) ?? "";

test("the page of reliability finds each promise's tests and figures by the numbers at the start of their names", () => {
  const page = reliabilityPage(
    [
      { path: "a/b.test.ts", text: 'test("C11 C12 kills nothing", () => {});\ntest("of no promise", () => {});' },
      { path: "a/c.test.ts", text: `test(\n    \`A1 page \${page}: \${name} is a gap\`, () => {});` },
      { path: "a/some-laws.ts", text: '{ name: "A5 never", holds }' },
    ],
    { A5: { measured: "10,000 histories", on: "2026-01-02" } },
  );
  assert.match(line(page, "C11"), /kills nothing \(\[b\.test\.ts\]\(\.\.\/a\/b\.test\.ts\)\)/);
  assert.match(line(page, "C12"), /kills nothing/);
  assert.match(line(page, "A1"), /page …: … is a gap/);
  assert.match(line(page, "A5"), /never.*10,000 histories \(2026-01-02\)/);
  assert.match(line(page, "C13"), /none yet/);
  assert.doesNotMatch(page, /of no promise/);
});
