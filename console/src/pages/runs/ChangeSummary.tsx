import type { Change } from "@rollcall/core/contract/runs.ts";
import { ValueChange } from "../../components/ValueChange.tsx";
import { formatNumber } from "../../ui/format-time.ts";

/** The first value of a change, and how many more there are: one line in a table. Status says the most, so it comes first. */
export function ChangeSummary({
  fields,
  labelOf,
}: {
  readonly fields: Change["fields"];
  readonly labelOf: (field: string) => string;
}) {
  const first =
    fields.find(({ field }) => field === "status") ?? fields.find(({ field }) => field === "saas.status") ?? fields[0];
  if (first === undefined) return <span className="quiet">no value changes</span>;
  const shown = isCreation(fields) ? undefined : first;
  if (shown === undefined) return <span>{formatNumber(fields.length)} values set</span>;
  return (
    <span>
      {labelOf(shown.field)}: <ValueChange before={shown.before} after={shown.after} />
      {fields.length > 1 && <span className="quiet"> and {formatNumber(fields.length - 1)} more</span>}
    </span>
  );
}

function isCreation(fields: Change["fields"]): boolean {
  return fields.length > 2 && fields.every(({ before }) => before === null);
}
