import { compileDatePattern } from "./date-pattern.ts";
import { isoText, parseIsoDate } from "./iso-date.ts";
import type { MappingFunction } from "./mapping-schema.ts";
import { splitPersonName } from "./person-name.ts";
import { type ValueProblem, valueProblem } from "./value-problems.ts";
import { isEmpty, scalarText } from "./values.ts";

/**
 * The fixed list of functions a mapping rule may apply between source and target. Each is total: it gives a value or
 * a problem, never throws and never guesses. Nothing there (absent or null) passes through all of them but `default`.
 */
export type FunctionResult = { readonly kind: "value"; readonly value: unknown } | ValueProblem;
export type ApplyFunction = (value: unknown) => FunctionResult;

export type CompiledFunction =
  | { readonly kind: "ok"; readonly apply: ApplyFunction }
  /** `argument` is the name of the argument that cannot be used. */
  | { readonly kind: "invalid"; readonly argument: string; readonly message: string };

/** Checks a function's arguments and makes it ready to be applied to many values. */
export function compileFunction(definition: MappingFunction): CompiledFunction {
  switch (definition.name) {
    case "lower":
      return ok(onTexts((text) => text.toLowerCase()));
    case "upper":
      return ok(onTexts((text) => text.toUpperCase()));
    case "trim":
      return ok(onTexts((text) => text.trim()));
    case "split":
      return ok(onText((text) => given(split(text, definition.separator, definition.index))));
    case "join":
      return ok(join(definition.separator));
    case "date-parse":
      return compileDateParse(definition.format);
    case "date-format":
      return compileDateFormat(definition.format);
    case "default":
      return ok((value) => given(isEmpty(value) ? definition.value : value));
    case "map-table":
      return compileMapTable(definition.table, definition.otherwise);
    case "first-name":
      return ok(onText((text) => given(splitPersonName(text).first)));
    case "last-name":
      return ok(onText((text) => given(splitPersonName(text).last)));
    case "boolean":
      return compileBoolean(definition.trueValues);
  }
}

/** The part at the index, negative from the end, null when there is none; without an index, the list of parts. */
function split(text: string, separator: string, index: number | undefined): string | null | readonly string[] {
  const parts = text.split(separator);
  return index === undefined ? parts : (parts.at(index) ?? null);
}

/** Joins text, numbers and yes/no values, passing over nulls in the list; a single value becomes its text. */
function join(separator: string): ApplyFunction {
  return (value) => {
    if (value === undefined || value === null) return nothing;
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    const texts: string[] = [];
    for (const item of items) {
      if (item === undefined || item === null) continue;
      const text = scalarText(item);
      if (text === null) return valueProblem("mapping.wrong_type", "a list of single values for join", item);
      texts.push(text);
    }
    return given(texts.join(separator));
  };
}

/** `unix` (seconds) and `unix-ms` take numbers or their text; patterns take text. The result is ISO 8601 in UTC. */
function compileDateParse(format: string): CompiledFunction {
  if (format === "unix" || format === "unix-ms") return ok(parseUnixTime(format === "unix" ? 1000 : 1));
  const compiled = compileDatePattern(format);
  if (compiled.kind === "invalid") return { ...compiled, argument: "format" };
  if (!compiled.hasYear) {
    return { kind: "invalid", argument: "format", message: "A date pattern to read needs the year, yyyy." };
  }
  return ok(
    onText((text) => {
      if (text.trim() === "") return nothing;
      const time = compiled.pattern.parse(text.trim());
      return dateResult(time === null ? null : isoText(time), `a date such as ${format}`, text);
    }),
  );
}

function parseUnixTime(unit: number): ApplyFunction {
  const expected = unit === 1 ? "milliseconds since 1970" : "seconds since 1970";
  return (value) => {
    if (isEmpty(value)) return nothing;
    const isNumber =
      typeof value === "number" || (typeof value === "string" && /^\s*-?\d{1,20}(?:\.\d{1,9})?\s*$/.test(value));
    return isNumber
      ? dateResult(isoText(Math.floor(Number(value) * unit)), expected, value)
      : valueProblem("mapping.wrong_type", expected, value);
  };
}

/** Takes ISO 8601 text, as `date-parse` gives it; writes it in UTC. */
function compileDateFormat(format: string): CompiledFunction {
  const compiled = compileDatePattern(format);
  if (compiled.kind === "invalid") return { ...compiled, argument: "format" };
  return ok(
    onText((text) => {
      if (text.trim() === "") return nothing;
      const date = parseIsoDate(text.trim());
      const formatted = date === null ? null : compiled.pattern.format(date.time);
      return dateResult(formatted, "an ISO 8601 date; put date-parse before date-format", text);
    }),
  );
}

function dateResult(text: string | null, expected: string, found: unknown): FunctionResult {
  return text === null ? valueProblem("mapping.bad_date", expected, found) : given(text);
}

/** Compares the text form exactly. A value not in the table becomes `otherwise`, or stays as it was without one. */
function compileMapTable(
  table: Readonly<Record<string, string>>,
  otherwise: string | null | undefined,
): CompiledFunction {
  const rows = new Map(Object.entries(table));
  if (rows.size === 0) {
    return { kind: "invalid", argument: "table", message: "The table is empty; add a row or remove the function." };
  }
  return ok((value) => {
    if (value === undefined || value === null) return nothing;
    const text = scalarText(value);
    if (text === null) return valueProblem("mapping.wrong_type", "a single value for map-table", value);
    return given(rows.get(text) ?? (otherwise === undefined ? value : otherwise));
  });
}

/**
 * With `trueValues` exactly those (in any case, without spaces around) are true and everything else is false. Without,
 * true, yes, y, on and 1 are true, false, no, n, off and 0 are false, and anything else is a problem.
 */
function compileBoolean(trueValues: readonly string[] | undefined): CompiledFunction {
  if (trueValues?.length === 0) {
    return {
      kind: "invalid",
      argument: "trueValues",
      message: "The list of true values is empty; add one or remove the list.",
    };
  }
  const yes = new Set((trueValues ?? ["true", "yes", "y", "on", "1"]).map(folded));
  const no = new Set(["false", "no", "n", "off", "0"]);
  return ok((value) => {
    if (isEmpty(value)) return nothing;
    const text = scalarText(value);
    if (text === null) return valueProblem("mapping.wrong_type", "a single value for boolean", value);
    if (yes.has(folded(text))) return given(true);
    if (trueValues !== undefined || no.has(folded(text))) return given(false);
    return valueProblem("mapping.wrong_type", "true, yes, y, on, 1, false, no, n, off or 0", value);
  });
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}

function onText(apply: (text: string) => FunctionResult): ApplyFunction {
  return (value) => {
    if (value === undefined || value === null) return nothing;
    return typeof value === "string" ? apply(value) : valueProblem("mapping.wrong_type", "text", value);
  };
}

/** For text, and for each text of a list. */
function onTexts(change: (text: string) => string): ApplyFunction {
  return (value) => {
    if (typeof value === "string") return given(change(value));
    if (value === undefined || value === null) return nothing;
    return Array.isArray(value) && value.every((item) => typeof item === "string")
      ? given(value.map(change))
      : valueProblem("mapping.wrong_type", "text or a list of texts", value);
  };
}

const nothing: FunctionResult = { kind: "value", value: null };

function given(value: unknown): FunctionResult {
  return { kind: "value", value };
}

function ok(apply: ApplyFunction): CompiledFunction {
  return { kind: "ok", apply };
}
