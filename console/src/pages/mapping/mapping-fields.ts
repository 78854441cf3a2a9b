import type { Connector } from "@rollcall/core/contract/connectors.ts";
import type { Field } from "@rollcall/core/contract/fields.ts";
import { isMandatory, saasPrefix } from "@rollcall/core/mapping/check-targets.ts";
import type { Mapping, SourceField, TargetField } from "@rollcall/core/mapping/mapping-schema.ts";

/** A field of the left column: the vendor's, a custom one, or one about the run itself. */
export type Source = {
  readonly id: string;
  readonly label: string;
  readonly kind: "vendor" | "custom" | "tracking";
};

export function sourcesOf(connector: Connector, mapping: Mapping): readonly Source[] {
  return [
    ...connector.fields
      .filter(({ tracking }) => !tracking)
      .map(({ id, label }) => ({ id, label, kind: "vendor" as const })),
    ...mapping.customFields.map(({ name }) => ({ id: name, label: name, kind: "custom" as const })),
    ...connector.fields
      .filter(({ tracking }) => tracking)
      .map(({ id, label }) => ({ id, label, kind: "tracking" as const })),
  ];
}

/** The connector's fields as the mapping's compiler wants them. */
export function sourceFieldsOf(connector: Connector): readonly SourceField[] {
  return connector.fields.flatMap(({ id, label, path }) => (path === null ? [] : [{ id, label, path }]));
}

/** A field of the right column. `field` is the inventory's own record of it. */
export type Target = TargetField & { readonly field: Field; readonly isNeeded: boolean };

export function targetsOf(fields: readonly Field[]): readonly Target[] {
  return fields.map((field) => {
    const { entity, name, label, type, unique, mandatory, choices } = field;
    const target = {
      name: entity === "saas-user" ? `${saasPrefix}${name}` : name,
      label,
      type,
      unique,
      mandatory,
      ...(choices === null ? {} : { choices }),
    };
    return { ...target, field, isNeeded: isMandatory(target) };
  });
}

export const fieldTypeWords = {
  "short-text": "Short text",
  "long-text": "Long text",
  number: "Number",
  decimal: "Decimal",
  "date-time": "Date and time",
  "yes-no": "Yes/no",
  choice: "Choice",
} as const satisfies Record<Field["type"], string>;

/** A value of a record in one line. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (typeof value === "string") return value === "" ? "empty text" : value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
