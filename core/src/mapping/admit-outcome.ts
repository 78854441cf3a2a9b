import { applyAll, type CompiledField } from "./compile-field.ts";
import type { CompiledMapping } from "./compile-mapping.ts";
import type { FieldValueProblem, MapOutcome, TargetValue } from "./mapping-schema.ts";
import { isUnavailable, type Unavailable } from "./source.ts";
import { isStorableText } from "./storable-text.ts";
import { valueProblemTable } from "./value-problems.ts";
import { scalarText } from "./values.ts";

type Mapped = Extract<MapOutcome, { kind: "mapped" }>;
type Rejected = Extract<MapOutcome, { kind: "rejected" }>;

export type Admission<Outcome> =
  | { readonly kind: "admitted"; readonly outcome: Outcome }
  /** `why` names the field, never a value. */
  | { readonly kind: "refused"; readonly why: string };

/**
 * Whether `mapRecord` with this mapping can have made an outcome that somebody else says it made. The result is made anew from
 * what was looked at, so that nothing else comes through: every field of the mapping has a value of its type, or is left out for a
 * reason that the outcome states; no other field has one; a constant is the constant.
 */
export function admitMapped(
  compiled: CompiledMapping,
  claimed: Mapped,
  unavailable: Unavailable | undefined,
): Admission<Mapped> {
  const person: Record<string, TargetValue> = {};
  const saas: Record<string, TargetValue> = {};
  const syncKeys: (string | null)[] = new Array(compiled.syncKeyCount).fill(null);
  const notRead: FieldValueProblem[] = [];
  for (const field of compiled.fields) {
    const group = field.group === "person" ? claimed.person : claimed.saas;
    const given = Object.hasOwn(group, field.name) ? group[field.name] : undefined;
    if (unavailable !== undefined && isUnavailable(field.source, unavailable, compiled.roots)) {
      if (given !== undefined) return refused(`${field.target} was not read completely`);
      if (field.syncKey === 0) return refused("the first sync key was not read");
      if (field.mandatory) {
        const stated = claimed.notCreatable?.find(({ target }) => target === field.target);
        if (stated === undefined) return refused(`${field.target} is missing without a reason`);
        notRead.push(stated);
      }
      continue;
    }
    const isNeeded = field.mandatory || field.syncKey === 0;
    if (claimed.problems.some(({ target, source }) => target === field.target && source === field.source.name)) {
      if (isNeeded) return refused(`${field.target} does not fit, yet the record is not rejected`);
      if (given !== undefined) return refused(`${field.target} has a value although it does not fit`);
      continue;
    }
    const finds = field.syncKey === null ? undefined : claimed.syncKeys[field.syncKey];
    const value = field.written ? given : finds;
    const why = whyNotMade(field, value, isNeeded);
    if (why !== null) return refused(`${field.target} ${why}`);
    if (!field.written && given !== undefined) return refused(`${field.target} is not to be written`);
    if (field.written && value !== undefined) (field.group === "person" ? person : saas)[field.name] = value;
    if (field.syncKey === null) continue;
    if (field.written && scalarText(value) !== (finds ?? null)) return refused(`${field.target} is not what finds`);
    syncKeys[field.syncKey] = finds ?? null;
  }
  if (Object.keys(claimed.person).length !== Object.keys(person).length) return refused("a field is not mapped");
  if (Object.keys(claimed.saas).length !== Object.keys(saas).length) return refused("a SaaS field is not mapped");
  if (claimed.syncKeys.length !== syncKeys.length) return refused("the sync keys are others");
  if ((claimed.notCreatable?.length ?? 0) !== notRead.length) return refused("a field was read after all");
  if (compiled.activity.kind === "none" && claimed.activity !== "unknown") return refused("there is no activity");
  const why = whyNoProblems(compiled, [...claimed.problems, ...notRead]);
  if (why !== null) return refused(why);
  const { key, activity, problems } = claimed;
  const outcome = { kind: "mapped", key, person, saas, syncKeys, activity, problems } as const;
  return { kind: "admitted", outcome: notRead.length === 0 ? outcome : { ...outcome, notCreatable: notRead } };
}

/** The same of a record that was rejected. */
export function admitRejected(compiled: CompiledMapping, claimed: Rejected): Admission<Rejected> {
  const { key, problem, others } = claimed;
  const aboutKey = key === null;
  if (aboutKey !== (problem.target === "key" && problem.code === "mapping.key_missing")) {
    return refused("the key is readable or it is not");
  }
  const why = whyNoProblems(compiled, aboutKey ? others : [problem, ...others]) ?? whyNoTexts([problem]);
  return why === null ? { kind: "admitted", outcome: { kind: "rejected", key, problem, others } } : refused(why);
}

function whyNotMade(field: CompiledField, value: TargetValue | undefined, isNeeded: boolean): string | null {
  if (value === undefined) return "is missing without a reason";
  const made = field.convert(value);
  if (made.kind === "problem") return "has a value that does not fit";
  // What only finds is carried as text; what is written is exactly what the conversion gives.
  if (field.written ? made.value !== value : scalarText(made.value) !== value) return "has a value in another form";
  if (isNeeded && (value === null || (typeof value === "string" && value.trim() === ""))) return "is empty";
  if (field.source.root !== null) return null;
  const constant = applyAll(field.functions, field.convert, field.source.read(null));
  return constant.kind === "value" && constant.value === value ? null : "is not its constant";
}

/** Problems name fields of the mapping, by its sources, and are as short and plain as those that are made here. */
function whyNoProblems(compiled: CompiledMapping, problems: readonly FieldValueProblem[]): string | null {
  const { activity } = compiled;
  for (const { target, source, code } of problems) {
    const known =
      compiled.fields.some((field) => field.target === target && field.source.name === source) ||
      (activity.kind === "field" && target === "status" && source === activity.source.name);
    if (!known || code === "mapping.key_missing") return "a problem is about no field of the mapping";
  }
  return whyNoTexts(problems);
}

function whyNoTexts(problems: readonly FieldValueProblem[]): string | null {
  const fine = problems.every(
    ({ code, expected, found, source }) =>
      Object.hasOwn(valueProblemTable, code) &&
      isFoundText(found) &&
      [expected, source].every((text) => text.length <= 512 && isStorableText(text)),
  );
  return fine ? null : "a problem is none that is made here";
}

/** Whether the text is one of those that `describeFound` makes: kinds and lengths, never a value. */
export function isFoundText(text: string): boolean {
  return foundText.test(text);
}

const foundText =
  /^(?:nothing|empty text|number|true or false|something that is not JSON|text of \d{1,9} characters?|list of \d{1,9}|object with \d{1,9} fields?)$/;

function refused(why: string): { readonly kind: "refused"; readonly why: string } {
  return { kind: "refused", why };
}
