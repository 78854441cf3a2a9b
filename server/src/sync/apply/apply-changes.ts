import type { Transaction } from "../../postgres/database.ts";
import { affected, one } from "../../postgres/query.ts";

export type ApplyScope = {
  readonly runId: string;
  readonly integrationId: string;
  readonly softwareId: string | null;
  /** Whom the writes are recorded for. */
  readonly integrationUser: string | null;
  /**
   * `plan`: everything, but for the status part of withheld changes. `withheld`: only what the guard kept back and a person
   * has approved since.
   */
  readonly part: "plan" | "withheld";
};

/**
 * Writes a run's changes into the inventory, set by set: people, SaaS users, links. The caller's transaction makes it one step.
 * Updates come before inserts, so that a new person may take a value that somebody gives up in the same plan.
 */
export async function applyChanges(transaction: Transaction, scope: ApplyScope): Promise<void> {
  const changes = changesOf(scope);
  const { creates, others } = await one<{ creates: boolean; others: boolean }>(
    transaction,
    `select coalesce(bool_or(kind = 'create'), false) as creates, coalesce(bool_or(kind <> 'create'), false) as others
     from change where run_id = $1`,
    [scope.runId],
  );
  if (others) await updatePeople(transaction, scope, changes);
  if (creates) await insertPeople(transaction, scope);
  await keepUniqueValues(transaction, scope, changes);
  if (others) await updateSaasUsers(transaction, scope, changes);
  await insertSaasUsers(transaction, scope);
  if (others) await updateLinks(transaction, scope, changes);
  await insertLinks(transaction, scope);
}

/** The changes in scope as a subquery; `statuses` says whether their status part is to be written. */
function changesOf({ part }: ApplyScope): string {
  return part === "plan"
    ? "(select *, withheld is null as statuses from change where run_id = $1)"
    : "(select *, true as statuses from change where run_id = $1 and withheld = 'guard')";
}

async function updatePeople(transaction: Transaction, scope: ApplyScope, changes: string): Promise<void> {
  const value = (field: string, column: string) =>
    `${column} = case when c.fields ? '${field}' then c.fields ->> '${field}' else p.${column} end`;
  await transaction.query(
    `update person p
     set ${value("username", "username")},
         ${value("email", "email")},
         ${value("fullName", "full_name")},
         ${value("firstName", "first_name")},
         ${value("lastName", "last_name")},
         ${value("role", "role")},
         ${value("locale", "locale")},
         ${value("timeZone", "time_zone")},
         attributes = case when c.fields - ${builtInNames} = '{}' then p.attributes
                           else jsonb_strip_nulls(p.attributes || (c.fields - ${builtInNames})) end,
         status = coalesce(c.status ->> 'status', p.status),
         status_by = coalesce(c.status ->> 'by', p.status_by),
         status_reason = case when c.status is null then p.status_reason else c.status ->> 'reason' end,
         status_run_id = case when c.status is null then p.status_run_id else (c.status ->> 'runId')::uuid end,
         archived_by = case when c.status is null then p.archived_by else c.status ->> 'archivedBy' end,
         archived_at = case when c.status is null then p.archived_at
                            when c.status ->> 'archivedBy' is null then null
                            else coalesce(p.archived_at, now()) end,
         updated_at = now()
     from (select x.person_id, ${fieldsOf(scope, "x.after -> 'person'")} as fields,
                  case when x.statuses then x.after -> 'personStatus' end as status
           from ${changes} x
           where x.kind <> 'create' and x.person_id is not null) c
     where p.id = c.person_id and (c.fields <> '{}' or c.status is not null)`,
    [scope.runId],
  );
}

/** The field part of a change, `{}` when absent; an approval has none left to write. */
function fieldsOf({ part }: ApplyScope, fields: string): string {
  return part === "plan" ? `coalesce(nullif(${fields}, 'null'), '{}')` : "'{}'::jsonb";
}

const builtInNames = "'{username,email,fullName,firstName,lastName,role,locale,timeZone}'::text[]";
const saasBuiltInNames = "'{externalId,email,name,role,lastActivity}'::text[]";

async function insertPeople(transaction: Transaction, scope: ApplyScope): Promise<void> {
  if (scope.part === "withheld") return;
  await transaction.query(
    `insert into person (id, username, email, full_name, first_name, last_name, role, locale, time_zone, attributes,
                         status, status_by, status_reason, status_run_id, created_by)
     select c.person_id, f ->> 'username', f ->> 'email', f ->> 'fullName', f ->> 'firstName', f ->> 'lastName', f ->> 'role',
            f ->> 'locale', f ->> 'timeZone', jsonb_strip_nulls(f - ${builtInNames}),
            c.after -> 'personStatus' ->> 'status', 'run', c.after -> 'personStatus' ->> 'reason',
            case when c.after -> 'personStatus' ->> 'status' = 'inactive' then c.run_id end, $2
     from change c
     cross join lateral (select c.after -> 'person' as f offset 0) d
     where c.run_id = $1 and c.kind = 'create'`,
    [scope.runId, scope.integrationUser],
  );
}

/** Keeps the look-up of unique custom fields in step with the people just written. */
async function keepUniqueValues(transaction: Transaction, scope: ApplyScope, changes: string): Promise<void> {
  const { any } = await one<{ any: boolean }>(
    transaction,
    "select exists (select 1 from field_definition where entity = 'person' and is_unique and not built_in) as any",
  );
  if (!any || scope.part === "withheld") return;
  await affected(
    transaction,
    `with touched as (
       select c.person_id, d.name, c.after -> 'person' ->> d.name as value
       from ${changes} c
       join field_definition d on d.entity = 'person' and d.is_unique and not d.built_in
       where jsonb_typeof(c.after -> 'person') = 'object' and c.after -> 'person' ? d.name),
     gone as (
       delete from person_unique u using touched t where u.person_id = t.person_id and u.field = t.name)
     select count(*) from touched`,
    [scope.runId],
  );
  await transaction.query(
    `insert into person_unique (field, value_key, person_id)
     select d.name, comparable(c.after -> 'person' ->> d.name), c.person_id
     from ${changes} c
     join field_definition d on d.entity = 'person' and d.is_unique and not d.built_in
     where jsonb_typeof(c.after -> 'person') = 'object' and c.after -> 'person' ->> d.name is not null`,
    [scope.runId],
  );
}

async function updateSaasUsers(transaction: Transaction, scope: ApplyScope, changes: string): Promise<void> {
  // Those that the plan makes are inserted below; by the time of an approval they are there.
  const onlyKnown = scope.part === "plan" ? " and coalesce(x.before -> 'saas' <> 'null', true)" : "";
  await transaction.query(
    `update saas_user u
     set external_id = coalesce(c.fields ->> 'externalId', u.external_id),
         email = case when c.fields ? 'email' then c.fields ->> 'email' else u.email end,
         name = case when c.fields ? 'name' then c.fields ->> 'name' else u.name end,
         role = case when c.fields ? 'role' then c.fields ->> 'role' else u.role end,
         last_activity = case when c.fields ? 'lastActivity' then (c.fields ->> 'lastActivity')::timestamptz
                              else u.last_activity end,
         activity_known = case when c.fields ? 'lastActivity' then c.fields ->> 'lastActivity' is not null
                               else u.activity_known end,
         attributes = case when c.fields - ${saasBuiltInNames} = '{}' then u.attributes
                           else jsonb_strip_nulls(u.attributes || (c.fields - ${saasBuiltInNames})) end,
         status = coalesce(c.status ->> 'status', u.status),
         status_by = coalesce(c.status ->> 'by', u.status_by),
         deactivated_reason = case when c.status is null then u.deactivated_reason else c.status ->> 'reason' end,
         deactivated_run_id = case when c.status is null then u.deactivated_run_id else (c.status ->> 'runId')::uuid end,
         archived_at = case when c.status is null then u.archived_at
                            when (c.status ->> 'archived')::boolean then coalesce(u.archived_at, now()) end,
         updated_at = now()
     from (select x.saas_user_id, ${fieldsOf(scope, "x.after -> 'saas'")} as fields,
                  case when x.statuses then x.after -> 'saasStatus' end as status
           from ${changes} x
           where x.saas_user_id is not null${onlyKnown}) c
     where u.id = c.saas_user_id and (c.fields <> '{}' or c.status is not null)`,
    [scope.runId],
  );
}

async function insertSaasUsers(transaction: Transaction, scope: ApplyScope): Promise<void> {
  if (scope.part === "withheld") return;
  await transaction.query(
    `insert into saas_user (id, software_id, person_id, external_id, email, name, role, last_activity, activity_known, attributes,
                            status, status_by, deactivated_reason, deactivated_run_id)
     select c.saas_user_id, $2, c.person_id, f ->> 'externalId', f ->> 'email', f ->> 'name', f ->> 'role',
            (f ->> 'lastActivity')::timestamptz, f ->> 'lastActivity' is not null, jsonb_strip_nulls(f - ${saasBuiltInNames}),
            coalesce(s ->> 'status', 'active'), 'run', s ->> 'reason', (s ->> 'runId')::uuid
     from change c
     cross join lateral (
       select c.after -> 'saas' as f, case when c.withheld is null then c.after -> 'saasStatus' end as s offset 0) d
     where c.run_id = $1 and c.before -> 'saas' = 'null' and jsonb_typeof(c.after -> 'saas') = 'object'`,
    [scope.runId, scope.softwareId],
  );
}

async function updateLinks(transaction: Transaction, scope: ApplyScope, changes: string): Promise<void> {
  await transaction.query(
    `update link l
     set content_hash = decode(c.after -> 'link' ->> 'hash', 'hex'),
         missing_runs = (c.after -> 'link' ->> 'missingRuns')::integer,
         saas_user_id = (c.after -> 'link' ->> 'saasUserId')::bigint,
         active = case when c.statuses then (c.after -> 'link' ->> 'active')::boolean else l.active end,
         last_seen_at = case when c.statuses then (c.after -> 'link' ->> 'lastSeenAt')::timestamptz else l.last_seen_at end
     from ${changes} c
     where l.integration_id = c.integration_id and l.vendor_key = c.vendor_key
       and jsonb_typeof(c.before -> 'link') = 'object' and jsonb_typeof(c.after -> 'link') = 'object'`,
    [scope.runId],
  );
  if (scope.part === "withheld") return;
  await transaction.query(
    `delete from link l using change c
     where c.run_id = $1 and l.integration_id = c.integration_id and l.vendor_key = c.vendor_key and c.after -> 'link' = 'null'`,
    [scope.runId],
  );
}

async function insertLinks(transaction: Transaction, scope: ApplyScope): Promise<void> {
  if (scope.part === "withheld") return;
  await transaction.query(
    `insert into link (integration_id, vendor_key, person_id, saas_user_id, content_hash, active, missing_runs, last_seen_at, first_run_id)
     select $2, c.vendor_key, c.person_id, (c.after -> 'link' ->> 'saasUserId')::bigint, decode(c.after -> 'link' ->> 'hash', 'hex'),
            (c.after -> 'link' ->> 'active')::boolean, (c.after -> 'link' ->> 'missingRuns')::integer,
            (c.after -> 'link' ->> 'lastSeenAt')::timestamptz, coalesce((c.after -> 'link' ->> 'firstRunId')::uuid, c.run_id)
     from change c
     where c.run_id = $1 and c.before -> 'link' = 'null' and jsonb_typeof(c.after -> 'link') = 'object'`,
    [scope.runId, scope.integrationId],
  );
}
