import type { FieldProblem } from "@rollcall/core/errors.ts";
import { nearestNames } from "@rollcall/core/mapping/nearest-names.ts";
import { isStorableText } from "@rollcall/core/mapping/storable-text.ts";
import { z } from "zod";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What is wrong with a value, field by field: pointers (RFC 6901) and sentences that say what is allowed. */
export function requestProblems(schema: z.ZodType, error: z.ZodError): readonly FieldProblem[] {
  return error.issues.flatMap((issue) => problemsOf(schema, issue, []));
}

function problemsOf(schema: z.ZodType, issue: Issue, above: Path): readonly FieldProblem[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        pointer: pointerTo([...path, key]),
        message: unknownKey(key, knownKeys(schema, path)),
      }));
    case "invalid_union": {
      const closest = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
      return closest === undefined || depth(closest) === 0
        ? [{ pointer: pointerTo(path), message: issue.message }]
        : closest.flatMap((inner) => problemsOf(schema, inner, path));
    }
    case "invalid_key":
      return [
        { pointer: pointerTo(path), message: `is not a name that can be used: ${issue.issues[0]?.message ?? ""}` },
      ];
    default:
      return [{ pointer: pointerTo(path), message: issue.message }];
  }
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearestNames(key, known);
  return near.length > 0
    ? `is not known here; did you mean ${near.join(" or ")}?`
    : `is not known here; allowed are ${known.join(", ") || "no fields"}`;
}

/** The sentences behind the pointers; a schema's own messages come before these. */
export const explainIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : `must be ${kindName(issue.expected)}`;
    case "invalid_value":
      return `must be ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must ${sizeVerb(issue.origin)} at least ${issue.minimum}${sizeUnit(issue.origin, issue.minimum)}`;
    case "too_big":
      return `must ${sizeVerb(issue.origin)} at most ${issue.maximum}${sizeUnit(issue.origin, issue.maximum)}`;
    case "invalid_format":
      return `must be ${formatNames[issue.format] ?? `of the form ${issue.format}`}`;
    case "invalid_union":
      return issue.discriminator === undefined
        ? "is none of the forms that are allowed here"
        : `must have a ${issue.discriminator} that is allowed here`;
    default:
      return undefined;
  }
};

const formatNames: Readonly<Record<string, string>> = {
  uuid: "an id (a uuid)",
  email: "an e-mail address",
  date: "a date such as 2026-01-31",
  datetime: "an ISO 8601 date and time such as 2026-01-31T12:00:00Z",
  url: "an absolute address such as https://example.com",
};

function kindName(expected: string): string {
  switch (expected) {
    case "string":
      return "text";
    case "boolean":
      return "true or false";
    case "number":
    case "int":
      return "a number";
    case "array":
      return "a list";
    case "object":
    case "record":
      return "an object";
    default:
      return expected;
  }
}

function sizeVerb(origin: string): string {
  return origin === "string" || origin === "array" ? "have" : "be";
}

function sizeUnit(origin: string, size: number | bigint): string {
  const unit = origin === "string" ? "character" : origin === "array" ? "entr" : "";
  if (unit === "") {
    return "";
  }
  const [one, many] = unit === "entr" ? ["entry", "entries"] : ["character", "characters"];
  return ` ${Number(size) === 1 ? one : many}`;
}

// Deeper than any document of ours; what goes through a document with calls would run out of stack.
const deepest = 100;

/** Pointers to texts that PostgreSQL cannot store; checked here once instead of in every schema. */
export function unstorableTexts(value: unknown, path: Path = []): readonly FieldProblem[] {
  if (typeof value === "string") {
    return isStorableText(value)
      ? []
      : [{ pointer: pointerTo(path), message: "must not contain a NUL character or half of a surrogate pair" }];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  if (path.length > deepest) {
    return [{ pointer: pointerTo(path.slice(0, 3)), message: `must not be nested deeper than ${deepest} levels` }];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    isStorableText(key)
      ? unstorableTexts(inner, [...path, key])
      : [{ pointer: pointerTo(path), message: "must not have a key with a NUL character or half of a surrogate pair" }],
  );
}

function pointerTo(path: Path): string {
  return path.map((step) => `/${String(step).slice(0, 128).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function knownKeys(schema: z.core.$ZodType, path: Path): readonly string[] {
  const [step, ...rest] = path;
  return [
    ...new Set(
      formsOf(schema).flatMap((form) => {
        if (step === undefined) {
          return form instanceof z.ZodObject ? Object.keys(form.shape) : [];
        }
        const inner = innerOf(form, step);
        return inner === undefined ? [] : knownKeys(inner, rest);
      }),
    ),
  ];
}

function innerOf(form: z.core.$ZodType, step: PropertyKey): z.core.$ZodType | undefined {
  if (form instanceof z.ZodObject) {
    return (form.shape as Readonly<Record<PropertyKey, z.core.$ZodType>>)[step];
  }
  if (form instanceof z.ZodArray) {
    return form.element;
  }
  return form instanceof z.ZodRecord ? form.valueType : undefined;
}

/** What a value of the schema may look like, wrappers such as optional and unions taken away. */
function formsOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion) {
    return schema.options.flatMap(formsOf);
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return formsOf(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) {
    return formsOf(schema.in);
  }
  return schema instanceof z.ZodLazy ? formsOf(schema.unwrap()) : [schema];
}
