import type { Change } from "@rollcall/core/contract/runs.ts";
import { type ChangeSide, changeFields } from "./change-fields.ts";

/** A row of history as the lists read it. */
export type ChangeRow = Omit<Change, "fields" | "at"> & {
  readonly before: ChangeSide;
  readonly after: ChangeSide;
  readonly at: Date;
};

/** A change as the API tells it. */
export function changeDocument({ before, after, at, ...row }: ChangeRow): Change {
  const { id, runId, kind, vendorKey, personId, saasUserId, name, email, reason, withheld, actor } = row;
  const fields = changeFields(before, after);
  return {
    ...{ id, runId, actor, kind, vendorKey, personId, saasUserId, name, email, fields, reason, withheld },
    at: at.toISOString(),
  };
}
