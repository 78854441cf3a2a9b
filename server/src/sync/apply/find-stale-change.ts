import type { Transaction } from "../../postgres/database.ts";
import { maybeOne } from "../../postgres/query.ts";
import { notSeenElsewhere } from "../plan/plan-linked.ts";

export type StaleChange = { readonly vendorKey: string; readonly personId: string | null };

/**
 * A change whose record is no longer as the plan saw it, if there is one: then the plan must not be applied. Rows are locked, so
 * that what was checked still holds when the changes are written.
 *
 * @param part as in `applyChanges`
 */
export async function findStaleChange(
  transaction: Transaction,
  runId: string,
  part: "plan" | "withheld",
): Promise<StaleChange | undefined> {
  const scope = part === "withheld" ? "and c.withheld = 'guard'" : "";
  await transaction.query(
    `select 1 from person p join change c on c.person_id = p.id where c.run_id = $1 ${scope} and c.kind <> 'create'
     order by p.id for update of p`,
    [runId],
  );
  return maybeOne<StaleChange>(
    transaction,
    `select c.vendor_key as "vendorKey", c.person_id as "personId"
     from change c
     left join person p on p.id = c.person_id
     left join saas_user u on u.id = c.saas_user_id
     left join link l on l.integration_id = c.integration_id and l.vendor_key = c.vendor_key
     where c.run_id = $1 ${scope}
       and (
         (c.kind = 'create' and (p.id is not null or l.vendor_key is not null))
         or (c.kind <> 'create' and p.id is null)
         or ($2 and c.kind <> 'create' and ${documentMoved("person", "person_document(p)")})
         or (c.before ? 'personStatus' and (
               p.status is distinct from c.before -> 'personStatus' ->> 'status'
               or p.status_by is distinct from c.before -> 'personStatus' ->> 'by'
               or p.archived_by is distinct from c.before -> 'personStatus' ->> 'archivedBy'))
         or ($2 and u.id is not null and ${documentMoved("saas", "saas_user_document(u)")})
         or (c.before ? 'saasStatus' and (
               u.status is distinct from c.before -> 'saasStatus' ->> 'status'
               or u.status_by is distinct from c.before -> 'saasStatus' ->> 'by'))
         or (c.before -> 'link' = 'null' and l.vendor_key is not null)
         or (jsonb_typeof(c.before -> 'link') = 'object' and (
               l.active is distinct from (c.before -> 'link' ->> 'active')::boolean
               or ($2 and encode(l.content_hash, 'hex') is distinct from c.before -> 'link' ->> 'hash')))
         or (c.kind = 'deactivate' and p.protected and coalesce(c.withheld, 'guard') = 'guard')
         or (not c.before ? 'personStatus' and p.status = 'inactive' and p.status_by = 'run'
             and c.before -> 'link' ->> 'active' = 'false' and c.after -> 'link' ->> 'active' = 'true')
         or (c.kind = 'deactivate' and c.after -> 'personStatus' ->> 'status' = 'inactive'
             and not ${notSeenElsewhere("c.person_id", "c.integration_id")})
         or (c.kind = 'deactivate' and not c.after ? 'personStatus' and p.status = 'active'
             and (select i.person_deactivation = 'when-unseen' from integration i where i.id = c.integration_id)
             and ${notSeenElsewhere("c.person_id", "c.integration_id")})
         or (c.kind = 'update' and p.archived_at is not null)
       )
     limit 1`,
    [runId, part === "plan"],
  );
}

/**
 * A change that wants an e-mail address or a username which somebody has taken since the plan was made. A plan that is applied at
 * once meets the same in the database's constraints and is made anew; an approved one must be refused.
 */
export async function findTakenSince(transaction: Transaction, runId: string): Promise<StaleChange | undefined> {
  const taken = (field: string, column: string) => `exists (
    select 1 from person h
    where h.${column} = comparable(c.after -> 'person' ->> '${field}') and h.id <> c.person_id
      and not exists (
        select 1 from change m
        where m.run_id = $1 and m.person_id = h.id and jsonb_typeof(m.after -> 'person') = 'object' and m.after -> 'person' ? '${field}'))`;
  return maybeOne<StaleChange>(
    transaction,
    `select c.vendor_key as "vendorKey", c.person_id as "personId" from change c
     where c.run_id = $1 and (${taken("email", "email_key")} or ${taken("username", "username_key")}) limit 1`,
    [runId],
  );
}

/** True when a field named in the before document has another value now. */
function documentMoved(part: "person" | "saas", current: string): string {
  return `exists (
    select 1 from jsonb_each(case when jsonb_typeof(c.before -> '${part}') = 'object' then c.before -> '${part}' else '{}' end) f
    where coalesce(${current} -> f.key, 'null') <> f.value)`;
}
