import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Manifest } from "./manifest.ts";
import { smallestManifest } from "./manifest-examples.ts";
import { parseManifest } from "./parse-manifest.ts";
import { readInputs } from "./read-inputs.ts";

function aManifest(): Manifest {
  const help = "Help.";
  const parsed = parseManifest({
    ...smallestManifest,
    inputs: {
      ...smallestManifest.inputs,
      account: { kind: "integer", label: "Account", optional: true, min: 1, max: 9, help },
      sites: { kind: "list", label: "Sites", items: "integer", all: true, default: "all", help },
      rule: {
        kind: "choice",
        label: "Rule",
        default: "a",
        choices: [
          { value: "a", label: "A" },
          { value: "b", label: "B" },
        ],
        help,
      },
      empty: { kind: "yes-no", label: "Empty", default: false, help },
      team: { kind: "text", label: "Team", help },
    },
  });
  if (parsed.kind === "invalid") throw new Error(JSON.stringify(parsed.problems));
  return parsed.manifest;
}

const pointers = (entered: Readonly<Record<string, unknown>>) => {
  const read = readInputs(aManifest(), { team: "x", ...entered });
  return read.kind === "ok" ? [] : read.problems.map((problem) => problem.pointer);
};

describe("a connector's inputs", () => {
  test("are filled in with their defaults; an optional one left empty is null", () => {
    const read = readInputs(aManifest(), { team: "x", account: "" });
    assert.deepEqual(read, {
      kind: "ok",
      inputs: {
        baseUrl: "https://api.example.com",
        perPage: 100,
        account: null,
        sites: "all",
        rule: "a",
        empty: false,
        team: "x",
      },
    });
  });

  test("are read by their type", () => {
    const entered = {
      baseUrl: "https://Proxy.example.com/x/",
      perPage: "25",
      account: 3,
      sites: ["4", 5],
      rule: "b",
      empty: true,
    };
    const read = readInputs(aManifest(), { team: "x", ...entered });
    assert.deepEqual(read.kind === "ok" && read.inputs, {
      baseUrl: "https://proxy.example.com/x",
      perPage: 25,
      account: 3,
      sites: [4, 5],
      rule: "b",
      empty: true,
      team: "x",
    });
  });

  test("that do not fit are named by pointer", () => {
    assert.deepEqual(pointers({ team: "" }), ["/team"]);
    assert.deepEqual(pointers({ unknown: 1 }), ["/unknown"]);
    for (const perPage of [0, 201, 1.5, "1e2", "ten", true, []]) assert.deepEqual(pointers({ perPage }), ["/perPage"]);
    for (const sites of ["some", [], ["x"], [1.5], 7, {}]) assert.deepEqual(pointers({ sites }), ["/sites"]);
    assert.deepEqual(pointers({ rule: "c", empty: "yes" }), ["/rule", "/empty"]);
    const urls = [
      "ftp://a.example.com",
      "api.example.com",
      "https://u:p@a.example.com",
      "https://a.example.com/?q=1",
      7,
    ];
    for (const baseUrl of urls) assert.deepEqual(pointers({ baseUrl }), ["/baseUrl"], String(baseUrl));
  });
});
