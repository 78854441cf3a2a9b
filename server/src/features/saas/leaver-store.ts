import type { Database } from "../../postgres/database.ts";
import { affected, rows } from "../../postgres/query.ts";
import { inTransaction } from "../../postgres/transaction.ts";

/** Of people `p`. */
const holdsSeat = `(p.status = 'inactive' and exists (
  select from saas_user u where u.person_id = p.id and u.status = 'active' and u.archived_at is null))`;

const peopleAtOnce = 10_000;

/**
 * Takes those out of the table `leaver` who came back or have no active seat any more; its triggers only ever enter people. Who is
 * being written by others is left for the next time.
 */
export async function forgetLeavers(database: Database): Promise<void> {
  while (await forgetSome(database));
}

/** False when there was nobody. */
async function forgetSome(database: Database): Promise<boolean> {
  return await inTransaction(database, async (transaction) => {
    const people = await rows<{ id: string }>(
      transaction,
      `select p.id from leaver l join person p on p.id = l.person_id where not ${holdsSeat}
       limit ${peopleAtOnce} for update of p skip locked`,
    );
    if (people.length === 0) return false;
    // Asked again now that they are locked: a seat that somebody committed meanwhile was not to be seen above.
    await affected(
      transaction,
      `delete from leaver l using person p where p.id = l.person_id and p.id = any ($1) and not ${holdsSeat}`,
      [people.map(({ id }) => id)],
    );
    return true;
  });
}
