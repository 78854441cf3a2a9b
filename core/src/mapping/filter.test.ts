import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { compileSources } from "./compile-sources.ts";
import { describeFilter } from "./describe-filter.ts";
import { compileFilter } from "./evaluate-filter.ts";
import {
  type Filter,
  type FilterGroup,
  type FilterNode,
  type FilterRule,
  filterOperators,
  filterSchema,
} from "./filter-schema.ts";
import { anIfFilter, sourceFields } from "./test-factories.ts";
import { matchesPattern } from "./text-match.ts";

const propertyRuns = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) };
const now = Date.UTC(2026, 0, 31, 12);

function compiled(filter: Filter) {
  const sources = compileSources(sourceFields, [{ name: "Provider", path: "profiles[0].provider" }], []);
  return compileFilter(filter, { findSource: sources.findForFilter, roots: sources.roots });
}

function passes(rules: FilterGroup, record: unknown, unavailable?: ReadonlySet<string>): boolean {
  const filter = compiled(anIfFilter(rules));
  if (filter.kind !== "if") throw new Error(JSON.stringify(filter));
  return filter.passes(record, now, unavailable);
}

function problemsOf(filter: Filter) {
  const result = compiled(filter);
  return result.kind === "invalid" ? result.problems : [];
}

type Operator = FilterRule["operator"];
type Case = readonly [Operator, FilterRule["value"], unknown, boolean];

const cases: readonly Case[] = [
  ["equals", "ada@example.com", " Ada@Example.com ", true],
  ["equals", "é", "e\u0301", true],
  ["equals", "7", "007", false],
  ["equals", 5, "5.0", true],
  ["equals", "5", 5, true],
  ["equals", true, "True", true],
  ["equals", "true", true, true],
  ["equals", "x", null, false],
  ["equals", "b", ["a", "B"], true],
  ["equals", "[object Object]", {}, false],
  ["not-equals", "x", undefined, true],
  ["not-equals", "b", ["a", "b"], false],
  ["contains", "EXAMPLE", "ada@example.com", true],
  ["contains", ".*", "ada@example.com", false],
  ["not-contains", "example", "ada@example.com", false],
  ["not-contains", "example", undefined, true],
  ["starts-with", "Ada", "ada@example.com", true],
  ["starts-with", "da", "ada", false],
  ["ends-with", "@Example.COM", "ada@example.com ", true],
  ["in-list", ["en", "DE"], "de", true],
  ["in-list", ["en"], undefined, false],
  ["not-in-list", ["en"], undefined, true],
  ["empty", undefined, undefined, true],
  ["empty", undefined, "  ", true],
  ["empty", undefined, [], true],
  ["empty", undefined, 0, false],
  ["empty", undefined, false, false],
  ["not-empty", undefined, {}, true],
  ["not-empty", undefined, null, false],
  ["before", "2026-01-01", "2025-12-31T23:59:59Z", true],
  ["before", "2026-01-01", "2026-01-01", false],
  ["before", "2026-01-01", "yesterday", false],
  ["before", "2026-01-01", null, false],
  ["after", "2026-01-01", "2026-01-01T23:00:00Z", false],
  ["after", "2026-01-01", "2026-01-02", true],
  ["after", "2026-01-01T10:00:00Z", "2026-01-01T10:00:01Z", true],
  ["within-last-days", 7, "2026-01-25", true],
  ["within-last-days", 7, "2026-01-24", false],
  ["within-last-days", 7, "2026-02-01", false],
  ["within-last-days", "7", "2026-01-30T10:00:00+02:00", true],
  ["greater", 10, 10.5, true],
  ["greater", 10, "11", true],
  ["greater", 10, 10, false],
  ["greater", 10, "eleven", false],
  ["less", 10, "-3.5", true],
  ["less", 10, null, false],
  ["less", 10, "", false],
  ["matches", "*@example.???", "ada@Example.com", true],
  ["matches", "ada", "ada@example.com", false],
  ["matches", "[a-z]+", "ada", false],
  ["matches", "?", "😀", true],
  ["matches", "*", undefined, false],
];

describe("a filter rule", () => {
  for (const [operator, value, found, expected] of cases) {
    const rule: FilterRule = value === undefined ? { field: "email", operator } : { field: "email", operator, value };
    const shown = `${JSON.stringify(found) ?? "nothing"} ${operator} ${JSON.stringify(value) ?? ""}`;
    test(`${shown}: ${expected ? "passes" : "does not pass"}`, () => {
      assert.equal(passes({ all: [rule] }, { email: found }), expected);
    });
  }

  test("reads connector fields, custom fields and paths", () => {
    const record = { timezone: "EDT", profiles: [{ provider: "saml" }], status: "on", a: { b: 1 } };
    for (const [field, value] of [
      ["timeZone", "edt"],
      ["Provider", "saml"],
      ["/status", "on"],
      ["{{status}}", "on"],
      ["a.b", 1],
    ] as const) {
      assert.ok(passes({ all: [{ field, operator: "equals", value }] }, record), field);
    }
  });
});

describe("filter groups", () => {
  const is = (value: string): FilterRule => ({ field: "locale", operator: "equals", value });

  test("need all or any of their members, nested", () => {
    const rules: FilterGroup = { all: [{ any: [is("en"), is("de")] }, { field: "email", operator: "not-empty" }] };
    assert.ok(passes(rules, { locale: "de", email: "a" }));
    assert.ok(!passes(rules, { locale: "fr", email: "a" }));
    assert.ok(!passes(rules, { locale: "de" }));
  });

  test("pass a record only when what was not read completely cannot matter", () => {
    const unread = new Set(["siteRole"]);
    const role: FilterRule = { field: "siteRole", operator: "empty" };
    const opposite: FilterRule = { field: "siteRole", operator: "not-empty" };
    const sibling: FilterRule = { field: "memberships[0].site", operator: "empty" };
    for (const rule of [role, opposite, sibling]) {
      assert.ok(!passes({ all: [rule] }, {}, unread));
      assert.ok(!passes({ all: [is("en"), rule] }, { locale: "en" }, unread));
      assert.ok(passes({ any: [rule, is("en")] }, { locale: "en" }, unread));
      assert.ok(!passes({ any: [rule, is("en")] }, { locale: "de" }, unread));
    }
    assert.ok(passes({ all: [role] }, {}, new Set()));
  });

  test("agree with the same rules evaluated one by one", () => {
    const leaf = fc.constantFrom<FilterRule>(is("en"), is("de"), { field: "email", operator: "empty" });
    const { group } = fc.letrec<{ group: FilterGroup; node: FilterNode }>((tie) => ({
      node: fc.oneof({ maxDepth: 4 }, leaf, tie("group")),
      group: fc
        .tuple(fc.boolean(), fc.array(tie("node"), { minLength: 1, maxLength: 3 }))
        .map(([isAll, nodes]) => (isAll ? { all: nodes } : { any: nodes })),
    }));
    const record = fc.record({ locale: fc.constantFrom("en", "de", "fr", null), email: fc.constantFrom("", "a") });
    const holds = (node: FilterNode, value: unknown): boolean => {
      if ("all" in node) return node.all.every((child) => holds(child, value));
      if ("any" in node) return node.any.some((child) => holds(child, value));
      return passes({ all: [node] }, value);
    };
    fc.assert(
      fc.property(group, record, (rules, value) => assert.equal(passes(rules, value), holds(rules, value))),
      propertyRuns,
    );
  });

  test("never throw, whatever the rule and the record", () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string()), fc.constant(undefined));
    fc.assert(
      fc.property(fc.constantFrom(...filterOperators), value, fc.anything(), (operator, wanted, found) => {
        const rule: FilterRule =
          wanted === undefined ? { field: "email", operator } : { field: "email", operator, value: wanted };
        const filter = compiled(anIfFilter({ all: [rule] }));
        if (filter.kind === "if") assert.equal(typeof filter.passes({ email: found }, now, undefined), "boolean");
        else
          assert.ok(
            filter.kind === "invalid" &&
              filter.problems.every(({ pointer }) => pointer.startsWith("/filter/rules/all/0/")),
          );
      }),
      propertyRuns,
    );
  });
});

describe("checking a filter", () => {
  test("reports every problem at its place", () => {
    const problems = problemsOf(
      anIfFilter({
        all: [
          { field: "emial", operator: "equals", value: "x" },
          { any: [{ field: "email", operator: "before", value: "soon" }] },
          { field: "a..b", operator: "empty", value: "x" },
          { field: "email", operator: "in-list", value: "x" },
        ],
      }),
    );
    assert.deepEqual(problems.map(({ pointer }) => pointer).sort(), [
      "/filter/rules/all/0/field",
      "/filter/rules/all/1/any/0/value",
      "/filter/rules/all/2/field",
      "/filter/rules/all/2/value",
      "/filter/rules/all/3/value",
    ]);
    assert.match(problems[0]?.message ?? "", /Did you mean email\?/);
  });

  const badValues: readonly (readonly [Operator, FilterRule["value"]])[] = [
    ["equals", undefined],
    ["equals", ["a"]],
    ["equals", " "],
    ["contains", ""],
    ["contains", true],
    ["in-list", []],
    ["in-list", [""]],
    ["not-empty", true],
    ["after", "2026-02-30"],
    ["after", 5],
    ["within-last-days", 0],
    ["within-last-days", "a week"],
    ["greater", "ten"],
    ["matches", "x".repeat(257)],
  ];
  for (const [operator, value] of badValues) {
    test(`refuses ${operator} with ${JSON.stringify(value)?.slice(0, 20) ?? "nothing"}`, () => {
      const rule: FilterRule = value === undefined ? { field: "email", operator } : { field: "email", operator, value };
      assert.deepEqual(
        problemsOf(anIfFilter({ all: [rule] })).map((problem) => problem.pointer),
        ["/filter/rules/all/0/value"],
      );
    });
  }

  test("refuses “create and update if” without rules, and looks at no rules for “always”", () => {
    assert.deepEqual(
      problemsOf(anIfFilter(null)).map(({ pointer }) => pointer),
      ["/filter/rules"],
    );
    const rules: FilterGroup = { all: [{ field: "nothing", operator: "equals" }] };
    assert.deepEqual(problemsOf({ ...anIfFilter(rules), mode: "always" }), []);
  });

  test("the schema refuses endless nesting with a problem instead of running out of stack", () => {
    let rules: unknown = { field: "email", operator: "empty" };
    for (let depth = 0; depth < 8; depth++) rules = { all: [rules] };
    assert.ok(filterSchema.safeParse({ mode: "if", rules }).success);
    for (let depth = 0; depth < 50_000; depth++) rules = { all: [rules] };
    const result = filterSchema.safeParse({ mode: "if", rules });
    assert.deepEqual(
      result.error?.issues.map(({ path }) => path),
      [["rules"]],
    );
    assert.match(result.error?.issues[0]?.message ?? "", /more than 8 deep/);
  });

  test("the schema refuses text that cannot be stored, and still describes itself as JSON Schema", () => {
    const rules = { all: [{ field: "email", operator: "equals", value: "\u0000" }] };
    assert.ok(!filterSchema.safeParse({ mode: "if", rules }).success);
    assert.match(JSON.stringify(z.toJSONSchema(filterSchema, { io: "input" })), /within-last-days/);
  });
});

test("a pattern matches as the same pattern spelled as a regular expression does", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "😀", "."), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "😀", "."), maxLength: 10 });
  fc.assert(
    fc.property(pattern, text, (wanted, found) => {
      const source = wanted.replaceAll(".", "\\.").replaceAll("*", ".*").replaceAll("?", ".");
      assert.equal(matchesPattern(found, wanted), new RegExp(`^${source}$`, "su").test(found));
    }),
    propertyRuns,
  );
});

test("a pattern made for backtracking on the longest text still ends", () => {
  assert.equal(matchesPattern("a".repeat(10_000), `${"*a".repeat(127)}b`), false);
  assert.equal(matchesPattern("a".repeat(10_001), "*"), false);
});

test("a filter is described in plain words", () => {
  const rules: FilterGroup = {
    all: [
      { field: "email", operator: "ends-with", value: "@example.com" },
      {
        any: [
          { field: "locale", operator: "in-list", value: ["en", "de"] },
          { field: "verifiedTime", operator: "within-last-days", value: 1 },
          { field: "name", operator: "empty" },
        ],
      },
    ],
  };
  const labels = new Map(sourceFields.map(({ id, label }) => [id, label]));
  assert.equal(
    describeFilter(anIfFilter(rules), labels),
    "Create and update if Email ends with “@example.com” and (Locale is one of “en”, “de” or Verified Time is within the last 1 day or Name is empty)",
  );
  assert.equal(describeFilter(filterSchema.parse({})), "Always create and update");
});
