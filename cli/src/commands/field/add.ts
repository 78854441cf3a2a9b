import { fieldEntities, fieldSchema } from "@rollcall/core/contract/fields.ts";
import { fieldTypes } from "@rollcall/core/mapping/mapping-schema.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { oneOf, repeated, verb } from "../verb.ts";

type Options = {
  label: string;
  type: string;
  name?: string;
  entity?: string;
  unique?: boolean;
  mandatory?: boolean;
  editable: boolean;
  history: boolean;
  helpText?: string;
  choice?: readonly string[];
};

export function addFieldAdd(field: Command, { api, out }: Session): void {
  verb(field, "add", "Adds a field to people or SaaS users")
    .requiredOption("--label <label>", "what screens call it")
    .addOption(oneOf("--type <type>", "what it holds", fieldTypes).makeOptionMandatory())
    .option("--name <name>", "its name in the API; made from the label when absent")
    .addOption(oneOf("--entity <entity>", "whose field (default person)", fieldEntities))
    .option("--unique", "no two may have the same value")
    .option("--mandatory", "never empty")
    .option("--no-editable", "not to be edited by hand")
    .option("--no-history", "changes are not kept in the history")
    .option("--help-text <text>", "what the form says about it")
    .addOption(repeated("--choice <value>", "one of the values of a choice"))
    .action(async ({ label, type, name, entity, unique, mandatory, ...options }: Options) => {
      const { editable, history, helpText: help, choice: choices } = options;
      const body = { label, type, name, entity, unique, mandatory, editable, history, help, choices };
      const added = await (await api()).call({ method: "POST", path: "/fields", body }, fieldSchema);
      out.result(added, () => `Added the field ${added.label} (${added.entity} ${added.name}, ${added.type}).`);
    });
}
