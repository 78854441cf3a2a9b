import { readKey, readPointer } from "./json-pointer.ts";
import type { InputValue, InputValues } from "./manifest-inputs.ts";
import type { ForEach, ParentCondition } from "./manifest-streams.ts";
import { inputValue } from "./resolve-request.ts";

/** What one record of a parent stream means for a stream read for each of them. */
export type ParentValue =
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "excluded" }
  | { readonly kind: "unreadable" };

/** The value a parent's record gives, unless the stream's conditions leave it out. */
export function parentValue(forEach: ForEach, inputs: InputValues, record: unknown): ParentValue {
  if (!forEach.where.every((condition) => holds(condition, inputs, record))) return { kind: "excluded" };
  const value = readKey(readPointer(record, forEach.value));
  return value === undefined ? { kind: "unreadable" } : { kind: "value", value };
}

/** The values an input names in place of discovery; null when the operator left that to the parent stream. */
export function namedParents(forEach: ForEach, inputs: InputValues): readonly string[] | null {
  if (forEach.replacedBy === undefined) return null;
  return listed(inputValue(forEach.replacedBy, inputs));
}

/** Values the operator asked for that are not among those found: each is a gap, not something to pass over. */
export function missingParents(forEach: ForEach, inputs: InputValues, found: ReadonlySet<string>): readonly string[] {
  const wanted = forEach.everyOneOf === undefined ? null : listed(inputValue(forEach.everyOneOf, inputs));
  return (wanted ?? []).filter((value) => !found.has(value));
}

function holds(condition: ParentCondition, inputs: InputValues, record: unknown): boolean {
  const found = readPointer(record, condition.pointer);
  if ("isNot" in condition) {
    const other = settingValue(condition.isNot, inputs);
    return other === null || !sameValue(found, other);
  }
  if ("isIn" in condition) {
    const allowed = listed(inputValue(condition.isIn, inputs));
    return allowed === null || allowed.includes(String(found));
  }
  const wanted = settingValue(condition.is, inputs);
  return wanted === null || sameValue(found, wanted);
}

function settingValue(setting: string | number | boolean | { readonly from: string }, inputs: InputValues): InputValue {
  return typeof setting === "object" ? inputValue(setting, inputs) : setting;
}

/** Vendors send the same id as a number here and as text there; true and false are never text. */
function sameValue(found: unknown, wanted: InputValue): boolean {
  if (typeof found === "boolean" || typeof wanted === "boolean") return found === wanted;
  return found !== undefined && found !== null && String(found) === String(wanted);
}

/** An input's values as text; null where it restricts nothing. */
function listed(value: InputValue): readonly string[] | null {
  if (value === null || value === "all") return null;
  return typeof value === "object" ? value.map(String) : [String(value)];
}
