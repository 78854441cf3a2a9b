import { VisuallyHidden } from "@mantine/core";
import type { Change } from "@rollcall/core/contract/runs.ts";
import { showValue } from "../ui/show-value.ts";
import classes from "./ValueChange.module.css";

type FieldChange = Change["fields"][number];

/** One value, old → new. Nothing there before is left out; nothing there afterwards is said. */
export function ValueChange({ before, after }: Pick<FieldChange, "before" | "after">) {
  const [old, next] = [showValue(before), showValue(after)];
  return (
    <span className="wrap-anywhere">
      {old !== null && (
        <>
          <VisuallyHidden>from </VisuallyHidden>
          <span className={classes.old}>{old}</span>
          <span aria-hidden> → </span>
          <VisuallyHidden> to </VisuallyHidden>
        </>
      )}
      {next === null ? <span className="quiet">empty</span> : <span className={classes.new}>{next}</span>}
    </span>
  );
}

/** Every field of a change, old → new. */
export function ValueChanges({
  fields,
  labelOf,
}: {
  readonly fields: Change["fields"];
  readonly labelOf: (field: string) => string;
}) {
  if (fields.length === 0) return <span className="quiet">no value changes</span>;
  return (
    <dl className={classes.list}>
      {fields.map(({ field, before, after }) => (
        <div key={field}>
          <dt>{labelOf(field)}</dt>
          <dd>
            <ValueChange before={before} after={after} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
