import type { Database } from "@rollcall/server/postgres/database.ts";
import { one } from "@rollcall/server/postgres/query.ts";

export type Inventory = {
  readonly people: number;
  /** The application that everybody uses. */
  readonly softwareId: string;
  readonly integrationId: string;
  /** One of twenty applications with 500 users each. */
  readonly smallSoftwareId: string;
  /** Somebody in the middle of the table, with history. */
  readonly person: { readonly id: string; readonly email: string };
};

/**
 * Fills an empty, migrated database as a company of `people` would have filled it in years: everybody is in one application, a few
 * in twenty small ones; one in eight is inactive, one in a hundred archived; names, domains, roles and activity are spread unevenly.
 * Nothing is random, so that two databases are the same.
 */
export async function fillInventory(database: Database, people: number): Promise<Inventory> {
  const { id: integrationId } = await one<{ id: string }>(database, integration, ["Everybody", null]);
  await database.query(inventorySql(people));
  const { id: softwareId } = await one<{ id: string }>(database, "select id from software where name = 'Everybody'");
  await database.query("update integration set software_id = $2 where id = $1", [integrationId, softwareId]);
  await database.query(linkSql, [integrationId, softwareId]);
  const { id: runId } = await one<{ id: string }>(database, run, [integrationId]);
  await database.query(historySql, [runId, integrationId]);
  await database.query("vacuum analyze");
  return await readInventory(database);
}

/** What `fillInventory` left in a database that was kept. */
export async function readInventory(database: Database): Promise<Inventory> {
  return await one<Inventory>(
    database,
    `select (select count(*)::int from person) as people, s.id as "softwareId", i.id as "integrationId",
       (select id from software where name = 'Small 1') as "smallSoftwareId",
       (select jsonb_build_object('id', id::text, 'email', email) from person where archived_at is null
        order by id limit 1 offset 5000) as person
     from software s join integration i on i.software_id = s.id where s.name = 'Everybody'`,
  );
}

const integration = `insert into integration (name, connector, status, schedule, mapping, filter, guard, software_id)
  values ($1, 'ironclad-clickwrap', 'active', '{"kind": "manual"}', '{"rules": [], "customFields": []}', '{}', '{}', $2)
  returning id`;

const run = `insert into run (integration_id, status, stage, plan, applied_at, started_at, finished_at)
  values ($1, 'completed', 'finished', 'applied', now(), now(), now()) returning id`;

function inventorySql(people: number): string {
  return `
    insert into software (name, category)
      select 'Everybody', 'Contracts' union all select 'Small ' || n, 'Small' from generate_series(1, 20) n;
    create temporary table drawn as
      select n, (hashint8(n)::bigint + 2147483648) as h, (hashint8(n + 7777777)::bigint + 2147483648) as k,
        (hashint8(n + 5555555)::bigint + 2147483648) as s
      from generate_series(1, ${people}) n;
    insert into person (username, email, full_name, first_name, last_name, role, locale, time_zone, attributes, status, status_by,
                        status_reason, archived_at, archived_by, protected, created_at)
    select lower(first || '.' || last) || n, lower(first || '.' || last) || n || '@' || domain,
      case when h % 50 = 0 then null else first || ' ' || last end, first, last,
      case when k % 200 = 0 then 'Administrator' else 'User' end, 'en-US', 'Europe/Berlin',
      jsonb_build_object('department', (array['Sales', 'Legal', 'Engineering', 'Support', 'Finance'])[1 + k % 5],
                         'costCenter', 'CC-' || k % 400),
      case when s % 8 = 0 then 'inactive' else 'active' end, 'run', case when s % 8 = 0 then 'missing' end,
      case when h % 100 = 1 then now() end, case when h % 100 = 1 then 'person' end, h % 1000 = 2,
      now() - make_interval(days => (h % 1500)::int)
    from (
      select n, h, k, s, (${textArray(firstNames)})[1 + h % ${firstNames.length}] as first,
        (${textArray(lastNameStarts)})[1 + k % ${lastNameStarts.length}]
          || (${textArray(lastNameEnds)})[1 + (h / 64) % ${lastNameEnds.length}] as last,
        case when k % 10 < 7 then 'example.com' when k % 10 < 9 then 'emea.example.com'
             else 'partner' || h % 300 || '.example.net' end as domain
      from drawn) made;
    drop table drawn;
    insert into saas_user (software_id, person_id, external_id, email, name, role, last_activity, activity_known, attributes, status)
    select s.id, p.id, 'member-' || p.id, p.email, p.full_name,
      case when p.id % 40 = 0 then 'Administrator' when p.id % 7 = 0 then 'Editor' when p.id % 30 = 1 then null else 'Member' end,
      case when p.id % 5 > 0 then now() - make_interval(mins => (p.id * 7919 % 600000)::int) end, p.id % 5 > 0,
      jsonb_build_object('verified', p.id % 3 = 0),
      case when p.status = 'inactive' then 'deactivated' else 'active' end
    from person p join software s on s.name = 'Everybody';
    insert into saas_user (software_id, person_id, external_id, email, name, role, status)
    select s.id, p.id, 'user-' || p.id, p.email, p.full_name, 'Member', 'active'
    from (select row_number() over (order by id) as place, * from person where archived_at is null limit 10000) p
    join software s on s.name = 'Small ' || 1 + p.place % 20`;
}

const linkSql = `insert into link (integration_id, vendor_key, person_id, saas_user_id, content_hash, active)
  select $1, 'member-' || u.person_id, u.person_id, u.id, sha256(u.external_id::bytea), u.status = 'active'
  from saas_user u where u.software_id = $2`;

const historySql = `insert into change (run_id, integration_id, vendor_key, kind, person_id, before, after, hash)
  select $1, $2, 'member-' || p.id, 'create', p.id, '{"link": null}', jsonb_build_object('person', person_document(p)), '\\x00'
  from person p`;

function textArray(words: readonly string[]): string {
  return `array[${words.map((word) => `'${word}'`).join(", ")}]`;
}

const firstNames = (
  "Ada Alan Alice Amir Ana Andrea Anna Anton Ben Carla Carlos Chen Chloe Clara Daniel David Diego Elena Elif Emma Erik Fatima " +
  "Felix Fiona Frank Grace Hana Hannah Hugo Ida Igor Ines Isabel Ivan Jakob James Jan Julia Kai Karim Kenji Lars Laura Lea Leo " +
  "Lin Louis Lucia Maria Mario Marta Maya Mia Mohammed Nadia Nina Noah Olga Omar Paul Petra Priya Rosa Samuel Sara Sofia Stefan " +
  "Tara Thomas Tom Uma Vera Victor Wei William Xenia Yara Yusuf Zoe"
).split(" ");

const lastNameStarts = (
  "Ander Berg Black Bren Carl Dal Fair Fisch Gold Green Hart Holm Jans John Kell Klein Lang Lind Lov Mal Mart Mill Nor Ober Ost " +
  "Pas Peter Quin Rich Ros Sand Schnei Silver Smith Stein Thorn Under Wal West Winter"
).split(" ");

const lastNameEnds = (
  "bach berg berry burg by dale den der er feld field ford garten hagen hart holm house ing kamp ke land ley lin low man mann " +
  "mark mayer more ner rop sen ski son stein stone strom ton val well wood worth"
).split(" ");
