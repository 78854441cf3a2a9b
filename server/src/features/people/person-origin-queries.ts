import type { Mapping } from "@rollcall/core/mapping/mapping-schema.ts";
import type { Queryable } from "../../postgres/database.ts";
import { maybeOne, rows } from "../../postgres/query.ts";

/** The change that gave a field its value, or the person the status, and where it came from. */
export type Origin = {
  /** A field's name, or null for the status. */
  readonly field: string | null;
  readonly runId: string | null;
  readonly integrationId: string | null;
  readonly integrationName: string | null;
  readonly mapping: Mapping | null;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly at: Date;
};

/** The newest applied change of every field of a person, and of the status. */
export async function findOrigins(on: Queryable, personId: string): Promise<readonly Origin[]> {
  return await rows<Origin>(
    on,
    `select distinct on (part.field) part.field, c.run_id as "runId", c.integration_id as "integrationId",
       i.name as "integrationName", i.mapping, a.name as actor, c.reason, c.at
     from change c
     left join run r on r.id = c.run_id
     left join integration i on i.id = c.integration_id
     left join account a on a.id = c.actor_id
     cross join lateral (
       select jsonb_object_keys(case when jsonb_typeof(c.after -> 'person') = 'object' then c.after -> 'person' else '{}' end) as field
       union all
       select null where c.after -> 'personStatus' ->> 'status' is distinct from c.before -> 'personStatus' ->> 'status'
         and c.withheld is null) as part
     where c.person_id = $1 and (c.run_id is null or r.applied_at is not null)
     order by part.field, c.id desc`,
    [personId],
  );
}

type OriginSubject = {
  readonly document: Readonly<Record<string, unknown>>;
  readonly status: "active" | "inactive";
  readonly statusBy: "run" | "person";
  readonly statusReason: string | null;
  readonly statusRunId: string | null;
};

export async function findOriginSubject(on: Queryable, personId: string): Promise<OriginSubject | undefined> {
  return await maybeOne<OriginSubject>(
    on,
    `select person_document(p) as document, p.status, p.status_by as "statusBy", p.status_reason as "statusReason",
       p.status_run_id as "statusRunId"
     from person p where p.id = $1`,
    [personId],
  );
}
