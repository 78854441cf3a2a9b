import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { ListPeopleQuery, Person } from "@rollcall/core/contract/people.ts";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../postgres/database.ts";
import { isBigint } from "../../postgres/ids.ts";
import { inventoryTotal } from "../../postgres/inventory-count.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { maybeOne } from "../../postgres/query.ts";
import { type PagedQuery, readPage } from "../../postgres/read-page.ts";
import type { Sparse } from "../../postgres/read-sparse-page.ts";
import { searchFor } from "../../postgres/search-for.ts";
import { findLinks } from "./person-link-queries.ts";
import { type PersonRow, personColumns, toPerson } from "./person-row.ts";

/** Each sort has an index over the same expression. */
const keyset: Keyset = {
  list: "people",
  sorts: {
    fullName: { value: sql`coalesce(p.full_name, '')`, type: "text" },
    email: { value: sql`p.email_key`, type: "text" },
    username: { value: sql`p.username_key`, type: "text" },
    id: { value: sql`p.id`, type: "bigint" },
  },
  defaultSort: "fullName",
  id: { value: sql`p.id`, type: "bigint" },
};

/** One page of people; those without a full name come first. */
export async function listPeople(database: Database, query: ListPeopleQuery): Promise<ListOf<Person>> {
  const list = await readPage<PersonRow>(database, keyset, query, {
    columns: personColumns,
    from: sql`person p`,
    where: conditions(query),
    ...totalOf(query),
  });
  return { ...list, data: await withLinks(database, list.data) };
}

export async function findPerson(database: Database, id: string): Promise<Person | undefined> {
  if (!isBigint(id)) {
    return undefined;
  }
  const { rows } = await sql<PersonRow>`select ${personColumns} from person p where p.id = ${id}`.execute(
    database.kysely,
  );
  return (await withLinks(database, rows))[0];
}

/** Whether there is such a person, for screens about it; false for what is no id at all. */
export async function personExists(database: Database, id: string): Promise<boolean> {
  return isBigint(id) && (await maybeOne(database, "select from person where id = $1", [id])) !== undefined;
}

async function withLinks(database: Database, rows: readonly PersonRow[]): Promise<Person[]> {
  const links = await findLinks(
    database,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => toPerson(row, links.get(row.id) ?? []));
}

type Filters = Pick<ListPeopleQuery, "q" | "status" | "archived" | "integrationId" | "softwareId">;

function conditions({ status, archived, integrationId, softwareId }: Filters): readonly RawBuilder<unknown>[] {
  return [
    archived === "true" ? sql`p.archived_at is not null` : sql`p.archived_at is null`,
    ...(status === "all" ? [] : [sql`p.status = ${status}`]),
    ...(integrationId === undefined
      ? []
      : [sql`exists (select from link l where l.person_id = p.id and l.integration_id = ${integrationId})`]),
    ...(softwareId === undefined
      ? []
      : [sql`exists (select from saas_user u where u.person_id = p.id and u.software_id = ${softwareId})`]),
  ];
}

/** The people of an integration or application are found from its side, so that the work does not depend on how few of a million they are. */
function totalOf(filters: Filters): Pick<PagedQuery, "total" | "sparse"> {
  const { q, status, archived, integrationId, softwareId } = filters;
  const search = searchFor(q, sql`p`);
  if (search !== null) return { sparse: { near, search } };
  if (integrationId !== undefined) {
    const keys = sql`select l.person_id as key from link l where l.integration_id = ${integrationId}`;
    return { sparse: peopleOf(keys, { ...filters, integrationId: undefined }) };
  }
  if (softwareId !== undefined) {
    const keys = sql`select u.person_id as key from saas_user u where u.software_id = ${softwareId}`;
    return { sparse: peopleOf(keys, { ...filters, softwareId: undefined }) };
  }
  return { total: inventoryTotal(null, status, archived === "true") };
}

function peopleOf(keys: RawBuilder<unknown>, otherFilters: Filters): Sparse {
  return { referred: { keys, where: sql.join(conditions(otherFilters), sql` and `) }, near };
}

const near: Sparse["near"] = (added, chosen) => sql`(select p.*, ${added} from person p where ${chosen}) as p`;
