import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type CodeFile, parseCode } from "./house-rules/code-file.ts";
import {
  findBadNames,
  findIdleTests,
  findImpurities,
  findLongFiles,
  findOddSyntax,
  findStrayFetches,
  findStraySql,
} from "./house-rules/code-rules.ts";
import { findForbiddenImports } from "./house-rules/import-rules.ts";
import { readSources } from "./house-rules/source.ts";
import { findMachineTraces, findMisnumberedMigrations } from "./house-rules/text-rules.ts";
import { findUnknownNames } from "./house-rules/unknown-names.ts";

const sources = await readSources(join(import.meta.dirname, ".."));
const code: readonly CodeFile[] = sources.filter(({ path }) => /\.tsx?$/.test(path)).map(parseCode);

describe("the house rules", () => {
  test("look at all of the code", () => {
    for (const folder of ["core/src/", "vendor-http/src/", "server/src/", "cli/src/", "sandbox/src/", "test/"]) {
      assert.ok(
        code.some(({ path }) => path.startsWith(folder)),
        folder,
      );
    }
  });

  test("files import only what their room may know", () => holds(findForbiddenImports(code)));
  test("the core knows neither clock nor chance nor the world", () => holds(findImpurities(code)));
  test("SQL stays in its homes", () => holds(findStraySql(code)));
  test("only vendor-http asks vendors", () => holds(findStrayFetches(code)));
  test("code does without enums, decorators, inheritance and default exports", () => holds(findOddSyntax(code)));
  test("files are named after an idea and export something of that name", () => holds(findBadNames(code)));
  test("files are short", () => holds(findLongFiles(code)));
  test("every test file tests, and no test is set aside", () => holds(findIdleTests(code)));
  test("documents name only what exists", () => holds(findUnknownNames(sources)));
  test("nothing tells of the machine it was written on", () => holds(findMachineTraces(sources)));
  test("every migration has a number of its own", () => holds(findMisnumberedMigrations(sources)));
});

function holds(problems: readonly string[]): void {
  assert.equal(problems.join("\n"), "");
}
