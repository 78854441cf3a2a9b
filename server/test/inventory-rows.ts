import type { Queryable } from "@rollcall/server/postgres/database.ts";
import { rows } from "@rollcall/server/postgres/query.ts";

/** Whole rows as text, without the time of the last write: what "bit for bit" is compared by. */
export type InventoryRows = {
  readonly people: readonly string[];
  readonly saasUsers: readonly string[];
  readonly links: readonly string[];
  /** Links without what runs note down in passing: the content hash, runs that missed it, the run that made it. */
  readonly ties: readonly string[];
  /** Ids of people that are not archived. */
  readonly present: readonly string[];
};

export async function inventoryRows(on: Queryable): Promise<InventoryRows> {
  const found = await rows<{ kind: keyof InventoryRows; row: string }>(
    on,
    `select kind, "row" from (
       select 'people' as kind, p.id::text as id, (to_jsonb(p) - 'updated_at')::text as "row" from person p
       union all
       select 'saasUsers', u.id::text, (to_jsonb(u) - 'updated_at')::text from saas_user u
       union all
       select 'links', l.integration_id || l.vendor_key, to_jsonb(l)::text from link l
       union all
       select 'ties', l.integration_id || l.vendor_key,
              (to_jsonb(l) - '{content_hash,missing_runs,first_run_id}'::text[])::text from link l
       union all
       select 'present', p.id::text, p.id::text from person p where p.archived_at is null) r
     order by kind, id`,
  );
  const of = (kind: keyof InventoryRows) => found.filter((each) => each.kind === kind).map(({ row }) => row);
  return {
    people: of("people"),
    saasUsers: of("saasUsers"),
    links: of("links"),
    ties: of("ties"),
    present: of("present"),
  };
}

/** An integration's link with the rows it ties together, as text. */
export type LinkedRows = {
  readonly key: string;
  readonly active: boolean;
  readonly person: string;
  readonly saasUser: string | null;
};

export async function linkedRows(on: Queryable, integrationId: string): Promise<readonly LinkedRows[]> {
  return await rows<LinkedRows>(
    on,
    `select l.vendor_key as key, l.active, (to_jsonb(p) - 'updated_at')::text as person,
            (to_jsonb(u) - 'updated_at')::text as "saasUser"
     from link l join person p on p.id = l.person_id left join saas_user u on u.id = l.saas_user_id
     where l.integration_id = $1 order by l.vendor_key`,
    [integrationId],
  );
}

/** Who and what is in which state, a line each: people, SaaS users, links. */
export async function statusLines(on: Queryable): Promise<readonly string[]> {
  const found = await rows<{ line: string }>(
    on,
    `select 'person ' || id || ' ' || status as line from person
     union all select 'saas user ' || id || ' ' || status from saas_user
     union all select 'link ' || integration_id || ' ' || vendor_key || ' ' || active from link`,
  );
  return found.map(({ line }) => line);
}
