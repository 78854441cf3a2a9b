import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CodeFile, parseCode } from "./code-file.ts";
import {
  findBadNames,
  findIdleTests,
  findImpurities,
  findLongFiles,
  findOddSyntax,
  findStrayFetches,
  findStraySql,
} from "./code-rules.ts";

function count(rule: (files: readonly CodeFile[]) => readonly string[], path: string, text: string): number {
  return rule([parseCode({ path, text })]).length;
}

describe("the core", () => {
  const core = "core/src/mapping/a.ts";
  for (const text of [
    "Date.now();",
    "new Date();",
    "Date();",
    "Math.random();",
    "process.env.X;",
    "await fetch(url);",
  ]) {
    test(`may not say ${text}`, () => assert.ok(count(findImpurities, core, text) > 0));
  }
  test("may make a date of a number, and its tests may know the environment", () => {
    assert.equal(count(findImpurities, core, "new Date(7); x.process; ({ fetch: 1 });"), 0);
    assert.equal(count(findImpurities, "core/src/mapping/a.test.ts", "process.env.RUNS;"), 0);
  });
});

describe("SQL", () => {
  for (const text of [
    "query(`select id from person where id = $" + "{id}`);",
    'query("update run set status = $1");',
    'query("with seen as (select 1) select 2");',
    "sql`a = b`;",
    'transaction.kysely.insertInto("run");',
  ]) {
    test(`is noticed outside its homes: ${text}`, () => {
      assert.equal(count(findStraySql, "server/src/features/runs/start-run.ts", text), 1);
      assert.equal(count(findStraySql, "server/src/features/runs/run-store.ts", text), 0);
      assert.equal(count(findStraySql, "server/src/sync/plan/collect-work.ts", text), 0);
    });
  }
  test("is not seen in sentences", () => {
    assert.equal(
      count(findStraySql, "server/src/http/a.ts", '["Select a person.", "Update the run.", "with one as"];'),
      0,
    );
  });
});

test("a request that goes around vendor-http is noticed", () => {
  assert.equal(count(findStrayFetches, "server/src/features/runs/a.ts", "await fetch(url);"), 1);
  assert.equal(count(findStrayFetches, "cli/src/api/a.ts", "await fetch(url);"), 0);
});

describe("syntax", () => {
  for (const text of [
    "enum A { b }",
    "namespace a { export const b = 1; }",
    "@sealed class A {}",
    'export * from "./b.ts";',
    "export default 1;",
    "export default function a() {}",
    "class A extends B {}",
  ]) {
    test(`is not to hold ${text}`, () => assert.equal(count(findOddSyntax, "core/src/a.ts", text), 1));
  }
  test("may hold errors of its own, and interfaces that extend others", () => {
    const text = "class A extends Error {} interface B extends C {} declare module 'x' { interface D {} }";
    assert.equal(count(findOddSyntax, "core/src/a.ts", text), 0);
  });
});

describe("names", () => {
  for (const path of ["core/src/index.ts", "core/src/utils.ts", "core/src/helpers/a.ts", "core/src/mapRecord.ts"]) {
    test(`${path} is refused`, () => assert.equal(count(findBadNames, path, ""), 1));
  }
  test("a file's one export has something of its name", () => {
    assert.equal(count(findBadNames, "core/src/map-record.ts", "export function judgeCoverage() {}"), 1);
    assert.equal(count(findBadNames, "core/src/map-record.ts", "export function mapRecord() {}"), 0);
    assert.equal(count(findBadNames, "server/src/runs.routes.ts", "export async function runRoutes() {}"), 0);
  });
});

test("a file that is too long is noticed", () => {
  assert.equal(count(findLongFiles, "core/src/a.ts", "a;\n".repeat(401)), 1);
  assert.equal(count(findLongFiles, "core/src/a.ts", "a;\n".repeat(400)), 0);
});

describe("tests", () => {
  const file = "core/src/a.test.ts";
  for (const text of [
    "const a = 1;",
    "test.only(`a`, f);",
    "test(`a`, f); describe.skip(`b`, f);",
    "test(`a`, { todo: true }, f);",
  ]) {
    test(`are idle in ${text}`, () => assert.equal(count(findIdleTests, file, text) > 0, true));
  }
  test("may skip themselves where the machine lacks something", () => {
    assert.equal(count(findIdleTests, file, 'test("a", (t) => { if (isWindows) t.skip("no users here"); });'), 0);
  });
});
