import type { FieldValueProblem } from "./mapping-schema.ts";
import { type CompiledSource, sourceFromPointer } from "./source.ts";
import { valueProblem } from "./value-problems.ts";

export type Activity = "active" | "inactive" | "unknown";
type ActivityValue = string | number | boolean | null;

/** How a vendor says that an account is active; `none` when it does not say. `path` is a JSON Pointer. */
export type ActivityRule =
  | { readonly kind: "none" }
  | {
      readonly kind: "field";
      readonly path: string;
      readonly inactive: readonly ActivityValue[];
      readonly active: readonly ActivityValue[];
    };

export type JudgedActivity = { readonly activity: Activity; readonly problem: FieldValueProblem | null };

export type CompiledActivity =
  | { readonly kind: "none" }
  | { readonly kind: "field"; readonly source: CompiledSource; readonly judge: (record: unknown) => JudgedActivity }
  | { readonly kind: "invalid"; readonly message: string };

/**
 * Compiles the activity rule. Values are compared exactly. Only a value on the list of inactive ones, and not also on
 * the other, is ever inactive: an unlisted value is unknown and a problem, an absent one is unknown.
 */
export function compileActivity(rule: ActivityRule): CompiledActivity {
  if (rule.kind === "none") return rule;
  const found = sourceFromPointer(rule.path, rule.path);
  if (found.kind === "invalid") return found;
  const { source } = found;
  const active = new Set<unknown>(rule.active);
  const inactive = new Set<unknown>(rule.inactive);
  const judge = (record: unknown): JudgedActivity => {
    const value = source.read(record);
    if (active.has(value) !== inactive.has(value)) return active.has(value) ? isActive : isInactive;
    if (value === undefined || value === null) return isUnknown;
    const { code, expected, found } = valueProblem("mapping.unknown_status", "a status the connector lists", value);
    return { activity: "unknown", problem: { code, target: "status", source: rule.path, expected, found } };
  };
  return { kind: "field", source, judge };
}

const isActive: JudgedActivity = { activity: "active", problem: null };
const isInactive: JudgedActivity = { activity: "inactive", problem: null };
const isUnknown: JudgedActivity = { activity: "unknown", problem: null };
