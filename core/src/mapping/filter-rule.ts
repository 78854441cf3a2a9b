import type { FilterRule } from "./filter-schema.ts";
import { dayLength, parseIsoDate } from "./iso-date.ts";
import { foldText, matchesPattern, matchPatternLimit } from "./text-match.ts";
import { isEmpty, scalarText } from "./values.ts";

/** Whether a field's value satisfies a rule. `now` is milliseconds since 1970. */
export type TestValue = (value: unknown, now: number) => boolean;

export type CompiledRule =
  | { readonly kind: "ok"; readonly test: TestValue }
  | { readonly kind: "invalid"; readonly part: "operator" | "value"; readonly message: string };

/**
 * Compiles the operator and the value of a rule. Text is compared without regard to case and to spaces around.
 * For a list, a rule holds when it holds for one of the items; each not-… operator is the exact opposite of its
 * partner. Nothing there satisfies only `empty` and the not-… operators. A value of another kind than the operator
 * compares (a date operator on plain text) does not satisfy it.
 */
export function compileRule(rule: FilterRule): CompiledRule {
  switch (rule.operator) {
    case "equals":
      return withScalar(rule, equals);
    case "not-equals":
      return opposite(withScalar(rule, equals));
    case "contains":
      return withText(rule, contains);
    case "not-contains":
      return opposite(withText(rule, contains));
    case "starts-with":
      return withText(rule, (wanted) => onText((text) => text.startsWith(wanted.trim())));
    case "ends-with":
      return withText(rule, (wanted) => onText((text) => text.endsWith(wanted.trim())));
    case "in-list":
      return withList(rule);
    case "not-in-list":
      return opposite(withList(rule));
    case "empty":
      return withNothing(rule, isEmptyInFilter);
    case "not-empty":
      return withNothing(rule, (value) => !isEmptyInFilter(value));
    case "before":
      return withDate(rule, (start) => onDate((time) => time < start));
    case "after":
      // After a day means after its end; after a time means after that instant.
      return withDate(rule, (start, dateOnly) =>
        onDate((time) => (dateOnly ? time >= start + dayLength : time > start)),
      );
    case "within-last-days":
      return withDays(rule);
    case "greater":
      return withNumber(rule, (limit) => onNumber((number) => number > limit));
    case "less":
      return withNumber(rule, (limit) => onNumber((number) => number < limit));
    case "matches":
      return withPattern(rule);
  }
}

function equals(wanted: string | number | boolean): TestValue {
  const text = foldText(String(wanted));
  // 5 also equals the text "5.0"; text stays text, so "007" does not equal "7".
  const number = typeof wanted === "number" ? wanted : null;
  return anyItem((item) => {
    const found = scalarText(item);
    return found !== null && (foldText(found) === text || (number !== null && numberOf(item) === number));
  });
}

function contains(wanted: string): TestValue {
  return onText((text) => text.includes(wanted));
}

/** Empty for a filter: nothing there, no character but spaces, or a list of nothing. */
function isEmptyInFilter(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isEmptyInFilter);
  return isEmpty(value) || (typeof value === "string" && value.trim() === "");
}

function withNothing(rule: FilterRule, test: TestValue): CompiledRule {
  return rule.value === undefined || rule.value === ""
    ? { kind: "ok", test }
    : badValue(rule, "takes no value; remove it");
}

function withScalar(rule: FilterRule, compile: (wanted: string | number | boolean) => TestValue): CompiledRule {
  const { value } = rule;
  if (value === undefined || Array.isArray(value)) return badValue(rule, "takes one value; for several use in-list");
  if (typeof value === "string" && value.trim() === "") return badValue(rule, "needs a value; use empty or not-empty");
  return { kind: "ok", test: compile(value) };
}

function withText(rule: FilterRule, compile: (wanted: string) => TestValue): CompiledRule {
  const { value } = rule;
  if (typeof value !== "string" && typeof value !== "number") return badValue(rule, "takes text");
  const text = String(value).normalize("NFC").toLowerCase();
  return text.trim() === ""
    ? badValue(rule, "needs text; use empty or not-empty")
    : { kind: "ok", test: compile(text) };
}

function withList(rule: FilterRule): CompiledRule {
  const { value } = rule;
  if (!Array.isArray(value) || value.length === 0) return badValue(rule, "takes a list of at least one text");
  const wanted = new Set(value.map(foldText));
  if (wanted.has("")) return badValue(rule, "has an empty text in its list; use the operator empty for that");
  return {
    kind: "ok",
    test: anyItem((item) => {
      const text = scalarText(item);
      return text !== null && wanted.has(foldText(text));
    }),
  };
}

function withDate(rule: FilterRule, compile: (start: number, dateOnly: boolean) => TestValue): CompiledRule {
  const date = typeof rule.value === "string" ? parseIsoDate(rule.value.trim()) : null;
  if (date === null) return badValue(rule, "takes a date such as 2026-01-31, or date and time with Z or an offset");
  return { kind: "ok", test: compile(date.time, date.dateOnly) };
}

function withDays(rule: FilterRule): CompiledRule {
  const days = numberOf(rule.value);
  if (days === null || days <= 0 || days > 36_525) return badValue(rule, "takes a number of days from 1 to 36525");
  return { kind: "ok", test: anyItem((item, now) => isDateWithin(item, now - days * dayLength, now)) };
}

function withNumber(rule: FilterRule, compile: (limit: number) => TestValue): CompiledRule {
  const limit = numberOf(rule.value);
  return limit === null ? badValue(rule, "takes a number such as 10 or 2.5") : { kind: "ok", test: compile(limit) };
}

function withPattern(rule: FilterRule): CompiledRule {
  const { value } = rule;
  if (typeof value !== "string" || value.trim() === "" || value.length > matchPatternLimit) {
    return badValue(
      rule,
      `takes a pattern of at most ${matchPatternLimit} characters, * being any text and ? one character`,
    );
  }
  const pattern = foldText(value);
  return { kind: "ok", test: onText((text) => matchesPattern(text, pattern)) };
}

function isDateWithin(value: unknown, from: number, to: number): boolean {
  const date = typeof value === "string" ? parseIsoDate(value.trim()) : null;
  return date !== null && date.time >= from && date.time <= to;
}

/** Numbers, and text in plain decimal form. */
function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" && /^\s*[+-]?\d{1,40}(?:\.\d{1,40})?\s*$/.test(value) ? Number(value) : null;
}

function onText(test: (text: string) => boolean): TestValue {
  return anyItem((item) => {
    const text = scalarText(item);
    return text !== null && test(foldText(text));
  });
}

function onDate(test: (time: number) => boolean): TestValue {
  return anyItem((item) => {
    const date = typeof item === "string" ? parseIsoDate(item.trim()) : null;
    return date !== null && test(date.time);
  });
}

function onNumber(test: (number: number) => boolean): TestValue {
  return anyItem((item) => {
    const number = numberOf(item);
    return number !== null && test(number);
  });
}

function anyItem(test: TestValue): TestValue {
  return (value, now) => (Array.isArray(value) ? value.some((item) => test(item, now)) : test(value, now));
}

function opposite(rule: CompiledRule): CompiledRule {
  if (rule.kind === "invalid") return rule;
  const { test } = rule;
  return { kind: "ok", test: (value, now) => !test(value, now) };
}

function badValue(rule: FilterRule, message: string): CompiledRule {
  return { kind: "invalid", part: "value", message: `The operator ${rule.operator} ${message}.` };
}
