import assert from "node:assert/strict";
import { test } from "node:test";
import { findUnknownNames } from "./unknown-names.ts";

const repository = [
  { path: "package.json", text: '{ "scripts": { "check": "node check.ts" } }' },
  {
    path: "core/src/errors.ts",
    text: 'export const errorTable = { "vendor.forbidden": 1 }; process.env.ROLLCALL_ROLE;',
  },
  { path: "docs/operations.md", text: "" },
];

function unknownIn(text: string): readonly string[] {
  return findUnknownNames([...repository, { path: "docs/a.md", text }]);
}

for (const cited of [
  "`core/src/mistakes.ts`",
  "`mistakes.ts`",
  "[operations](operation.md)",
  "[readme](../READ.md)",
  "`npm run chek`",
  "`mistakeTable`",
  "`ROLLCALL_ROLES`",
  "`vendor.forbiden`",
  "```\ncore/src/mistakes.ts  the table\n```",
  "```\nnpm run chek\n```",
]) {
  test(`a document may not name ${cited.replaceAll("\n", " ")}`, () => assert.equal(unknownIn(cited).length, 1));
}

test("a document may name what there is, and things that are no names", () => {
  const text = [
    "`core/src/errors.ts`, `errors.ts`, `core/`, `core/src/<name>.ts`, [operations](operations.md#keys), [x](https://example.com)",
    "`npm run check`, `npm ci`, `errorTable`, `ROLLCALL_ROLE`, `vendor.forbidden`, `{ from: … }`, `GET /sites`, `kill -9`",
    "```\nerrors.ts  the table\n```",
  ].join("\n");
  assert.deepEqual(unknownIn(text), []);
});
