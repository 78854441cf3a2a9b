import type { RunError } from "@rollcall/core/contract/runs.ts";
import classes from "../../components/ValueChange.module.css";

/** One problem in full. The vendor's value itself is not kept, only what kind of value it was. */
export function RunErrorDetail({
  error,
  labelOf,
}: {
  readonly error: RunError;
  readonly labelOf: (field: string) => string;
}) {
  const facts: readonly (readonly [string, string | null])[] = [
    ["Why", error.message],
    ["Next step", error.nextStep],
    ["Field", error.field === null ? null : labelOf(error.field)],
    ["Expected", error.expected],
    ["Found", error.found],
    ["Place in the vendor's answer", error.pointer],
    ["Code", error.code],
  ];
  return (
    <dl className={classes.list}>
      {facts.map(
        ([label, value]) =>
          value !== null && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
