import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Change, listChangesQuerySchema } from "@rollcall/core/contract/runs.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Database } from "../../postgres/database.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { readPage } from "../../postgres/read-page.ts";
import { type ChangeRow, changeDocument } from "./change-document.ts";

/** What a list selects of the change `c`, but for the name and e-mail address of its person. */
export const changeColumns = sql`c.id, c.run_id as "runId", c.kind, c.vendor_key as "vendorKey", c.person_id as "personId",
  c.saas_user_id as "saasUserId", c.before, c.after, c.reason, c.withheld, c.at,
  (select a.name from account a where a.id = c.actor_id) as actor`;

// A change whose person is not in the inventory yet carries the name itself.
const name = sql`coalesce(c.after #>> '{person,fullName}', c.before #>> '{person,fullName}', p.full_name,
  c.after #>> '{saas,name}', u.name)`;
const email = sql`coalesce(c.after #>> '{person,email}', c.before #>> '{person,email}', p.email,
  c.after #>> '{saas,email}', u.email)`;

const changes = sql`change c left join person p on p.id = c.person_id left join saas_user u on u.id = c.saas_user_id`;

const changeKeyset: Keyset = {
  list: "changes",
  sorts: { id: { value: sql`c.id`, type: "bigint" } },
  defaultSort: "id",
  id: { value: sql`c.id`, type: "bigint" },
};

/** The changes of a run in the order they were planned; `q` looks into vendor key, name and e-mail address. */
export async function listRunChanges(
  database: Database,
  runId: string,
  query: z.infer<typeof listChangesQuerySchema>,
): Promise<ListOf<Change>> {
  const { kind, withheld, q } = query;
  const pattern = containsPattern(q);
  const list = await readPage<ChangeRow>(
    database,
    changeKeyset,
    { ...query, runId },
    {
      columns: sql`${changeColumns}, ${name} as name, ${email} as email`,
      from: changes,
      countFrom: pattern === null ? sql`change c` : changes,
      where: [
        sql`c.run_id = ${runId}`,
        ...(kind === undefined ? [] : [sql`c.kind = ${kind}`]),
        ...(withheld === undefined ? [] : [sql`(c.withheld is not null) = ${withheld === "true"}`]),
        ...(pattern === null
          ? []
          : [sql`(c.vendor_key ilike ${pattern} or ${name} ilike ${pattern} or ${email} ilike ${pattern})`]),
      ],
    },
  );
  return { ...list, data: list.data.map(changeDocument) };
}
