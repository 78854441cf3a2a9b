import type { ListOf, ListQuery } from "@rollcall/core/contract/listing.ts";
import type { Change } from "@rollcall/core/contract/runs.ts";
import { sql } from "kysely";
import type { Database } from "../../postgres/database.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { readPage } from "../../postgres/read-page.ts";
import { type ChangeRow, changeDocument } from "../runs/change-document.ts";
import { changeColumns } from "../runs/change-queries.ts";

const keyset: Keyset = {
  list: "history",
  sorts: { id: { value: sql`c.id`, type: "bigint" } },
  defaultSort: "-id",
  id: { value: sql`c.id`, type: "bigint" },
};

/** What really happened to a person, newest first: plans that were never applied are left out. */
export async function listPersonHistory(
  database: Database,
  personId: string,
  query: ListQuery,
): Promise<ListOf<Change>> {
  const list = await readPage<ChangeRow>(
    database,
    keyset,
    { ...query, personId },
    {
      columns: sql`${changeColumns}, p.full_name as name, p.email`,
      from: sql`change c left join run r on r.id = c.run_id left join person p on p.id = c.person_id`,
      where: [sql`c.person_id = ${personId}`, sql`(c.run_id is null or r.applied_at is not null)`],
    },
  );
  return { ...list, data: list.data.map(changeDocument) };
}
