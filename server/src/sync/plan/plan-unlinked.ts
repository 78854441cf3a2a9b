import { unknownValue } from "../../postgres/unknown-value.ts";
import { type PlanContext, policiesOf, uniqueColumn } from "./plan-context.ts";
import { difference } from "./plan-linked.ts";

/** Records without a link: matched with one person by sync key, new, or disputed. */
export async function planUnlinked(context: PlanContext): Promise<void> {
  await planAlone(context);
  await planMatched(context);
}

/** One row a record without link: its candidates, the remembered answer, and why it cannot be decided, if so. */
function correlated({ tables, policy }: PlanContext): string {
  const integration = unknownValue("$1::uuid");
  const bySyncKey = policy.uniqueFields.slice(0, policy.syncKeyCount).map((field, position) => {
    const column = uniqueColumn(field);
    const value = `comparable(w.uniques[${position + 1}])`;
    // Somebody whose own record now has another value has moved away and is no candidate for whoever takes it over.
    const moved = (personId: string) => `exists (
      select 1 from link l join ${tables.record} s on s.key = l.vendor_key and s.outcome = 'm'
      where l.integration_id = ${integration} and l.person_id = ${personId}
        and comparable(s.uniques[${position + 1}]) is distinct from ${value})`;
    return column
      ? `select w.key, p.id from ${tables.work} w join person p on p.${column} = ${value}
         where not w.linked and not ${moved("p.id")}`
      : `select w.key, u.person_id from ${tables.work} w
         join person_unique u on u.field = ${literal(field)} and u.value_key = ${value}
         where not w.linked and not ${moved("u.person_id")}`;
  });
  return `
    with candidate (key, person_id) as (${bySyncKey.join(" union ")}),
    found as (
      select key, array_agg(distinct person_id order by person_id) as people from candidate group by key),
    answered as (
      select w.*, d.answer,
             case d.answer when 'link' then array[d.answer_person_id] when 'create' then '{}' else coalesce(f.people, '{}') end
               as people
      from ${tables.work} w
      left join found f on f.key = w.key
      left join dispute d on d.integration_id = $1 and d.vendor_key = w.key and d.answer is not null
      where not w.linked),
    correlated as (
      select a.*,
             case
               when a.answer = 'ignore' then 'identity.ignored'
               when cardinality(a.people) > 1 then 'identity.several_people'
               when cardinality(a.people) = 1 and exists (
                 select 1 from link l where l.integration_id = ${integration} and l.person_id = a.people[1]) then 'identity.person_already_linked'
             end as code
      from answered a),
    decided as (
      select c.*,
             c.code is null and cardinality(c.people) = 1
               and count(*) filter (where c.code is null) over (partition by c.people) > 1 as claimed_twice
      from correlated c)`;
}

async function planAlone(context: PlanContext): Promise<void> {
  const { transaction, tables, policy } = context;
  await transaction.query(
    `${correlated(context)}
     insert into ${tables.plan} (key, kind, code, candidates, person, person_status, saas, saas_created, saas_status,
                                 link_created, link_active, hash)
     select d.key,
            case when d.code = 'identity.ignored' then 'skipped'
                 when d.code is not null or d.claimed_twice then 'disputed'
                 when $2 or not d.person ?& $6::text[] then 'skipped'
                 else 'create' end,
            case when d.code is not null then d.code
                 when d.claimed_twice then 'identity.claimed_twice'
                 when $2 then 'preference.update_only'
                 when not d.person ?& $6::text[] then 'mapping.not_read' end,
            case when d.code = 'identity.ignored' then '{}' else d.people end,
            d.person,
            case when $3 and d.activity = 'i' and $4 then 'inactive' else 'active' end,
            case when $5 then d.saas else '{}' end,
            $5,
            case when $5 then case when $3 and d.activity = 'i' then 'deactivated' else 'active' end end,
            true,
            not ($3 and d.activity = 'i'),
            d.hash
     from decided d
     where d.code is not null or d.claimed_twice or cardinality(d.people) = 0`,
    [
      context.integrationId,
      policy.preference === "update-only",
      policy.deactivate,
      policy.personDeactivation === "when-unseen",
      policy.mode === "user-plus-saas",
      policy.mandatoryFields,
    ],
  );
}

/** A person found by sync key is linked and brought up to date; their status stays, since nobody came back or went. */
async function planMatched(context: PlanContext): Promise<void> {
  const { transaction, tables, policy } = context;
  await transaction.query(
    `${correlated(context)}
     insert into ${tables.plan} (key, kind, code, candidates, person_id, person, person_before, saas, saas_created, saas_status,
                                 link_created, link_active, reason, hash)
     select d.key,
            case when p.archived_by = 'person' and p.archived_at is not null and not $4 then 'skipped'
                 when $2 then 'skipped'
                 when p.archived_at is not null then 'restore'
                 else 'update' end,
            case when p.archived_by = 'person' and p.archived_at is not null and not $4 then 'archived.not_restored'
                 when $2 then 'preference.create_only' end,
            d.people,
            p.id,
            coalesce(pd.after, '{}'), coalesce(pd.before, '{}'),
            case when $5 then d.saas else '{}' end,
            $5,
            case when $5 then case when $3 and d.activity = 'i' then 'deactivated' else 'active' end end,
            true,
            not ($3 and d.activity = 'i'),
            'linked',
            d.hash
     from decided d
     join person p on p.id = d.people[1]
     left join lateral (${difference("d.person", "person_document(p)", "$6::jsonb", "p.manual_fields")}) pd on true
     where d.code is null and not d.claimed_twice and cardinality(d.people) = 1`,
    [
      context.integrationId,
      policy.preference === "create-only",
      policy.deactivate,
      policy.restoreArchived,
      policy.mode === "user-plus-saas",
      policiesOf(policy, "person"),
    ],
  );
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
