import { isoText, parseIsoDate } from "./iso-date.ts";
import type { TargetField, TargetValue } from "./mapping-schema.ts";
import { characterCount, isStorableText } from "./storable-text.ts";
import { type ValueProblem, valueProblem } from "./value-problems.ts";
import { isEmpty, isInexact, scalarText } from "./values.ts";

/**
 * Typing by the target field, never by the look of the value: `007`, `1e5`, `3.10` and `EDT` stay that text in a text
 * field. Nothing there, null and empty text are empty in every field: the result is null.
 */
export type ConvertedValue = { readonly kind: "value"; readonly value: TargetValue } | ValueProblem;
export type ConvertValue = (value: unknown) => ConvertedValue;

const shortTextLimit = 256;
const longTextLimit = 1024;
const digitLimit = 40;

/** Converts one value for a field. To convert many, use `compileConversion` once. */
export function toTargetValue(field: TargetField, value: unknown): ConvertedValue {
  return compileConversion(field)(value);
}

/** The conversion of values for a field; total, and idempotent on what it gives. */
export function compileConversion(field: Pick<TargetField, "type" | "choices">): ConvertValue {
  switch (field.type) {
    case "short-text":
      return (value) => toText(value, shortTextLimit);
    case "long-text":
      return (value) => toText(value, longTextLimit);
    case "number":
      return toWholeNumber;
    case "decimal":
      return toDecimal;
    case "date-time":
      return toDateTime;
    case "yes-no":
      return toYesNo;
    case "choice":
      return compileChoice(field.choices ?? []);
  }
}

/** Kept exactly, spaces included. JSON numbers in their shortest form, `true` and `false` as words. */
function toText(value: unknown, limit: number): ConvertedValue {
  if (isEmpty(value)) return empty;
  if (isInexact(value)) return inexact(value);
  const text = scalarText(value);
  if (text === null) {
    return valueProblem(
      "mapping.wrong_type",
      "text; for a list use join, for an object the path of one of its fields",
      value,
    );
  }
  if (text.length > limit && characterCount(text) > limit) {
    return valueProblem("mapping.too_long", `at most ${limit} characters`, value);
  }
  return isStorableText(text) ? given(text) : valueProblem("mapping.bad_text", "text that can be stored", value);
}

/** Whole numbers within ±9,007,199,254,740,991; text of digits only. */
function toWholeNumber(value: unknown): ConvertedValue {
  if (isBlank(value)) return empty;
  if (isInexact(value)) return inexact(value);
  if (typeof value === "number" && Number.isSafeInteger(value)) return given(value === 0 ? 0 : value);
  const digits = typeof value === "string" ? value.trim() : "";
  if (digits.length > digitLimit || !/^[+-]?\d+$/.test(digits))
    return valueProblem("mapping.wrong_type", "a whole number", value);
  const number = Number(digits);
  if (!Number.isSafeInteger(number))
    return valueProblem("mapping.too_long", "a whole number of at most 15 digits", value);
  return given(number === 0 ? 0 : number);
}

/**
 * Decimals stay text so that no digit is lost: `3.10` is `3.10`. Canonical: no plus sign, no leading zeros, no
 * exponent, no negative zero. At most 40 digits.
 */
function toDecimal(value: unknown): ConvertedValue {
  if (isBlank(value)) return empty;
  if (isInexact(value)) return inexact(value);
  const text = typeof value === "number" && Number.isFinite(value) ? plainNumber(value) : value;
  const found = typeof text === "string" ? /^([+-]?)(\d*)(?:\.(\d+))?$/.exec(text.trim()) : null;
  const whole = found?.[2] ?? "";
  const fraction = found?.[3] ?? "";
  if (found === null || whole + fraction === "") {
    return valueProblem("mapping.wrong_type", "a decimal number such as 3.10, without exponent or separators", value);
  }
  const digits = whole.replace(/^0+/, "") || "0";
  if (digits.length + fraction.length > digitLimit) {
    return valueProblem("mapping.too_long", `a decimal number of at most ${digitLimit} digits`, value);
  }
  const negative = found[1] === "-" && /[1-9]/.test(whole + fraction);
  return given(`${negative ? "-" : ""}${digits}${fraction === "" ? "" : `.${fraction}`}`);
}

/** ISO 8601 text in UTC with milliseconds. Numbers are refused: whether they are seconds would be a guess. */
function toDateTime(value: unknown): ConvertedValue {
  if (isBlank(value)) return empty;
  if (typeof value !== "string") {
    return valueProblem(
      "mapping.wrong_type",
      "an ISO 8601 date; for seconds since 1970 use date-parse with unix",
      value,
    );
  }
  const date = parseIsoDate(value.trim());
  const text = date === null ? null : isoText(date.time);
  if (text !== null) return given(text);
  return valueProblem(
    "mapping.bad_date",
    "an ISO 8601 date, such as 2026-01-31, or date and time with Z or an offset",
    value,
  );
}

/** True and false; the words true, yes, false, no in any case; 1 and 0. The function `boolean` takes other words. */
function toYesNo(value: unknown): ConvertedValue {
  if (isBlank(value)) return empty;
  if (typeof value === "boolean") return given(value);
  const word = scalarText(value)?.trim().toLowerCase();
  if (word === "true" || word === "yes" || word === "1") return given(true);
  if (word === "false" || word === "no" || word === "0") return given(false);
  return valueProblem("mapping.wrong_type", "true, false, yes, no, 1 or 0", value);
}

/** The choice as the field spells it: found exactly, else without regard to case and spaces around when only one fits. */
function compileChoice(choices: readonly string[]): ConvertValue {
  if (choices.length === 0) return (value) => toText(value, shortTextLimit);
  const exact = new Set(choices);
  const loose = new Map<string, string | null>();
  for (const choice of exact) {
    const key = choice.trim().toLowerCase();
    loose.set(key, loose.has(key) ? null : choice);
  }
  return (value) => {
    if (isBlank(value)) return empty;
    const text = scalarText(value);
    if (text === null) return valueProblem("mapping.wrong_type", "one of the field's choices", value);
    const choice = exact.has(text) ? text : loose.get(text.trim().toLowerCase());
    return choice === undefined || choice === null
      ? valueProblem("mapping.not_a_choice", `one of the field's ${choices.length} choices`, value)
      : given(choice);
  };
}

/** Shortest JSON form without exponent. Only small fractions have one: whole numbers from 1e21 are not exact. */
function plainNumber(value: number): string {
  const found = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(String(value));
  if (found === null) return String(value);
  return `${found[1]}0.${"0".repeat(Number(found[4]) - 1)}${found[2]}${found[3] ?? ""}`;
}

/** Outside text fields, spaces alone are empty too. */
function isBlank(value: unknown): boolean {
  return isEmpty(value) || (typeof value === "string" && value.trim() === "");
}

const empty: ConvertedValue = { kind: "value", value: null };

function given(value: TargetValue): ConvertedValue {
  return { kind: "value", value };
}

function inexact(value: unknown): ValueProblem {
  return valueProblem("mapping.not_exact", "a number of at most 15 digits, or text", value);
}
