import type { Transaction } from "../../postgres/database.ts";
import { affected, one, rows } from "../../postgres/query.ts";
import { uniqueColumn } from "../plan/plan-context.ts";
import { notSeenElsewhere } from "../plan/plan-linked.ts";

type UndoScope = { readonly runId: string; readonly ofRunId: string; readonly integrationId: string };

/**
 * Makes the changes that take a run back out of the run's own changes, and lists what has to be kept.
 *
 * A record counts as touched when a value, status or link that the run wrote is no longer what the run wrote.
 */
export async function planUndo(
  transaction: Transaction,
  scope: UndoScope,
): Promise<{ readonly restored: number; readonly kept: number }> {
  // What is looked at here still holds when it is written: whoever links, protects or edits somebody locks the person first.
  await transaction.query(
    `select 1 from person p where p.id in (select person_id from change where run_id = $1) order by p.id for update`,
    [scope.ofRunId],
  );
  await transaction.query("drop table if exists undo_plan");
  await transaction.query(`create temporary table undo_plan on commit drop as ${reversedChanges}`, []);
  await transaction.query(
    `insert into undo_plan
     select c.* from (${reversed}) c`,
    [scope.ofRunId],
  );
  await keepTakenValues(transaction);
  await transaction.query(
    `insert into change (run_id, integration_id, vendor_key, kind, person_id, saas_user_id, before, after, reason, hash)
     select $1, $2, u.vendor_key, u.kind, u.person_id, u.saas_user_id, u.before, u.after, 'undo',
            change_digest($1, u.kind, u.vendor_key, u.person_id, u.saas_user_id, u.before, u.after, 'undo', null)
     from undo_plan u where u.kept is null`,
    [scope.runId, scope.integrationId],
  );
  await transaction.query(
    `insert into run_error (run_id, kind, vendor_key, code, details)
     select $1, 'skipped', vendor_key, kept, jsonb_build_object('personId', person_id::text) from undo_plan where kept is not null`,
    [scope.runId],
  );
  return one(
    transaction,
    `select count(*) filter (where kept is null)::integer as restored, count(*) filter (where kept is not null)::integer as kept
     from undo_plan`,
  );
}

/** What was applied of a run's changes: of a withheld one only its values, unless a person approved it. */
const applied = `
  select c.vendor_key, c.kind, c.person_id, c.saas_user_id, c.integration_id,
         case when c.withheld is null or (c.withheld = 'guard' and r.plan = 'approved') then c.before
              else (c.before - 'personStatus') - 'saasStatus' end as before,
         case when c.withheld is null or (c.withheld = 'guard' and r.plan = 'approved') then c.after
              else ((c.after - 'personStatus') - 'saasStatus')
                || jsonb_build_object('link', (c.after -> 'link') || jsonb_build_object(
                     'active', c.before -> 'link' -> 'active', 'lastSeenAt', c.before -> 'link' -> 'lastSeenAt'))
                || case when c.before -> 'saas' = 'null' and c.after ? 'saasStatus'
                   then '{"saasStatus": {"status": "active", "by": "run", "reason": null, "runId": null, "archived": false}}'::jsonb
                   else '{}' end end as after
  from change c join run r on r.id = c.run_id
  where c.run_id = $1`;

/** Whether taking a change back leaves its person inactive or archived; an undone undo brings one back who was created. */
const takesPersonAway = `(a.kind = 'create' or a.before -> 'personStatus' ->> 'status' = 'inactive'
  or a.before -> 'personStatus' ->> 'archivedBy' is not null)`;

/** A record that was made by the run is not deleted: its creation is taken back by archiving it. */
const reversed = `
  select a.vendor_key,
         case when a.kind = 'create' then 'archive' else 'restore' end as kind,
         a.person_id, a.saas_user_id,
         case when a.kind = 'create'
              then jsonb_build_object('personStatus', a.after -> 'personStatus', 'link', a.after -> 'link')
              else a.after - 'saas' - 'saasStatus' || case when a.before -> 'saas' = 'null' then '{}'::jsonb
                   else case when a.after ? 'saas' then jsonb_build_object('saas', a.after -> 'saas') else '{}' end
                     || case when a.after ? 'saasStatus' then jsonb_build_object('saasStatus', a.after -> 'saasStatus') else '{}' end
                   end
         end
         || case when a.before -> 'saas' = 'null' and a.after ? 'saasStatus'
                 then jsonb_build_object('saasStatus', a.after -> 'saasStatus') else '{}' end
         || case when a.before -> 'link' = 'null'
                 then jsonb_build_object('link', (a.after -> 'link') || jsonb_build_object('firstRunId', l.first_run_id))
                 else '{}' end as before,
         case when a.kind = 'create'
              then jsonb_build_object(
                'personStatus', (a.after -> 'personStatus') || '{"archivedBy": "undo"}', 'link', null)
              else a.before - 'saas' end
         || case when a.before -> 'saas' = 'null' and a.after ? 'saasStatus'
                 then jsonb_build_object('saasStatus', (a.after -> 'saasStatus') || '{"archived": true}')
                 when a.before ? 'saas' and a.before -> 'saas' <> 'null' then jsonb_build_object('saas', a.before -> 'saas')
                 else '{}' end as after,
         case
           when p.id is null then 'undo.edited_since'
           when p.protected and (${takesPersonAway} or a.before -> 'saasStatus' ->> 'status' = 'deactivated') then 'undo.protected'
           when ${takesPersonAway} and not ${notSeenElsewhere("p.id", "a.integration_id")} then 'undo.seen_elsewhere'
           when exists (
             select 1 from jsonb_each(case when jsonb_typeof(a.after -> 'person') = 'object' then a.after -> 'person' else '{}' end) f
             where coalesce(person_document(p) -> f.key, 'null') <> f.value) then 'undo.edited_since'
           when a.after ? 'personStatus' and (
             p.status <> a.after -> 'personStatus' ->> 'status'
             or p.status_by <> a.after -> 'personStatus' ->> 'by'
             or p.status_run_id::text is distinct from a.after -> 'personStatus' ->> 'runId'
             or p.archived_by is distinct from a.after -> 'personStatus' ->> 'archivedBy') then 'undo.edited_since'
           when u.id is not null and exists (
             select 1 from jsonb_each(case when jsonb_typeof(a.after -> 'saas') = 'object' then a.after -> 'saas' else '{}' end) f
             where coalesce(saas_user_document(u) -> f.key, 'null') <> f.value) then 'undo.edited_since'
           when u.id is not null and a.after ? 'saasStatus' and (
             u.status <> a.after -> 'saasStatus' ->> 'status'
             or u.status_by <> a.after -> 'saasStatus' ->> 'by'
             or u.deactivated_run_id::text is distinct from a.after -> 'saasStatus' ->> 'runId') then 'undo.edited_since'
           when jsonb_typeof(a.after -> 'link') = 'object' and (
             l.vendor_key is null or l.person_id <> a.person_id
             or l.active is distinct from (a.after -> 'link' ->> 'active')::boolean) then 'undo.edited_since'
           when a.after -> 'link' = 'null' and l.vendor_key is not null then 'undo.edited_since'
         end as kept
  from (${applied}) a
  left join person p on p.id = a.person_id
  left join saas_user u on u.id = a.saas_user_id
  left join link l on l.integration_id = a.integration_id and l.vendor_key = a.vendor_key`;

const reversedChanges = `
  select null::text as vendor_key, null::text as kind, null::bigint as person_id, null::bigint as saas_user_id,
         null::jsonb as before, null::jsonb as after, null::text as kept where false`;

/** A former value that somebody else has by now cannot be given back; whoever gives up theirs in the same undo is not in the way. */
async function keepTakenValues(transaction: Transaction): Promise<void> {
  const unique = await rows<{ name: string }>(
    transaction,
    "select name from field_definition where entity = 'person' and is_unique",
  );
  for (let found = true; found; ) {
    found = false;
    for (const { name } of unique) {
      const column = uniqueColumn(name);
      const holder = column
        ? `(select id, ${column} as value from person)`
        : "(select person_id as id, value_key as value from person_unique where field = $1)";
      const kept = await affected(
        transaction,
        `update undo_plan u set kept = 'undo.value_taken'
         from ${holder} holder
         where u.kept is null and jsonb_typeof(u.after -> 'person') = 'object' and u.after -> 'person' ->> $1::text is not null
           and holder.value = comparable(u.after -> 'person' ->> $1::text) and holder.id <> u.person_id
           and not exists (
             select 1 from undo_plan m
             where m.kept is null and m.person_id = holder.id and jsonb_typeof(m.after -> 'person') = 'object'
               and m.after -> 'person' ? $1::text
               and comparable(m.after -> 'person' ->> $1::text) is distinct from holder.value)`,
        [name],
      );
      if (kept > 0) found = true;
    }
  }
}
