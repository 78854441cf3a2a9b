import assert from "node:assert/strict";
import { test } from "node:test";
import { errorTable } from "@rollcall/core/errors.ts";
import fc from "fast-check";
import { errorsPage } from "./errors-page.ts";
import { formatJson } from "./format-json.ts";
import { markdownTable } from "./markdown-table.ts";

test("formatted JSON says what the value says", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) =>
      assert.deepEqual(JSON.parse(formatJson(value)), JSON.parse(JSON.stringify(value))),
    ),
  );
});

test("formatted JSON breaks what does not fit into a line, and nothing else", () => {
  const long = "x".repeat(80);
  assert.equal(
    formatJson({ a: [1, 2], b: { c: long, d: long } }),
    `{\n  "a": [1,2],\n  "b": {\n    "c": "${long}",\n    "d": "${long}"\n  }\n}\n`,
  );
});

test("a pipe or a line end in a cell does not break a table", () => {
  assert.equal(markdownTable(["a"], [["b | c\nd"]]), "| a |\n| --- |\n| b \\| c d |");
});

test("the page of codes has every error code", () => {
  const page = errorsPage();
  assert.deepEqual(
    Object.keys(errorTable).filter((code) => !page.includes(`\`${code}\``)),
    [],
  );
});
