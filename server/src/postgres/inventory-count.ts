import { type RawBuilder, sql } from "kysely";

/**
 * How many people, or SaaS users of an application, have a status, or any with `all`: kept by triggers, exactly.
 *
 * @param softwareId null for people
 */
export function inventoryTotal(softwareId: string | null, status: string, archived: boolean): RawBuilder<number> {
  const ofStatus = status === "all" ? sql`` : sql`and n.status = ${status}`;
  return sql<number>`(select coalesce(sum(n.rows), 0) from inventory_count n
    where n.software_id is not distinct from ${softwareId}::uuid and n.archived = ${archived} ${ofStatus})`;
}
