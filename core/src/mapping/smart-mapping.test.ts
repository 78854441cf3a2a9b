import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileMapping } from "./compile-mapping.ts";
import { fieldTypes } from "./mapping-schema.ts";
import { proposeMapping } from "./smart-mapping.ts";
import { aMappingInput, aTargetField, sourceFields, targetFields } from "./test-factories.ts";

const propertyRuns = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) };

test("proposes fields of the same name or meaning, and what is mandatory", () => {
  assert.deepEqual(proposeMapping(sourceFields, targetFields), [
    { source: "email", target: "username" },
    { source: "email", target: "email", syncKey: 1 },
    { source: '{{"User"}}', target: "role" },
    { source: "name", target: "fullName" },
    { source: "locale", target: "locale" },
    { source: "timeZone", target: "timeZone" },
    { source: "siteRole", target: "saas.role" },
    { source: "verified", target: "saas.verified" },
  ]);
});

test("finds synonyms and labels without regard to case, accents and separators", () => {
  const sources = [
    { id: "Given-Name", label: "Vorname", path: "/a" },
    { id: "x1", label: "E-Mail Address", path: "/b" },
    { id: "x2", label: "Prénom usuel", path: "/c" },
  ];
  const targets = [
    aTargetField({ name: "firstName" }),
    aTargetField({ name: "email", unique: true }),
    aTargetField({ name: "prenomUsuel" }),
  ];
  assert.deepEqual(proposeMapping(sources, targets), [
    { source: "Given-Name", target: "firstName" },
    { source: "x1", target: "email", syncKey: 1 },
    { source: "x2", target: "prenomUsuel" },
  ]);
});

test("a proposal for this vendor and inventory passes every check", () => {
  const rules = proposeMapping(sourceFields, targetFields);
  assert.equal(compileMapping(aMappingInput({ rules })).kind, "ok");
});

test("proposes each target at most once and only what exists, for any fields", () => {
  const name = fc.oneof(fc.constantFrom("email", "Name", "user id", "★"), fc.string({ minLength: 1 }));
  const sources = fc.array(fc.record({ id: name, label: name, path: fc.constant("/x") }));
  const targets = fc.uniqueArray(
    fc.record({
      name,
      label: name,
      type: fc.constantFrom(...fieldTypes),
      unique: fc.boolean(),
      mandatory: fc.boolean(),
    }),
    { selector: (field) => field.name },
  );
  fc.assert(
    fc.property(sources, targets, (from, to) => {
      const rules = proposeMapping(from, to);
      assert.equal(new Set(rules.map((rule) => rule.target)).size, rules.length);
      for (const rule of rules) {
        assert.ok(to.some((field) => field.name === rule.target));
        assert.ok(rule.source === '{{"User"}}' || from.some((field) => field.id === rule.source));
      }
      assert.ok(rules.filter((rule) => rule.syncKey !== undefined).length <= 1);
    }),
    propertyRuns,
  );
});
