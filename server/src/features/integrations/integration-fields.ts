import { saasPrefix } from "@rollcall/core/mapping/check-targets.ts";
import type { TargetField } from "@rollcall/core/mapping/mapping-schema.ts";

/** An inventory field as `field_definition` has it. */
export type FieldDefinition = {
  readonly entity: "person" | "saas-user";
  readonly name: string;
  readonly label: string;
  readonly type: TargetField["type"];
  readonly unique: boolean;
  readonly mandatory: boolean;
  /** Whether updates of the field are added to history. */
  readonly history: boolean;
  readonly choices: readonly string[] | null;
};

/** The inventory's fields as a mapping names them: those of SaaS users with their prefix. */
export function targetFieldsOf(definitions: readonly FieldDefinition[]): readonly TargetField[] {
  return definitions.map(({ entity, name, label, type, unique, mandatory, choices }) => ({
    name: entity === "saas-user" ? `${saasPrefix}${name}` : name,
    label,
    type,
    unique,
    mandatory,
    ...(choices === null ? {} : { choices }),
  }));
}
