import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parsePath } from "@rollcall/core/mapping/path.ts";
import fc from "fast-check";
import {
  constantSource,
  constantText,
  mapTarget,
  removeCustomField,
  replaceCustomField,
  setSyncKeys,
  syncKeyTargets,
  unmapTarget,
} from "./mapping-draft.ts";

const mapping = {
  rules: [
    { source: "email", target: "email", syncKey: 1 },
    { source: "id", target: "username", syncKey: 2, writeSyncKey: true },
    { source: "Provider", target: "department" },
  ],
  customFields: [{ name: "Provider", path: "profiles[0].provider" }],
};

describe("a mapping that is being edited", () => {
  test("a target that is mapped anew keeps its sync key and loses the functions of the old source", () => {
    const before = {
      ...mapping,
      rules: [{ source: "email", target: "email", syncKey: 1, functions: [{ name: "lower" as const }] }],
    };
    assert.deepEqual(mapTarget(before, "email", "name").rules, [{ source: "name", target: "email", syncKey: 1 }]);
  });

  test("when a sync key is removed the others move up", () => {
    assert.deepEqual(syncKeyTargets(unmapTarget(mapping, "email")), ["username"]);
    assert.equal(unmapTarget(mapping, "email").rules[0]?.syncKey, 1);
  });

  test("the first sync key has no choice about being written", () => {
    const swapped = setSyncKeys(mapping, ["username", "email"]);
    assert.deepEqual(swapped.rules[1], { source: "id", target: "username", syncKey: 1 });
  });

  test("rules follow a renamed custom field and go with a removed one", () => {
    const renamed = replaceCustomField(mapping, "Provider", { name: "Source", path: "/provider" });
    assert.equal(renamed.rules[2]?.source, "Source");
    assert.equal(removeCustomField(mapping, "Provider").rules.length, 2);
  });

  test("any text survives being written as a constant", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const source = constantSource(text);
        const parsed = parsePath(source);
        assert.equal(constantText(source), text);
        if (parsed.kind === "ok") assert.deepEqual(parsed.path, { kind: "constant", value: text });
      }),
    );
  });
});
