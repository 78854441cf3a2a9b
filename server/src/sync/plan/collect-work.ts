import { affected } from "../../postgres/query.ts";
import { unknownValue } from "../../postgres/unknown-value.ts";
import type { PlanContext } from "./plan-context.ts";

/**
 * Sets aside what needs a decision: every mapped record but those that are known, unchanged and settled. From here on the cost
 * of planning follows what changed, not what was fetched.
 *
 * Copies of one record (the same key with the same values, as two accounts may list one user) become one; a key with different
 * values is disputed.
 */
export async function collectWork(context: PlanContext): Promise<void> {
  const { transaction, tables, policy } = context;
  await createPlanTable(context);
  await settleRepeatedKeys(context);
  await findSharedValues(context);
  await transaction.query(
    `create unlogged table ${tables.work} with (autovacuum_enabled = false) as
     select s.key, s.activity, s.person, s.saas, s.uniques,
            -- Values that were not staged were unchanged when they were fetched; an edit by hand since then waits for the next run.
            case when s.person is null then l.content_hash else s.hash end as hash,
            l.vendor_key is not null as linked, l.person_id, l.saas_user_id, l.active as link_active,
            s.person is not null and l.content_hash is distinct from s.hash as compares
     from ${tables.record} s
     left join link l on l.integration_id = ${unknownValue(`'${context.integrationId}'::uuid`)} and l.vendor_key = s.key
     where s.outcome = 'm'
       and (s.person is not null or l.vendor_key is not null)
       and not exists (select 1 from ${tables.sharing} d where d.key = s.key)
       and not (
         l.vendor_key is not null
         and l.content_hash is not distinct from s.hash
         and l.missing_runs = 0
         and (${!policy.deactivate} or l.active = (s.activity <> 'i'))
         and (${policy.mode === "user-only"} or l.saas_user_id is not null)
         and not exists (select 1 from person p where p.id = l.person_id and p.archived_at is not null)
       )`,
  );
  await transaction.query(`analyze ${tables.work}`);
}

async function createPlanTable({ transaction, tables }: PlanContext): Promise<void> {
  await transaction.query(
    `drop table if exists ${tables.sharing}, ${tables.work}, ${tables.plan};
     create unlogged table ${tables.plan} (
       key text not null,
       kind text not null,
       code text,
       candidates bigint[] not null default '{}',
       person_id bigint,
       saas_user_id bigint,
       person jsonb not null default '{}',
       person_before jsonb not null default '{}',
       person_status text,
       saas jsonb not null default '{}',
       saas_before jsonb not null default '{}',
       saas_created boolean not null default false,
       saas_status text,
       link_created boolean not null default false,
       link_active boolean not null default true,
       reason text,
       withheld text,
       hash bytea
     ) with (autovacuum_enabled = false)`,
  );
}

/**
 * Leaves one row a key to be planned and marks the others as copies; a key with different values is marked, too. Nothing is removed: a
 * run that is resumed has to find the stage as its checkpoint says, and copies within a listing are evidence against it.
 */
async function settleRepeatedKeys({ transaction, tables }: PlanContext): Promise<void> {
  const repeated = `(select key from ${tables.record} where outcome <> 'c' group by key having count(*) > 1)`;
  const disputed = await affected(
    transaction,
    `update ${tables.record} set outcome = 'd'
     where outcome <> 'c' and key in (
       select key from ${tables.record} where outcome <> 'c' and key in ${repeated}
       group by key having count(distinct (outcome, coalesce(hash, ''))) > 1)`,
  );
  const copies = await affected(
    transaction,
    `update ${tables.record} copy set outcome = 'c'
     from (select key, min(ctid) as ctid from ${tables.record} where outcome <> 'c' and key in ${repeated} group by key) first
     where copy.key = first.key and copy.outcome <> 'c' and copy.ctid <> first.ctid`,
  );
  if (disputed + copies > 0) await transaction.query(`analyze ${tables.record}`);
  await transaction.query(
    `insert into ${tables.plan} (key, kind, code)
     select key, 'disputed', 'identity.duplicate_key' from ${tables.record} where outcome = 'd'`,
  );
}

async function findSharedValues({ transaction, tables, policy }: PlanContext): Promise<void> {
  await transaction.query(`create unlogged table ${tables.sharing} (key text not null)`);
  for (const position of policy.uniqueFields.keys()) {
    const value = `comparable(uniques[${position + 1}])`;
    await affected(
      transaction,
      `insert into ${tables.sharing}
       select key from ${tables.record}
       where outcome = 'm' and ${value} in (
         select ${value} from ${tables.record} where outcome = 'm' group by 1 having count(*) > 1)`,
    );
  }
  await transaction.query(
    `insert into ${tables.plan} (key, kind, code)
     select distinct key, 'disputed', 'identity.duplicate_value' from ${tables.sharing}`,
  );
}
