import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseCode } from "./code-file.ts";
import { findForbiddenImports } from "./import-rules.ts";

/** The problems of one file with one import. */
function problemsOf(path: string, statement: string): readonly string[] {
  return findForbiddenImports([parseCode({ path, text: `${statement}\n` })]);
}

const forbidden: readonly (readonly [title: string, path: string, statement: string])[] = [
  ["the sandbox knows the product", "sandbox/src/a.ts", 'import { x } from "@rollcall/core/errors.ts";'],
  ["the command line knows the server", "cli/src/a.ts", 'import { x } from "@rollcall/server/http/app.ts";'],
  ["the console knows the server", "console/src/a.ts", 'import type { X } from "@rollcall/server/http/app.ts";'],
  ["vendor-http knows the server", "vendor-http/src/a.ts", 'import { x } from "../../server/src/queue/engine.ts";'],
  ["reconcile knows the contract", "core/src/reconcile/a.ts", 'import { x } from "../contract/runs.ts";'],
  ["the core reads files", "core/src/mapping/a.ts", 'import { x } from "node:fs";'],
  ["the core takes another package", "core/src/mapping/a.ts", 'import { x } from "kysely";'],
  ["a feature starts a run by itself", "server/src/features/runs/a.ts", 'import { x } from "../../sync/run-sync.ts";'],
  [
    "a feature asks a vendor",
    "server/src/features/runs/a.ts",
    'import { x } from "@rollcall/vendor-http/vendor-client.ts";',
  ],
  [
    "a feature writes another's rows",
    "server/src/features/saas/a.ts",
    'import { x } from "../people/person-store.ts";',
  ],
  ["a feature needs http at run time", "server/src/features/runs/a.ts", 'import { x } from "../../http/app-parts.ts";'],
  ["http reaches for a run", "server/src/http/a.ts", 'import { x } from "../sync/run-sync.ts";'],
  ["somebody imports main", "server/test/a.ts", 'await import("@rollcall/server/main.ts");'],
  ["the product imports its tests", "server/src/http/a.ts", 'import { x } from "@rollcall/server/test/call-api.ts";'],
  ["another room opens sockets to vendors", "server/src/sync/a.ts", 'import { request } from "undici";'],
  ["another room opens database connections", "server/src/sync/a.ts", 'import pg from "pg";'],
  ["an end is proven elsewhere", "core/src/connector/a.ts", 'import { proveEnd } from "./listing-state.ts";'],
  [
    "a checkpoint is read elsewhere",
    "server/src/sync/a.ts",
    'import { readListingState as x } from "@rollcall/core/connector/listing-state.ts";',
  ],
  [
    "something is passed on from a forbidden room",
    "core/src/reconcile/a.ts",
    'export { x } from "../contract/runs.ts";',
  ],
];

const allowed: readonly (readonly [title: string, path: string, statement: string])[] = [
  ["files of one room know each other", "core/src/mapping/a.ts", 'import { x } from "./b.ts";'],
  ["a room below is part of the one above", "server/src/postgres/a.ts", 'import { x } from "./embedded/b.ts";'],
  ["sync calls commands", "server/src/sync/a.ts", 'import { x } from "../features/runs/run-store.ts";'],
  [
    "a feature asks another's queries",
    "server/src/features/saas/a.ts",
    'import { x } from "../fields/field-queries.ts";',
  ],
  [
    "a feature names a type of another's store",
    "server/src/features/saas/a.ts",
    'import type { X } from "../people/person-store.ts";',
  ],
  ["everybody writes the audit log", "server/src/features/saas/a.ts", 'import { x } from "../audit/audit-store.ts";'],
  [
    "routes name the application's type",
    "server/src/features/runs/a.ts",
    'import type { App } from "../../http/app-parts.ts";',
  ],
  [
    "a test of the server talks to the sandbox",
    "server/src/sync/a.test.ts",
    'import { x } from "@rollcall/sandbox/main.ts";',
  ],
  ["a test of the core makes properties", "core/src/mapping/a.test.ts", 'import fc from "fast-check";'],
  ["a type of node:http opens no socket", "server/src/http/a.ts", 'import type { IncomingMessage } from "node:http";'],
  ["paging proves ends", "core/src/connector/paginate.ts", 'import { proveEnd } from "./listing-state.ts";'],
];

describe("imports", () => {
  for (const [title, path, statement] of forbidden) {
    test(`are refused where ${title}`, () => assert.equal(problemsOf(path, statement).length, 1));
  }
  for (const [title, path, statement] of allowed) {
    test(`are fine where ${title}`, () => assert.deepEqual(problemsOf(path, statement), []));
  }

  test("the sentence names the file, what it imports and the rule", () => {
    const [problem] = problemsOf("cli/src/a.ts", 'import { x } from "@rollcall/server/http/app.ts";');
    assert.equal(problem, "cli/src/a.ts imports server/src/http/app.ts: cli may import core, vendor-http");
  });
});
