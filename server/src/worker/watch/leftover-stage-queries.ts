import type { Queryable, Transaction } from "../../postgres/database.ts";
import { rows } from "../../postgres/query.ts";

/** Ids of runs that have ended and whose own tables are still there. */
export async function listLeftoverStages(on: Queryable): Promise<readonly string[]> {
  const found = await rows<{ id: string }>(
    on,
    `select r.id from run r join (
       select distinct substring(c.relname from '_([0-9a-f]{32})$')::uuid as id
       from pg_class c where c.relnamespace = 'stage'::regnamespace and c.relkind = 'r' and c.relname ~ '_[0-9a-f]{32}$') stage
     on stage.id = r.id where r.status not in ('queued', 'running') limit 20`,
  );
  return found.map(({ id }) => id);
}

/** Locks that others hold are an error within the transaction after half a second. */
export async function refuseToWait(transaction: Transaction): Promise<void> {
  await transaction.query("set local lock_timeout = '500ms'");
}
