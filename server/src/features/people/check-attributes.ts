import type { Field } from "@rollcall/core/contract/fields.ts";
import type { FieldProblem } from "@rollcall/core/errors.ts";
import { compileConversion } from "@rollcall/core/mapping/convert-value.ts";
import type { TargetValue } from "@rollcall/core/mapping/mapping-schema.ts";
import { suggestNames } from "@rollcall/core/mapping/nearest-names.ts";

export type CheckedValues =
  | { readonly kind: "ok"; readonly values: Readonly<Record<string, TargetValue>> }
  | { readonly kind: "refused"; readonly problems: readonly FieldProblem[] };

/** Values a person entered, typed by their fields. `pointer` is where the object stands in the request. */
export function checkFieldValues(
  fields: readonly Field[],
  given: Readonly<Record<string, unknown>>,
  pointer: string,
): CheckedValues {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const values: Record<string, TargetValue> = {};
  const problems: FieldProblem[] = [];
  const refuse = (name: string, message: string): void => {
    problems.push({ pointer: `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, message });
  };
  for (const [name, value] of Object.entries(given)) {
    const field = byName.get(name);
    if (field === undefined) {
      refuse(name, `is no field. ${suggestNames(name, [...byName.keys()])}`);
    } else if (!field.editable) {
      refuse(name, "is not editable by hand");
    } else {
      const converted = compileConversion({ type: field.type, choices: field.choices ?? [] })(value);
      if (converted.kind === "problem") {
        refuse(name, `must be ${field.choices === null ? converted.expected : `one of ${field.choices.join(", ")}`}`);
      } else if (converted.value === null && field.mandatory) {
        refuse(name, "is mandatory and cannot be cleared");
      } else {
        values[name] = converted.value;
      }
    }
  }
  return problems.length > 0 ? { kind: "refused", problems } : { kind: "ok", values };
}
