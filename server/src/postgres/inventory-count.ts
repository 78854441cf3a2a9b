import { type RawBuilder, sql } from "kysely";

/**
 * Up to here searches and filters of the inventory are counted: more is more than anybody pages through, and counting them would
 * take longer than reading a page of them. What a search finds lies scattered over the table, so fewer of it are counted.
 */
export const countedRows = { found: 1_000, filtered: 10_000 } as const;

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
