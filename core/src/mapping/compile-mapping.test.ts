import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compileMapping } from "./compile-mapping.ts";
import { filterSchema } from "./filter-schema.ts";
import { mappingSchema } from "./mapping-schema.ts";
import { aCompiledMapping, aMappingInput, aTargetField, essentialRules, targetFields } from "./test-factories.ts";

const propertyRuns = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) };

type Changes = Parameters<typeof aMappingInput>[0];

function problemsOf(changes: Changes): readonly (readonly [string, string])[] {
  const result = compileMapping(aMappingInput(changes));
  return result.kind === "invalid" ? result.problems.map(({ pointer, message }) => [pointer, message]) : [];
}

const withRule = (rule: object): Changes => ({ rules: [...essentialRules, rule] });
const withCustomFields = (...customFields: object[]): Changes => ({ customFields });

const refused: readonly (readonly [string, Changes, string, RegExp])[] = [
  [
    "an unknown source",
    withRule({ source: "emial", target: "fullName" }),
    "/mapping/rules/3/source",
    /Did you mean email\?/,
  ],
  [
    "a source from a prototype",
    withRule({ source: "constructor", target: "fullName" }),
    "/mapping/rules/3/source",
    /no field/,
  ],
  [
    "a path as source",
    withRule({ source: "{{a.b}}", target: "fullName" }),
    "/mapping/rules/3/source",
    /add a custom field/,
  ],
  [
    "a broken constant",
    withRule({ source: '{{"User}}', target: "fullName" }),
    "/mapping/rules/3/source",
    /quotation mark/,
  ],
  [
    "an unknown target",
    withRule({ source: "name", target: "fulName" }),
    "/mapping/rules/3/target",
    /Did you mean fullName\?/,
  ],
  [
    "a target mapped twice",
    withRule({ source: "name", target: "role" }),
    "/mapping/rules/3/target",
    /already mapped by rule 3/,
  ],
  [
    "a sync key that is not unique",
    withRule({ source: "name", target: "fullName", syncKey: 2 }),
    "/mapping/rules/3/syncKey",
    /use username or email/,
  ],
  [
    "a sync key of the SaaS user",
    withRule({ source: "siteRole", target: "saas.role", syncKey: 2 }),
    "/mapping/rules/3/syncKey",
    /People field/,
  ],
  [
    "a tracking field as sync key",
    {
      ...withRule({ source: "connect.credentials", target: "badge", syncKey: 2 }),
      targetFields: [...targetFields, aTargetField({ name: "badge", unique: true })],
    },
    "/mapping/rules/3/syncKey",
    /no sync key/,
  ],
  [
    "a tracking field with functions",
    withRule({ source: "connector.syncTime", target: "fullName", functions: [{ name: "trim" }] }),
    "/mapping/rules/3/functions",
    /no functions/,
  ],
  [
    "a tracking field in a number field",
    withRule({ source: "connector.syncTime", target: "seats" }),
    "/mapping/rules/3/target",
    /text or date-time/,
  ],
  [
    "a function's bad argument",
    withRule({
      source: "name",
      target: "fullName",
      functions: [{ name: "trim" }, { name: "date-format", format: "hh" }],
    }),
    "/mapping/rules/3/functions/1/format",
    /not hh/,
  ],
  [
    "a constant that does not fit",
    withRule({ source: '{{"many"}}', target: "seats" }),
    "/mapping/rules/3/source",
    /whole number/,
  ],
  [
    "a bad custom path",
    withCustomFields({ name: "A", path: "a..b" }),
    "/mapping/customFields/0/path",
    /missing beside the dot/,
  ],
  [
    "a custom name used twice",
    withCustomFields({ name: "A", path: "a" }, { name: " a", path: "b" }),
    "/mapping/customFields/1/name",
    /another custom field/,
  ],
  [
    "a custom name of a connector field",
    withCustomFields({ name: "time zone", path: "a" }),
    "/mapping/customFields/0/name",
    /field of the connector/,
  ],
  [
    "an unknown filter field",
    { filter: { mode: "if", rules: { all: [{ field: "x", operator: "empty" }] } } },
    "/filter/rules/all/0/field",
    /no field/,
  ],
  ["a filter without rules", { filter: { mode: "if" } }, "/filter/rules", /no rules/],
  ["a connector without a readable key path", { keyPath: "id" }, "/connector", /key is defective/],
  [
    "a connector with a bad activity path",
    { activity: { kind: "field", path: "~", active: [], inactive: [] } },
    "/connector",
    /activity rule is defective/,
  ],
  [
    "a mandatory field not mapped",
    { targetFields: [...targetFields, aTargetField({ name: "site", mandatory: true })] },
    "/mapping/rules",
    /“site” is not mapped/,
  ],
  [
    "no sync key",
    { rules: [{ source: "email", target: "email" }, ...essentialRules.slice(1)] },
    "/mapping/rules",
    /No sync key/,
  ],
  [
    "a gap in the sync keys",
    { rules: [{ source: "email", target: "email", syncKey: 2 }, ...essentialRules.slice(1)] },
    "/mapping/rules/0/syncKey",
    /no sync key 1/,
  ],
  [
    "a priority used twice",
    { rules: [essentialRules[0], { source: "email", target: "username", syncKey: 1 }, essentialRules[2]] },
    "/mapping/rules/1/syncKey",
    /already taken by rule 1/,
  ],
  [
    "a constant for a unique field",
    { rules: [essentialRules[0], { source: '{{"me"}}', target: "username" }, essentialRules[2]] },
    "/mapping/rules/1/source",
    /same for everybody/,
  ],
  [
    "a constant custom field as sync key",
    {
      rules: [{ source: "C", target: "email", syncKey: 1 }, ...essentialRules.slice(1)],
      customFields: [{ name: "C", path: '{{"x"}}' }],
    },
    "/mapping/rules/0/source",
    /cannot be a sync key/,
  ],
  [
    "an empty constant for a mandatory field",
    { rules: [...essentialRules.slice(0, 2), { source: '{{""}}', target: "role" }] },
    "/mapping/rules/2/source",
    /mandatory/,
  ],
];

describe("compileMapping", () => {
  test("accepts the essential mapping", () => assert.deepEqual(problemsOf({}), []));

  for (const [what, changes, pointer, message] of refused) {
    test(`refuses ${what}`, () => {
      const problems = problemsOf(changes);
      assert.deepEqual(
        problems.map(([at]) => at),
        [pointer],
      );
      assert.match(problems[0]?.[1] ?? "", message);
    });
  }

  test("reports every problem, not only the first", () => {
    const problems = problemsOf({
      rules: [{ source: "nobody", target: "nowhere", syncKey: 3, functions: [{ name: "map-table", table: {} }] }],
      customFields: [{ name: "email", path: "[" }],
      filter: { mode: "if", rules: { any: [{ field: "email", operator: "less", value: "x" }] } },
      keyPath: "",
    });
    assert.deepEqual(problems.map(([pointer]) => pointer).sort(), [
      "/connector",
      "/filter/rules/any/0/value",
      "/mapping/customFields/0/name",
      "/mapping/customFields/0/path",
      "/mapping/rules",
      "/mapping/rules",
      "/mapping/rules",
      "/mapping/rules/0/functions/0/table",
      "/mapping/rules/0/source",
      "/mapping/rules/0/syncKey",
      "/mapping/rules/0/target",
    ]);
  });

  test("a faulty custom field is not reported again where it is used", () => {
    const problems = problemsOf({
      ...withRule({ source: "Bad", target: "fullName" }),
      customFields: [{ name: "Bad", path: "a[" }],
    });
    assert.deepEqual(
      problems.map(([pointer]) => pointer),
      ["/mapping/customFields/0/path"],
    );
  });

  test("lists the tracking fields apart from the fields it writes", () => {
    const rules = [
      ...essentialRules,
      { source: "connector.syncTime", target: "syncTime" },
      { source: "connect.credentials", target: "fullName" },
    ];
    const compiled = aCompiledMapping({ rules });
    assert.deepEqual(compiled.tracking, [
      { target: "syncTime", source: "connector.syncTime" },
      { target: "fullName", source: "connect.credentials" },
    ]);
    assert.deepEqual(
      compiled.fields.map(({ target }) => target),
      ["email", "role", "username"],
    );
  });

  test("says when each target may be written; a sync key that only finds is written on creation at most", () => {
    const rules = [
      essentialRules[0],
      { source: "email", target: "username", syncKey: 2 },
      { source: '{{"User"}}', target: "role", policy: "when-empty" },
    ];
    const { policies } = aCompiledMapping({ rules });
    assert.deepEqual([...policies].sort(), [
      ["email", "always"],
      ["role", "when-empty"],
      ["username", "on-create"],
    ]);
  });

  test("no target can set the prototype of an outcome, even if the inventory had a field of that name", () => {
    const fields = [...targetFields, aTargetField({ name: "__proto__" })];
    assert.equal(problemsOf({ ...withRule({ source: "name", target: "__proto__" }), targetFields: fields }).length, 1);
  });

  test("gives a mapping or problems with pointers for every document the schema accepts, and never throws", () => {
    const name = fc.oneof(
      fc.constantFrom("email", "role", "username", "saas.role", "__proto__", '{{"x"}}', "{{"),
      fc.string({ unit: "binary" }),
    );
    const rule = fc.record(
      {
        source: name,
        target: name,
        syncKey: fc.integer(),
        writeSyncKey: fc.boolean(),
        functions: fc.array(
          fc.record({
            name: fc.constantFrom("trim", "split", "date-parse"),
            separator: fc.string(),
            format: fc.string(),
          }),
        ),
      },
      { requiredKeys: ["source", "target"] },
    );
    const document = fc.record({ rules: fc.array(rule), customFields: fc.array(fc.record({ name, path: name })) });
    const filter = fc.record({
      mode: fc.constantFrom("if", "always"),
      rules: fc.oneof(fc.constant(null), fc.jsonValue()),
    });
    let accepted = 0;
    fc.assert(
      fc.property(document, filter, (mapping, rules) => {
        const parsed = mappingSchema.safeParse(mapping);
        const parsedFilter = filterSchema.safeParse(rules);
        if (!parsed.success) return;
        accepted++;
        const result = compileMapping({
          ...aMappingInput(),
          mapping: parsed.data,
          ...(parsedFilter.success ? { filter: parsedFilter.data } : {}),
        });
        if (result.kind === "invalid") {
          assert.ok(result.problems.length > 0);
          for (const { pointer, message } of result.problems)
            assert.ok(/^\/(mapping|filter)\//.test(pointer) && message !== "");
        }
      }),
      propertyRuns,
    );
    assert.ok(accepted > 0, "some documents must get past the schema");
  });
});
