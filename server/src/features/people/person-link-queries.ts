import type { Queryable } from "../../postgres/database.ts";
import { rows } from "../../postgres/query.ts";

/** A tie of a person to a record of an integration, with what the tracking fields are derived from. */
export type PersonLink = {
  readonly personId: string;
  readonly integrationId: string;
  readonly name: string;
  readonly vendorKey: string;
  readonly active: boolean;
  readonly saasUserId: string | null;
  readonly softwareId: string | null;
  readonly softwareName: string | null;
  /** Start of the last complete run that saw the record. */
  readonly seenAt: Date | null;
  /** Name of the credential that run used. */
  readonly credential: string | null;
  /** The mapping rules whose source is a tracking field. */
  readonly tracking: readonly { readonly source: string; readonly target: string }[];
};

/** The links of several people in one query, by person; a person without links is not in the map. */
export async function findLinks(
  on: Queryable,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, readonly PersonLink[]>> {
  const found = await rows<PersonLink>(
    on,
    `with wanted as materialized (
       select l.person_id, l.integration_id, l.vendor_key, l.active, l.saas_user_id, l.last_seen_at,
         (select u.software_id from saas_user u where u.id = l.saas_user_id) as software_id
       from link l where l.person_id = any($1)),
     used as materialized (
       select i.id, i.name, i.last_complete_started_at, i.last_complete_credential,
         coalesce((select jsonb_agg(jsonb_build_object('source', r ->> 'source', 'target', r ->> 'target'))
                   from jsonb_array_elements(i.mapping -> 'rules') r
                   where r ->> 'source' in ('connector.syncTime', 'connect.credentials')), '[]') as tracking
       from integration i where i.id in (select integration_id from wanted))
     select w.person_id as "personId", i.id as "integrationId", i.name, w.vendor_key as "vendorKey", w.active,
       w.saas_user_id as "saasUserId", s.id as "softwareId", s.name as "softwareName",
       coalesce(w.last_seen_at, i.last_complete_started_at) as "seenAt", i.last_complete_credential as credential, i.tracking
     from wanted w
     join used i on i.id = w.integration_id
     left join software s on s.id = w.software_id
     order by w.person_id, i.name, w.vendor_key`,
    [personIds],
  );
  return Map.groupBy(found, ({ personId }) => personId);
}
