import type { Change } from "@rollcall/core/contract/runs.ts";
import type { Column } from "../terminal/table.ts";
import { instant, valueText } from "../terminal/text.ts";

/** Changes as the tables of runs and people show them. */
export const changeColumns: readonly Column<Change>[] = [
  {
    title: "change",
    value: ({ kind }) => kind,
    style: ({ kind }) => (kind === "deactivate" ? "red" : kind === "create" ? "green" : undefined),
  },
  { title: "name", value: ({ name }) => name },
  { title: "e-mail", value: ({ email }) => email },
  { title: "fields", value: ({ fields }) => fields.map(fieldText).join("; ") },
  { title: "reason", value: ({ reason, withheld }) => (withheld === null ? reason : `withheld: ${withheld}`) },
  { title: "at", value: ({ at }) => instant(at) },
];

function fieldText({ field, before, after }: Change["fields"][number]): string {
  return `${field}: ${valueText(before)} → ${valueText(after)}`;
}
