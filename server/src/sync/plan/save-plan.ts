import { unknownValue } from "../../postgres/unknown-value.ts";
import { changeKinds, type PlanContext } from "./plan-context.ts";

/**
 * Saves the plan as the run's changes: the same rows are previewed, approved, applied, shown as history and undone. A part of
 * the before and after documents that is absent is not touched; a part that is null does not exist on that side.
 */
export async function savePlan(context: PlanContext): Promise<void> {
  const { transaction, tables, runId, integrationId } = context;
  await transaction.query("delete from change where run_id = $1", [runId]);
  await transaction.query("delete from run_error where run_id = $1 and kind in ('disputed', 'skipped')", [runId]);
  await transaction.query(
    `insert into change (run_id, integration_id, vendor_key, kind, person_id, saas_user_id, before, after, reason, withheld, hash)
     select $1, $2, d.key, d.kind, d.person_id, d.saas_user_id, d.before, d.after, d.reason, d.withheld,
            change_digest($1, d.kind, d.key, d.person_id, d.saas_user_id, d.before, d.after, d.reason, d.withheld)
     from (
       select c.key, c.kind, c.reason, c.withheld, c.new_person_id as person_id, c.new_saas_user_id as saas_user_id,
              ${beforeDocument} as before,
              ${afterDocument} as after
       from (
         select t.*,
                case when t.kind = 'create' then nextval('person_id_seq') else t.person_id end
                  as new_person_id,
                case when t.saas_created then nextval('saas_user_id_seq') else t.saas_user_id end
                  as new_saas_user_id
         from ${tables.plan} t
         where t.kind in ${changeKinds} offset 0) c
       left join person p on p.id = c.person_id
       left join saas_user u on u.id = c.saas_user_id
       left join link l on l.integration_id = ${unknownValue("$2::uuid")} and l.vendor_key = c.key
       cross join (select last_complete_started_at from integration where id = $2) i
       offset 0) d`,
    [runId, integrationId],
  );
  await transaction.query(
    `insert into run_error (run_id, kind, vendor_key, code, details)
     select $1, kind, key, code, jsonb_build_object('candidates', to_jsonb(candidates::text[]))
     from ${tables.plan} where kind in ('disputed', 'skipped')`,
    [runId],
  );
  await rememberDisputes(context);
}

/** Identity questions outlive the run, so that an answer is given once; one that no longer comes up is no question any more. */
async function rememberDisputes({ transaction, tables, runId, integrationId }: PlanContext): Promise<void> {
  await transaction.query(
    `insert into dispute (integration_id, vendor_key, code, candidates, first_run_id, last_run_id)
     select $2, key, code, candidates, $1, $1 from ${tables.plan} where kind = 'disputed'
     on conflict (integration_id, vendor_key) do update
     set code = excluded.code, candidates = excluded.candidates, last_run_id = excluded.last_run_id`,
    [runId, integrationId],
  );
  await transaction.query(
    `delete from dispute d
     where d.integration_id = $1 and d.answer is null
       and exists (select 1 from ${tables.record} s where s.key = d.vendor_key)
       and not exists (select 1 from ${tables.plan} p where p.key = d.vendor_key and p.kind = 'disputed')`,
    [integrationId],
  );
}

const beforeDocument = `
  case when c.kind = 'create' then '{"person": null, "saas": null, "link": null}'::jsonb
  else
    case when c.person = '{}' then '{}'::jsonb else jsonb_build_object('person', c.person_before) end
    || case when c.person_status is null and c.kind <> 'restore' then '{}'::jsonb
       else jsonb_build_object('personStatus', jsonb_build_object('status', p.status, 'by', p.status_by,
         'reason', p.status_reason, 'runId', p.status_run_id, 'archivedBy', p.archived_by)) end
    || case when c.saas_created then '{"saas": null}'::jsonb
       else case when c.saas = '{}' then '{}'::jsonb else jsonb_build_object('saas', c.saas_before) end
         || case when c.saas_status is null then '{}'::jsonb
            else jsonb_build_object('saasStatus', jsonb_build_object('status', u.status, 'by', u.status_by,
              'reason', u.deactivated_reason, 'runId', u.deactivated_run_id, 'archived', u.archived_at is not null)) end
       end
    || jsonb_build_object('link', case when c.link_created then null else jsonb_build_object(
         'active', l.active, 'hash', encode(l.content_hash, 'hex'), 'missingRuns', l.missing_runs,
         'lastSeenAt', l.last_seen_at, 'saasUserId', l.saas_user_id) end)
  end`;

const afterDocument = `
  case when c.person = '{}' then '{}'::jsonb else jsonb_build_object('person', c.person) end
  || case when c.person_status is null and c.kind <> 'restore' then '{}'::jsonb
     else jsonb_build_object('personStatus', jsonb_build_object('status', coalesce(c.person_status, p.status),
       'by', case when c.person_status is null then p.status_by else 'run' end,
       'reason', case when c.person_status is null then p.status_reason
                      when c.person_status = 'inactive' then coalesce(c.reason, 'inactive at source') end,
       'runId', case when c.person_status is null then p.status_run_id
                     when c.kind <> 'create' or c.person_status = 'inactive' then $1::uuid end,
       'archivedBy', null)) end
  || case when c.saas = '{}' and not c.saas_created then '{}'::jsonb else jsonb_build_object('saas', c.saas) end
  || case when c.saas_status is null then '{}'::jsonb
     else jsonb_build_object('saasStatus', jsonb_build_object('status', c.saas_status, 'by', 'run',
       'reason', case when c.saas_status = 'deactivated'
                      then case c.reason when 'missing' then 'missing' else 'inactive at source' end end,
       'runId', case when c.saas_status = 'deactivated' then $1::uuid end, 'archived', false)) end
  || jsonb_build_object('link', jsonb_build_object('active', c.link_active,
       'hash', encode(coalesce(c.hash, l.content_hash), 'hex'), 'missingRuns', 0,
       'lastSeenAt', case when c.reason = 'missing' then i.last_complete_started_at end,
       'saasUserId', c.new_saas_user_id))`;
