import { applyAll, type CompiledField } from "./compile-field.ts";
import type { CompiledMapping } from "./compile-mapping.ts";
import { parseIsoDate } from "./iso-date.ts";
import type { FieldValueProblem, MapOutcome, TargetValue } from "./mapping-schema.ts";
import { isUnavailable, type Unavailable } from "./source.ts";
import { isStorableText } from "./storable-text.ts";
import { type ValueProblem, valueProblem } from "./value-problems.ts";
import { scalarText } from "./values.ts";

export type MapContext = {
  /** ISO 8601 with zone; only the filter operator `within-last-days` looks at it. */
  readonly now: string;
  /** Ids of connector fields whose stream was not read completely: they are left as they were. */
  readonly unavailable?: Unavailable;
};

const keyLimit = 1024;

/**
 * Maps one joined vendor record (decoded JSON). Total: whatever the record, there is an outcome. First the key, then
 * the filter, then the fields. A value that does not fit is a problem and its field is left as it was; a mandatory
 * field or the first sync key that is empty or does not fit rejects the record, so that it is never half written.
 */
export function mapRecord(compiled: CompiledMapping, record: unknown, context: MapContext): MapOutcome {
  const key = keyOf(compiled.key.read(record));
  if (key === null) return withoutKey(compiled, record);
  const unavailable = context.unavailable?.size === 0 ? undefined : context.unavailable;
  if (compiled.passes !== null) {
    const now = parseIsoDate(context.now)?.time ?? Number.NaN;
    if (!compiled.passes(record, now, unavailable)) return { kind: "filtered", key };
  }
  return mapFields(compiled, record, key, unavailable);
}

function mapFields(
  compiled: CompiledMapping,
  record: unknown,
  key: string,
  unavailable: Unavailable | undefined,
): MapOutcome {
  const person: Record<string, TargetValue> = {};
  const saas: Record<string, TargetValue> = {};
  const syncKeys: (string | null)[] = new Array(compiled.syncKeyCount).fill(null);
  const problems: FieldValueProblem[] = [];
  const fatal: FieldValueProblem[] = [];
  const notCreatable: FieldValueProblem[] = [];
  for (const field of compiled.fields) {
    if (unavailable !== undefined && isUnavailable(field.source, unavailable, compiled.roots)) {
      if (field.syncKey === 0) fatal.push(fieldProblem(field, notRead));
      else if (field.mandatory) notCreatable.push(fieldProblem(field, notRead));
      continue;
    }
    const result = applyAll(field.functions, field.convert, field.source.read(record));
    const isNeeded = field.mandatory || field.syncKey === 0;
    if (result.kind === "problem") {
      (isNeeded ? fatal : problems).push(fieldProblem(field, result));
      continue;
    }
    const { value } = result;
    if (isNeeded && (value === null || (typeof value === "string" && value.trim() === ""))) {
      fatal.push(fieldProblem(field, emptyProblem(field, value)));
      continue;
    }
    if (field.syncKey !== null) syncKeys[field.syncKey] = scalarText(value);
    if (field.written) (field.group === "person" ? person : saas)[field.name] = value;
  }
  const activity = activityOf(compiled, record, unavailable, problems);
  const [problem, ...others] = fatal;
  if (problem !== undefined) return { kind: "rejected", key, problem, others: [...others, ...problems] };
  const outcome = { kind: "mapped", key, person, saas, syncKeys, activity, problems } as const;
  return notCreatable.length === 0 ? outcome : { ...outcome, notCreatable };
}

function activityOf(
  compiled: CompiledMapping,
  record: unknown,
  unavailable: Unavailable | undefined,
  problems: FieldValueProblem[],
): "active" | "inactive" | "unknown" {
  const rule = compiled.activity;
  if (rule.kind === "none") return "unknown";
  if (
    unavailable !== undefined &&
    isUnavailable({ ...rule.source, isConnectorField: false }, unavailable, compiled.roots)
  ) {
    return "unknown";
  }
  const { activity, problem } = rule.judge(record);
  if (problem !== null) problems.push(problem);
  return activity;
}

/**
 * The key as text. Whole numbers beyond the exact range are refused: two different ids may have become the same number. So
 * is what cannot be stored or indexed, and text of spaces alone.
 */
function keyOf(value: unknown): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  if (typeof value !== "string" || value.length > keyLimit || value.trim() === "") return null;
  return isStorableText(value) ? value : null;
}

function withoutKey(compiled: CompiledMapping, record: unknown): MapOutcome {
  const expected = `an id: text of at most ${keyLimit} characters, or a whole number of at most 15 digits`;
  const { code, found } = valueProblem("mapping.key_missing", expected, compiled.key.read(record));
  const problem: FieldValueProblem = { code, target: "key", source: compiled.key.name, expected, found };
  return { kind: "rejected", key: null, problem, others: [] };
}

function emptyProblem(field: CompiledField, value: TargetValue): ValueProblem {
  const code = field.syncKey === 0 ? "mapping.sync_key_empty" : "mapping.mandatory_empty";
  return valueProblem(code, "a value that is not empty", value);
}

const notRead = valueProblem("mapping.not_read", "a value read completely in this run", null);

function fieldProblem(field: CompiledField, { code, expected, found }: ValueProblem): FieldValueProblem {
  return { code, target: field.target, source: field.source.name, expected, found };
}
