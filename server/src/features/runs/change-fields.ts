import { isDeepStrictEqual } from "node:util";
import type { Change } from "@rollcall/core/contract/runs.ts";

/** One side of a change: values by part; a part that is absent is not touched. */
export type ChangeSide = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/**
 * What a change does, field by field: People fields under their names, SaaS-user fields with `saas.` before them, the two
 * states as `status` and `saas.status`. The order is that of the documents; what stays the same is left out.
 */
export function changeFields(before: ChangeSide, after: ChangeSide): Change["fields"] {
  return [
    ...fieldsOf(before.person, after.person, ""),
    ...fieldsOf(statusOf(before.personStatus), statusOf(after.personStatus), ""),
    ...fieldsOf(before.saas, after.saas, "saas."),
    ...fieldsOf(statusOf(before.saasStatus), statusOf(after.saasStatus), "saas."),
  ];
}

function fieldsOf(before: ChangeSide[string], after: ChangeSide[string], prefix: string): Change["fields"] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .map((name) => ({ field: `${prefix}${name}`, before: before?.[name] ?? null, after: after?.[name] ?? null }))
    .filter((field) => !isDeepStrictEqual(field.before, field.after));
}

// A state comes with who set it and why; the reason is shown once for the whole change.
function statusOf(part: ChangeSide[string]): ChangeSide[string] {
  return part === undefined || !("status" in part) ? undefined : { status: part.status };
}
