import { type PlanContext, policiesOf } from "./plan-context.ts";

/** Records with a link: what differs, who came back, who is inactive at the source. */
export async function planLinked(context: PlanContext): Promise<void> {
  const { transaction, tables, policy } = context;
  const writes = policy.preference !== "create-only";
  const saasMode = policy.mode === "user-plus-saas";
  await transaction.query(
    `insert into ${tables.plan} (key, kind, code, candidates, person_id, saas_user_id, person, person_before, person_status,
                                 saas, saas_before, saas_created, saas_status, link_active, reason, withheld, hash)
     select w.key,
            case
              when f.stays_archived then 'skipped'
              when not $1 and (pd.after is not null or ud.after is not null) then 'skipped'
              when f.gone then 'deactivate'
              when f.back and (s.person_status is not null or s.saas_status is not null) then 'reactivate'
              when f.restored then 'restore'
              when f.back or f.saas_created or pd.after is not null or ud.after is not null then 'update'
              else 'silent'
            end,
            case when f.stays_archived then 'archived.not_restored'
                 when not $1 and (pd.after is not null or ud.after is not null) then 'preference.create_only' end,
            case when f.stays_archived or not $1 then array[p.id] else '{}' end,
            p.id, u.id,
            coalesce(pd.after, '{}'), coalesce(pd.before, '{}'), s.person_status,
            case when f.saas_created then w.saas else coalesce(ud.after, '{}') end, coalesce(ud.before, '{}'),
            f.saas_created,
            case when f.saas_created then case when $3 and w.activity = 'i' then 'deactivated' else 'active' end
                 else s.saas_status end,
            case when f.gone then false when f.back then true else w.link_active end,
            case when f.gone then 'inactive at source' when f.back then 'back' end,
            case when f.gone and not f.stays_archived then case when not $4 then 'coverage' when p.protected then 'protected' end end,
            w.hash
     from ${tables.work} w
     join person p on p.id = w.person_id
     left join saas_user u on u.id = w.saas_user_id
     cross join lateral (
       select p.archived_by = 'person' and p.archived_at is not null and not $5 as stays_archived,
              $1 and $3 and w.activity = 'i' and w.link_active as gone,
              $1 and $3 and w.activity <> 'i' and not w.link_active as back,
              $1 and p.archived_at is not null as restored,
              $1 and $2 and u.id is null as saas_created) f
     left join lateral (${difference("w.person", "person_document(p)", "$6::jsonb", "p.manual_fields")}) pd on w.compares
     left join lateral (${difference("w.saas", "saas_user_document(u)", "$7::jsonb", "'{}'::text[]")}) ud
       on $2 and w.compares and u.id is not null
     cross join lateral (
       select case
                when f.gone and p.status = 'active' and $8 and ${notSeenElsewhere("p.id", "$9")} then 'inactive'
                when f.back and p.status = 'inactive' and p.status_by = 'run' then 'active'
              end as person_status,
              case
                when f.gone and $2 and u.status = 'active' then 'deactivated'
                when f.back and $2 and u.status = 'deactivated' and u.status_by = 'run' then 'active'
              end as saas_status) s
     where w.linked`,
    [
      writes,
      saasMode,
      policy.deactivate,
      policy.complete,
      policy.restoreArchived,
      policiesOf(policy, "person"),
      policiesOf(policy, "saas"),
      policy.personDeactivation === "when-unseen",
      context.integrationId,
    ],
  );
}

/**
 * True when no other integration that still runs sees the person as active. The state of an integration is asked for link by link: as
 * a join, it tempts the planner into reading all links of every integration for each person.
 */
export function notSeenElsewhere(personId: string, integrationId: string): string {
  return `not exists (
    select 1 from link elsewhere
    where elsewhere.person_id = ${personId} and elsewhere.integration_id <> ${integrationId}::uuid and elsewhere.active
      and (select other.status in ('active', 'paused') from integration other where other.id = elsewhere.integration_id))`;
}

/**
 * A lateral query over the fields of `wanted` that differ from `current` and may be written: `after` and `before` documents,
 * both null when nothing differs. It says what core's `diffValues` says.
 */
export function difference(wanted: string, current: string, policies: string, manualFields: string): string {
  return `
    select jsonb_object_agg(v.key, v.value) as after, jsonb_object_agg(v.key, v.now) as before
    from (select ${current} as document offset 0) c
    cross join lateral (
      select e.key, e.value, coalesce(c.document -> e.key, 'null') as now from jsonb_each(${wanted}) e offset 0) v
    where v.now <> v.value
      and case coalesce(${policies} ->> v.key, 'always')
            when 'always' then true
            when 'on-create' then false
            when 'when-empty' then v.now = 'null'
            when 'not-over-manual' then v.key <> all (${manualFields})
          end
    having count(*) > 0`;
}
