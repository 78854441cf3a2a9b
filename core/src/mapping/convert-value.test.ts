import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { toTargetValue } from "./convert-value.ts";
import { fieldTypes, type TargetField } from "./mapping-schema.ts";
import { characterCount, isStorableText } from "./storable-text.ts";
import { aTargetField } from "./test-factories.ts";

const propertyRuns = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) };

const choices = ["Admin", "Power User", "ß", "dup", "DUP"];
const fields = Object.fromEntries(
  fieldTypes.map((type) => [type, aTargetField({ name: type, type, ...(type === "choice" ? { choices } : {}) })]),
) as Record<TargetField["type"], TargetField>;

const emoji = "👩‍🚀";

const examples: readonly (readonly [TargetField["type"], unknown, unknown])[] = [
  ...["007", "1e5", "3.10", "0x1F", "EDT", "Null", "True", "null", " padded ", "+1 555", "1_000", "[1,2]", "NaN"].map(
    (text) => ["short-text", text, text] as const,
  ),
  ["short-text", 5, "5"],
  ["short-text", 3.1, "3.1"],
  ["short-text", -0, "0"],
  ["short-text", 1e-7, "1e-7"],
  ["short-text", true, "true"],
  ["short-text", false, "false"],
  ["short-text", "x".repeat(256), "x".repeat(256)],
  ["short-text", "😀".repeat(256), "😀".repeat(256)],
  ["long-text", "x".repeat(1024), "x".repeat(1024)],
  ["short-text", emoji, emoji],
  ["number", 42, 42],
  ["number", " 007 ", 7],
  ["number", "-12", -12],
  ["number", "-0", 0],
  ["number", -0, 0],
  ["number", "9007199254740991", 9007199254740991],
  ["decimal", "3.10", "3.10"],
  ["decimal", "+007.50", "7.50"],
  ["decimal", ".5", "0.5"],
  ["decimal", "-0.00", "0.00"],
  ["decimal", "-0.10", "-0.10"],
  ["decimal", 3.1, "3.1"],
  ["decimal", -1.5e-9, "-0.0000000015"],
  ["decimal", 1e-7, "0.0000001"],
  ["decimal", "123456789012345678901234567890.1234567890", "123456789012345678901234567890.1234567890"],
  ["date-time", "2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["date-time", " 2026-01-31T10:00:00+02:00 ", "2026-01-31T08:00:00.000Z"],
  ...["true", "TRUE", "Yes", " 1 ", 1, true].map((value) => ["yes-no", value, true] as const),
  ...["false", "False", "NO", "0", 0, false].map((value) => ["yes-no", value, false] as const),
  ["choice", "Admin", "Admin"],
  ["choice", " power user ", "Power User"],
  ["choice", "dup", "dup"],
  ["choice", "DUP", "DUP"],
  ...fieldTypes.flatMap((type) => [undefined, null, ""].map((value) => [type, value, null] as const)),
  ...fieldTypes.filter((type) => !type.endsWith("text")).map((type) => [type, " \t", null] as const),
];

const problems: readonly (readonly [TargetField["type"], unknown, string, string])[] = [
  ["short-text", "x".repeat(257), "mapping.too_long", "text of 257 characters"],
  ["long-text", "😀".repeat(1025), "mapping.too_long", "text of 1025 characters"],
  ["short-text", "a\u0000b", "mapping.bad_text", "text of 3 characters"],
  ["long-text", "\ud800", "mapping.bad_text", "text of 1 character"],
  ["short-text", ["a", "b"], "mapping.wrong_type", "list of 2"],
  ["short-text", { a: 1, b: 2 }, "mapping.wrong_type", "object with 2 fields"],
  ["short-text", 2 ** 70, "mapping.not_exact", "number"],
  ["short-text", Number.NaN, "mapping.wrong_type", "number"],
  ["number", 1.5, "mapping.wrong_type", "number"],
  ["number", "1.0", "mapping.wrong_type", "text of 3 characters"],
  ["number", "1e5", "mapping.wrong_type", "text of 3 characters"],
  ["number", "0x1F", "mapping.wrong_type", "text of 4 characters"],
  ["number", "1 000", "mapping.wrong_type", "text of 5 characters"],
  ["number", "9007199254740993", "mapping.too_long", "text of 16 characters"],
  ["number", 2 ** 53, "mapping.not_exact", "number"],
  ["number", true, "mapping.wrong_type", "true or false"],
  ["decimal", "1e5", "mapping.wrong_type", "text of 3 characters"],
  ["decimal", "1,5", "mapping.wrong_type", "text of 3 characters"],
  ["decimal", "5.", "mapping.wrong_type", "text of 2 characters"],
  ["decimal", "-", "mapping.wrong_type", "text of 1 character"],
  ["decimal", `0.${"1".repeat(40)}`, "mapping.too_long", "text of 42 characters"],
  ["decimal", Number.POSITIVE_INFINITY, "mapping.wrong_type", "number"],
  ["date-time", 1767225600, "mapping.wrong_type", "number"],
  ["date-time", "31.01.2026", "mapping.bad_date", "text of 10 characters"],
  ["date-time", "2026-02-30", "mapping.bad_date", "text of 10 characters"],
  ["date-time", "2026-01-31T10:00:00", "mapping.bad_date", "text of 19 characters"],
  ["yes-no", "maybe", "mapping.wrong_type", "text of 5 characters"],
  ["yes-no", 2, "mapping.wrong_type", "number"],
  ["choice", "Owner", "mapping.not_a_choice", "text of 5 characters"],
  ["choice", "Dup", "mapping.not_a_choice", "text of 3 characters"],
  ["choice", ["Admin"], "mapping.wrong_type", "list of 1"],
];

describe("toTargetValue", () => {
  for (const [type, value, expected] of examples) {
    test(`stores ${show(value)} in a ${type} field as ${show(expected)}`, () => {
      assert.deepEqual(toTargetValue(fields[type], value), { kind: "value", value: expected });
    });
  }

  for (const [type, value, code, found] of problems) {
    test(`refuses ${show(value)} in a ${type} field`, () => {
      const result = toTargetValue(fields[type], value);
      assert.deepEqual(result.kind === "problem" && [result.code, result.found], [code, found]);
    });
  }

  test("takes any short text for a choice field without fixed choices", () => {
    const field = aTargetField({ name: "any", type: "choice", choices: [] });
    assert.deepEqual(toTargetValue(field, "Whatever"), { kind: "value", value: "Whatever" });
  });

  const anyField = fc.constantFrom(...fieldTypes).map((type) => fields[type]);
  const likely = fc.oneof(
    fc.anything(),
    fc.jsonValue(),
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(..."0123456789+-.eE xT:Z") }),
    fc.double(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom(...examples.map(([, value]) => value)),
  );

  test("gives a value that is valid for its field, or a problem, for anything at all", () => {
    fc.assert(
      fc.property(anyField, likely, (field, value) => {
        const result = toTargetValue(field, value);
        if (result.kind === "value") assert.ok(isValid(field, result.value), `${field.type}: ${show(result.value)}`);
        else assert.ok(result.code.startsWith("mapping.") && result.expected !== "" && result.found !== "");
      }),
      propertyRuns,
    );
  });

  test("leaves what it gave as it is when it is converted again", () => {
    fc.assert(
      fc.property(anyField, likely, (field, value) => {
        const once = toTargetValue(field, value);
        if (once.kind === "value") assert.deepEqual(toTargetValue(field, once.value), once);
      }),
      propertyRuns,
    );
  });

  test("keeps every storable text within the limit exactly as it is in a text field", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 80 }), (text) => {
        const result = toTargetValue(fields["short-text"], text);
        if (isStorableText(text)) assert.deepEqual(result, { kind: "value", value: text });
        else assert.equal(result.kind === "problem" && result.code, "mapping.bad_text");
      }),
      propertyRuns,
    );
  });

  test("never shows the value it found", () => {
    const secret = "correct-horse-battery-staple";
    for (const type of fieldTypes) {
      for (const value of [secret.repeat(40), [secret], { [secret]: secret }, `${secret}\u0000`]) {
        assert.ok(!JSON.stringify(toTargetValue(fields[type], value)).includes(secret));
      }
    }
  });
});

test("characters are counted as code points", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "\ud83d", "\ude00", "😀", "é") }), (text) => {
      assert.equal(characterCount(text), [...text].length);
    }),
    propertyRuns,
  );
});

function isValid(field: TargetField, value: unknown): boolean {
  if (value === null) return true;
  switch (field.type) {
    case "short-text":
      return typeof value === "string" && value !== "" && [...value].length <= 256 && isStorableText(value);
    case "long-text":
      return typeof value === "string" && value !== "" && [...value].length <= 1024 && isStorableText(value);
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0);
    case "decimal":
      return typeof value === "string" && /^(?:0|-?[1-9]\d*|-?0(?=\.))(?:\.\d+)?$/.test(value);
    case "date-time":
      return typeof value === "string" && new Date(value).toISOString() === value;
    case "yes-no":
      return typeof value === "boolean";
    case "choice":
      return choices.includes(String(value));
  }
}

function show(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
  return text.length > 40 ? `${text.slice(0, 40)}… (${text.length})` : text;
}
