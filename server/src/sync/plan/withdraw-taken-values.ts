import { affected } from "../../postgres/query.ts";
import { changeKinds, type PlanContext, uniqueColumn } from "./plan-context.ts";

/**
 * Turns changes that want somebody else's unique value into disputes. A holder who moves away in the same plan frees the value,
 * unless their own change is disputed, so the search is repeated until it finds nothing new (core's `findTakenValues`).
 */
export async function withdrawTakenValues(context: PlanContext): Promise<void> {
  // Where many move to a value of somebody else, that person's own change is looked up for each of them.
  await context.transaction.query(`create index on ${context.tables.plan} (person_id) where person_id is not null`);
  for (let found = true; found; ) {
    found = false;
    for (const field of context.policy.uniqueFields) {
      if ((await withdraw(context, field)) > 0) found = true;
    }
  }
}

async function withdraw({ transaction, tables }: PlanContext, field: string): Promise<number> {
  const column = uniqueColumn(field);
  const holder = column
    ? `(select id, ${column} as value from person)`
    : `(select person_id as id, value_key as value from person_unique where field = $1)`;
  return affected(
    transaction,
    `update ${tables.plan} c
     set kind = 'disputed', code = 'identity.value_taken', candidates = array[h.id], withheld = null
     from ${holder} h
     where c.kind in ${changeKinds}
       and jsonb_typeof(c.person -> $1::text) = 'string'
       and h.value = comparable(c.person ->> $1::text)
       and h.id is distinct from c.person_id
       and not exists (
         select 1 from ${tables.plan} m
         where m.person_id = h.id and m.kind in ${changeKinds} and m.person ? $1::text
           and comparable(m.person ->> $1::text) is distinct from h.value)`,
    [field],
  );
}
