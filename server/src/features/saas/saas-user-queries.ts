import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type {
  ListSaasUsersQuery,
  removalCandidateSchema,
  removalListQuerySchema,
  SaasUser,
} from "@rollcall/core/contract/saas.ts";
import { type RawBuilder, sql } from "kysely";
import type { z } from "zod";
import type { Database } from "../../postgres/database.ts";
import { isBigint } from "../../postgres/ids.ts";
import { inventoryTotal } from "../../postgres/inventory-count.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { readPage } from "../../postgres/read-page.ts";
import { lookedRows, type Sparse } from "../../postgres/read-sparse-page.ts";
import { eitherOf, searchFor } from "../../postgres/search-for.ts";
import {
  lastActivityOf,
  type SaasUserRow,
  saasUserColumns,
  saasUserJoins,
  saasUserTables,
  toSaasUser,
} from "./saas-user-row.ts";
import type { SoftwareFacts } from "./software-queries.ts";

/** Each sort has an index over the application and the same expression. */
const keyset: Keyset = {
  list: "saas-users",
  sorts: {
    name: { value: sql`coalesce(u.name, '')`, type: "text" },
    email: { value: sql`coalesce(u.email, '')`, type: "text" },
    role: { value: sql`coalesce(u.role, '')`, type: "text" },
    status: { value: sql`u.status`, type: "text" },
    lastActivity: { value: sql`coalesce(u.last_activity, '-infinity')`, type: "timestamptz" },
  },
  defaultSort: "name",
  id: { value: sql`u.id`, type: "bigint" },
};

const table = sql`u`;

/** Users of one application that are chosen in the order of a sort's index. */
function nearOf(condition: RawBuilder<unknown>): Sparse["near"] {
  return (added, chosen) => sql`(select u.*, ${added} from saas_user u where ${condition} and ${chosen}) as u`;
}

/** The Users tab of an application; users without a value in the sorted column come first. */
export async function listSaasUsers(
  database: Database,
  softwareId: string,
  query: ListSaasUsersQuery,
): Promise<ListOf<SaasUser>> {
  const { q, status, role } = query;
  const ofSoftware = sql`u.software_id = ${softwareId}`;
  const search = searchFor(q, table);
  const where = [
    ofSoftware,
    sql`u.archived_at is null`,
    ...(status === "all" ? [] : [sql`u.status = ${status}`]),
    // The expression of the index saas_user_software_role.
    ...(role === undefined ? [] : [sql`coalesce(u.role, '') = ${role}`]),
  ];
  const near: Sparse["near"] = (added, chosen) => sql`${nearOf(ofSoftware)(added, chosen)} ${saasUserJoins}`;
  const list = await readPage<SaasUserRow>(
    database,
    keyset,
    { ...query, softwareId },
    {
      columns: saasUserColumns,
      from: saasUserTables,
      countFrom: sql`saas_user u`,
      where,
      ...(search === null && role === undefined
        ? { total: inventoryTotal(softwareId, status, false) }
        : { sparse: search === null ? { near } : { near, search } }),
    },
  );
  return { ...list, data: list.data.map(toSaasUser) };
}

export async function findSaasUser(database: Database, softwareId: string, id: string): Promise<SaasUser | undefined> {
  if (!isBigint(id)) {
    return undefined;
  }
  const { rows } = await sql<SaasUserRow>`
    select ${saasUserColumns} from ${saasUserTables}
    where u.id = ${id} and u.software_id = ${softwareId} and u.archived_at is null`.execute(database.kysely);
  return rows[0] === undefined ? undefined : toSaasUser(rows[0]);
}

type RemovalCandidate = z.infer<typeof removalCandidateSchema>;
type RemovalRow = Omit<RemovalCandidate, "lastActivity" | "monthlyCost"> &
  Pick<SaasUserRow, "lastActivity" | "activityKnown">;

const { name, email } = keyset.sorts;

/** Each has an index over the application; that of the last activity holds active users alone. */
const removalKeyset: Keyset = {
  ...keyset,
  list: "removal-list",
  sorts: {
    ...(name && { name }),
    ...(email && { email }),
    lastActivity: { value: sql`coalesce(u.last_activity, u.created_at)`, type: "timestamptz" },
  },
};

/**
 * Whose seats may be given up: active users who left the company, and those who were last seen `idleDays` whole days of UTC ago or
 * longer, where the vendor tells. One who was never active counts from the day we first saw the account.
 */
export async function listRemovalCandidates(
  database: Database,
  software: SoftwareFacts,
  query: z.infer<typeof removalListQuerySchema>,
  now: Date,
): Promise<ListOf<RemovalCandidate>> {
  const search = searchFor(query.q, table);
  const found = search === null ? sql`true` : eitherOf(search);
  const ofSoftware = sql`u.software_id = ${software.id}`;
  const seat = sql`${ofSoftware} and u.status = 'active' and u.archived_at is null`;
  const left = sql`(select p.status from person p where p.id = u.person_id) = 'inactive'`;
  // The expression of the index saas_user_software_idle.
  const idleSince = idleBefore(now, query.idleDays);
  const idle = sql`(u.activity_known and coalesce(u.last_activity, u.created_at) < ${idleSince}::timestamptz)`;
  const { hasFewSeats, hasIdle } = await readSeatFacts(database, software.id, idleSince);
  // An array is looked up in one pass over the index of seats by person, a join would begin at its root for each of them.
  const ofLeavers = hasFewSeats
    ? sql`(select u.* from saas_user u where ${seat} and ${left})`
    : sql`(select u.* from saas_user u
        where u.person_id = any (array(select person_id from leaver)) and ${seat} and ${left})`;
  const ofIdle = sql`${seat} and ${hasIdle} and ${idle}`;
  const ofAll = sql`(select u.* from saas_user u where ${ofIdle}
    union all select u.* from ${ofLeavers} as u where not ${idle}) as u`;
  // Going through all of a name takes longer than meeting some of them along the sort; the offset keeps the planner to the search.
  const ofFound = sql`(select u.* from saas_user u where ${ofSoftware} and ${found} offset 0) as u`;
  const list = await readPage<RemovalRow>(
    database,
    removalKeyset,
    { ...query, softwareId: software.id },
    {
      columns: sql`u.id as "saasUserId", u.person_id as "personId", u.name, u.email, u.role,
        case when ${left} then 'left-the-company' else 'idle' end as reason,
        u.last_activity as "lastActivity", u.activity_known as "activityKnown"`,
      from: sql`saas_user u`,
      where: [seat, sql`(${idle} or ${left})`, found],
      sparse: {
        ...(search === null || !hasIdle
          ? { found: { from: ofAll, where: found } }
          : { found: { from: ofFound, where: sql`${seat} and (${idle} or ${left})` }, rows: lookedRows.many }),
        near: nearOf(seat),
        far: ({ keys, after, orderAndLimit }) => sql`
          (select ${keys} from saas_user u where ${ofIdle} and ${found} and ${after} ${orderAndLimit})
          union all select ${keys} from ${ofLeavers} as u where not ${idle} and ${found} and ${after}`,
      },
    },
  );
  const toCandidate = ({ lastActivity, activityKnown, ...row }: RemovalRow): RemovalCandidate => ({
    saasUserId: row.saasUserId,
    personId: row.personId,
    name: row.name,
    email: row.email,
    role: row.role,
    reason: row.reason,
    lastActivity: lastActivityOf({ lastActivity, activityKnown }),
    monthlyCost: software.seatCost,
  });
  return { ...list, data: list.data.map(toCandidate) };
}

/** The first instant, as text, whose day is fewer than `days` days before today's. */
function idleBefore(now: Date, days: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - days + 1)).toISOString();
}

/**
 * Of an application's active seats: whether reading them and looking for their people beats going through all who left the company
 * and may have one, and whether any is idle; where a vendor does not tell, all of them would be looked at for that.
 */
async function readSeatFacts(database: Database, softwareId: string, idleSince: string) {
  const { rows } = await sql<{ hasFewSeats: boolean; hasIdle: boolean }>`
    select ${inventoryTotal(softwareId, "active", false)}
        < (select count(*) from (select from leaver limit 10000) as counted) as "hasFewSeats",
      (select coalesce(sum(a.rows), 0) from seat_activity a where a.software_id = ${softwareId}
         and a.active_on < (${idleSince}::timestamptz at time zone 'UTC')::date) > 0 as "hasIdle"`.execute(
    database.kysely,
  );
  return { hasFewSeats: rows[0]?.hasFewSeats === true, hasIdle: rows[0]?.hasIdle === true };
}
