import type { FieldPolicy, TargetValue } from "../mapping/mapping-schema.ts";
import type { ValueDocument } from "./plan.ts";

/**
 * The fields of `wanted` that differ from `current` and that their policy lets a run write.
 * Null and absent are the same: a field without a value.
 */
export function diffValues(
  current: ValueDocument,
  wanted: ValueDocument,
  policyOf: (field: string) => FieldPolicy,
  manualFields: readonly string[],
): Record<string, TargetValue> {
  const diff: Record<string, TargetValue> = {};
  for (const [field, value] of Object.entries(wanted)) {
    const now = current[field] ?? null;
    if (value !== now && mayWrite(policyOf(field), now, manualFields.includes(field))) diff[field] = value;
  }
  return diff;
}

function mayWrite(policy: FieldPolicy, now: TargetValue, editedByHand: boolean): boolean {
  switch (policy) {
    case "always":
      return true;
    case "on-create":
      return false;
    case "when-empty":
      return now === null;
    case "not-over-manual":
      return !editedByHand;
  }
}
