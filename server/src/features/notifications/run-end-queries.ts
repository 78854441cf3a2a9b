import type { Run } from "@rollcall/core/contract/runs.ts";
import type { Queryable } from "../../postgres/database.ts";
import { maybeOne } from "../../postgres/query.ts";

export type EndedRun = Pick<Run, "integrationId" | "integrationName" | "status" | "coverage" | "guard" | "error"> & {
  readonly at: Date;
};

/** A run of the whole integration that was not a rehearsal; undefined for any other. */
export async function findEndedRun(on: Queryable, runId: string): Promise<EndedRun | undefined> {
  return await maybeOne<EndedRun>(
    on,
    `select r.integration_id as "integrationId", i.name as "integrationName", r.status, r.coverage, r.guard, r.error,
       coalesce(r.finished_at, now()) as at
     from run r join integration i on i.id = r.integration_id
     where r.id = $1 and r.kind = 'sync' and not r.dry_run and r.only_keys is null`,
    [runId],
  );
}
