import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compileFunction, type FunctionResult } from "./functions.ts";
import { type MappingFunction, mappingFunctionSchema } from "./mapping-schema.ts";

const propertyRuns = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) };

function apply(definition: MappingFunction, value: unknown): FunctionResult {
  const compiled = compileFunction(definition);
  if (compiled.kind === "invalid") throw new Error(compiled.message);
  return compiled.apply(value);
}

const name = (value: MappingFunction["name"]) => mappingFunctionSchema.parse({ name: value });
const split = (separator: string, index?: number): MappingFunction =>
  index === undefined ? { name: "split", separator } : { name: "split", separator, index };
const table = { DE: "Germany", "1": "one", true: "yes" };

const examples: readonly (readonly [MappingFunction, unknown, unknown])[] = [
  [name("lower"), "ÄÖ İ ABC", "ÄÖ İ ABC".toLowerCase()],
  [name("upper"), "straße", "STRASSE"],
  [name("upper"), ["a", "b"], ["A", "B"]],
  [name("trim"), "\u00a0\u3000 a b \n", "a b"],
  [split("@", 0), "ada@example.com", "ada"],
  [split("@", -1), "ada@example.com", "example.com"],
  [split("@", 2), "ada@example.com", null],
  [split(","), "a,b", ["a", "b"]],
  [split("."), "a.*", ["a", "*"]],
  [{ name: "join", separator: ", " }, ["a", 1, true, null, "b"], "a, 1, true, b"],
  [{ name: "join", separator: ", " }, [], ""],
  [{ name: "join", separator: ", " }, "a", "a"],
  [{ name: "date-parse", format: "dd.MM.yyyy" }, "31.01.2026", "2026-01-31T00:00:00.000Z"],
  [{ name: "date-parse", format: "yyyyMMddHHmmss" }, " 20260131102030 ", "2026-01-31T10:20:30.000Z"],
  [{ name: "date-parse", format: "yyyy-MM-ddTHH:mmZ" }, "2026-01-31T10:20Z", "2026-01-31T10:20:00.000Z"],
  [{ name: "date-parse", format: "unix" }, 1767225600, "2026-01-01T00:00:00.000Z"],
  [{ name: "date-parse", format: "unix" }, "1767225600.5", "2026-01-01T00:00:00.500Z"],
  [{ name: "date-parse", format: "unix-ms" }, 1767225600000, "2026-01-01T00:00:00.000Z"],
  [{ name: "date-parse", format: "unix" }, "", null],
  [{ name: "date-parse", format: "yyyy" }, "", null],
  [{ name: "date-format", format: "dd/MM/yyyy" }, "2026-01-31T23:30:00-02:00", "01/02/2026"],
  [{ name: "default", value: "none" }, undefined, "none"],
  [{ name: "default", value: "none" }, null, "none"],
  [{ name: "default", value: "none" }, "", "none"],
  [{ name: "default", value: "none" }, 0, 0],
  [{ name: "default", value: "none" }, false, false],
  [{ name: "map-table", table }, "DE", "Germany"],
  [{ name: "map-table", table }, 1, "one"],
  [{ name: "map-table", table }, true, "yes"],
  [{ name: "map-table", table }, "de", "de"],
  [{ name: "map-table", table }, "constructor", "constructor"],
  [{ name: "map-table", table, otherwise: "other" }, "FR", "other"],
  [{ name: "map-table", table, otherwise: null }, "FR", null],
  [{ name: "map-table", table, otherwise: "other" }, null, null],
  [name("boolean"), " Yes ", true],
  [name("boolean"), "OFF", false],
  [name("boolean"), 1, true],
  [name("boolean"), false, false],
  [name("boolean"), "", null],
  [{ name: "boolean", trueValues: ["Active", "trial"] }, "ACTIVE", true],
  [{ name: "boolean", trueValues: ["Active", "trial"] }, "suspended", false],
  [{ name: "boolean", trueValues: ["false"] }, false, true],
  [name("first-name"), "Ada Lovelace", "Ada"],
  [name("last-name"), "Ada Lovelace", "Lovelace"],
  [name("first-name"), "Mary Jane Smith", "Mary Jane"],
  [name("last-name"), "Ludwig van Beethoven", "van Beethoven"],
  [name("last-name"), "Vincent Van Gogh", "Van Gogh"],
  [name("first-name"), "Lovelace, Ada King", "Ada King"],
  [name("last-name"), "de la Cruz, Ana", "de la Cruz"],
  [name("last-name"), "John Smith Jr.", "Smith Jr."],
  [name("last-name"), "John Smith, III", "Smith, III"],
  [name("first-name"), "  Zoë\u3000𠮷野  ", "Zoë"],
  [name("last-name"), "  Zoë\u3000𠮷野  ", "𠮷野"],
  [name("first-name"), "山田太郎", "山田太郎"],
  [name("last-name"), "山田太郎", null],
  [name("first-name"), "  ", null],
];

const problems: readonly (readonly [MappingFunction, unknown, string, string])[] = [
  [name("lower"), 5, "mapping.wrong_type", "number"],
  [name("lower"), ["a", 5], "mapping.wrong_type", "list of 2"],
  [split(","), ["a"], "mapping.wrong_type", "list of 1"],
  [name("first-name"), { first: "Ada" }, "mapping.wrong_type", "object with 1 field"],
  [{ name: "join", separator: "" }, ["a", { b: 1 }], "mapping.wrong_type", "object with 1 field"],
  [{ name: "date-parse", format: "dd.MM.yyyy" }, "31.02.2026", "mapping.bad_date", "text of 10 characters"],
  [{ name: "date-parse", format: "dd.MM.yyyy" }, "31.01.2026 10:00", "mapping.bad_date", "text of 16 characters"],
  [{ name: "date-parse", format: "dd.MM.yyyy" }, 31012026, "mapping.wrong_type", "number"],
  [{ name: "date-parse", format: "unix" }, "soon", "mapping.wrong_type", "text of 4 characters"],
  [{ name: "date-parse", format: "unix" }, 1e300, "mapping.bad_date", "number"],
  [{ name: "date-format", format: "yyyy" }, "31.01.2026", "mapping.bad_date", "text of 10 characters"],
  [{ name: "map-table", table }, ["DE"], "mapping.wrong_type", "list of 1"],
  [name("boolean"), "maybe", "mapping.wrong_type", "text of 5 characters"],
];

const badArguments: readonly (readonly [MappingFunction, string, RegExp])[] = [
  [{ name: "date-parse", format: "dd MMM yyyy" }, "format", /not MMM/],
  [{ name: "date-parse", format: "yyyy yyyy" }, "format", /twice/],
  [{ name: "date-parse", format: "HH:mm" }, "format", /needs the year/],
  [{ name: "date-format", format: "--" }, "format", /no date in it/],
  [{ name: "date-format", format: "hh:mm" }, "format", /not hh/],
  [{ name: "map-table", table: {} }, "table", /empty/],
  [{ name: "boolean", trueValues: [] }, "trueValues", /empty/],
];

describe("mapping functions", () => {
  for (const [definition, value, expected] of examples) {
    test(`${JSON.stringify(definition)} makes ${JSON.stringify(expected)} of ${JSON.stringify(value)}`, () => {
      assert.deepEqual(apply(definition, value), { kind: "value", value: expected });
    });
  }

  for (const [definition, value, code, found] of problems) {
    test(`${JSON.stringify(definition)} refuses ${JSON.stringify(value)}`, () => {
      const result = apply(definition, value);
      assert.deepEqual(result.kind === "problem" && [result.code, result.found], [code, found]);
    });
  }

  for (const [definition, argument, message] of badArguments) {
    test(`${JSON.stringify(definition)} cannot be saved`, () => {
      const compiled = compileFunction(definition);
      assert.equal(compiled.kind === "invalid" && compiled.argument, argument);
      assert.match(compiled.kind === "invalid" ? compiled.message : "", message);
    });
  }

  const anyFunction = fc.constantFrom(...[...examples, ...problems].map(([definition]) => definition));

  test("give a value or a redacted problem for anything, and let nothing through as nothing", () => {
    fc.assert(
      fc.property(anyFunction, fc.anything(), (definition, value) => {
        const result = apply(definition, value);
        assert.ok(result.kind === "value" || result.expected.length > 0);
        if (definition.name !== "default")
          assert.deepEqual(apply(definition, undefined), { kind: "value", value: null });
      }),
      propertyRuns,
    );
  });

  test("first and last name together hold every word of a name without commas, unchanged", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const fullName = text.replaceAll(",", "");
        const parts = (["first-name", "last-name"] as const).map((part) => apply({ name: part }, fullName));
        const words = parts.flatMap((part) =>
          part.kind === "value" && part.value !== null ? [String(part.value)] : [],
        );
        assert.equal(words.join(" "), fullName.split(/\s+/u).filter(Boolean).join(" "));
      }),
      propertyRuns,
    );
  });
});
