import type { AuditEvent, listAuditQuerySchema } from "@rollcall/core/contract/access.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Database } from "../../postgres/database.ts";
import type { Keyset } from "../../postgres/keyset.ts";
import { containsPattern } from "../../postgres/like.ts";
import { readPage } from "../../postgres/read-page.ts";

const keyset: Keyset = {
  list: "audit",
  sorts: { id: { value: sql`e.id`, type: "bigint" } },
  defaultSort: "-id",
  id: { value: sql`e.id`, type: "bigint" },
};

type Row = Omit<AuditEvent, "at"> & { readonly at: Date };

/** The audit log, newest first. */
export async function listAuditEvents(
  database: Database,
  query: z.infer<typeof listAuditQuerySchema>,
): Promise<ListOf<AuditEvent>> {
  const pattern = containsPattern(query.q);
  const list = await readPage<Row>(database, keyset, query, {
    columns: sql`e.id, e.at, e.actor_id as "actorId", a.name as "actorName", e.action, e.target,
      e.target_id as "targetId", e.details`,
    from: sql`audit_event e left join account a on a.id = e.actor_id`,
    countFrom: sql`audit_event e`,
    where: [
      ...(query.target === undefined ? [] : [sql`e.target = ${query.target}`]),
      ...(query.targetId === undefined ? [] : [sql`e.target_id = ${query.targetId}`]),
      ...(query.actorId === undefined ? [] : [sql`e.actor_id = ${query.actorId}`]),
      ...(query.from === undefined ? [] : [sql`e.at >= ${query.from}::timestamptz`]),
      ...(query.until === undefined ? [] : [sql`e.at < ${query.until}::timestamptz`]),
      ...(pattern === null ? [] : [sql`e.action ilike ${pattern}`]),
    ],
  });
  return { ...list, data: list.data.map((row) => ({ ...row, at: row.at.toISOString() })) };
}
