import type { saasStatisticsSchema } from "@rollcall/core/contract/saas.ts";
import type { z } from "zod";
import type { Queryable } from "../../postgres/database.ts";
import { one } from "../../postgres/query.ts";
import type { SoftwareFacts } from "./software-queries.ts";

type Statistics = z.infer<typeof saasStatisticsSchema>;
type Counts = Statistics["activity"] & { readonly active: number; readonly deactivated: number };

/**
 * Users by the whole days of UTC since their last activity, seats and cost. Unknown activity is counted apart and never as idle. Both
 * tables are kept by triggers, so that nothing here depends on how many users there are.
 */
export async function readSaasStatistics(
  on: Queryable,
  { id, seats, seatCost, currency }: SoftwareFacts,
  now: Date,
): Promise<Statistics> {
  const { active, deactivated, ...activity } = await one<Counts>(
    on,
    `select counted.*, activity.*
     from (
       select coalesce(sum(rows) filter (where status = 'active'), 0)::int as active,
         coalesce(sum(rows) filter (where status = 'deactivated'), 0)::int as deactivated
       from inventory_count where software_id = $1 and not archived) as counted
     cross join (
       select coalesce(sum(rows) filter (where days < 30), 0)::int as "within30Days",
         coalesce(sum(rows) filter (where days >= 30 and days < 60), 0)::int as idle30,
         coalesce(sum(rows) filter (where days >= 60 and days < 90), 0)::int as idle60,
         coalesce(sum(rows) filter (where days >= 90), 0)::int as idle90,
         coalesce(sum(rows) filter (where days is null), 0)::int as unknown
       from (select ($2::timestamptz at time zone 'UTC')::date - active_on as days, rows
             from seat_activity where software_id = $1) as by_day) as activity`,
    [id, now],
  );
  const free = seats === null ? null : Math.max(0, seats - active);
  return {
    active,
    deactivated,
    activity,
    seats: { bought: seats, used: active, free },
    monthlyCost: { used: cost(active, seatCost), unused: cost(free, seatCost), currency },
  };
}

function cost(seats: number | null, seatCost: number | null): number | null {
  return seats === null || seatCost === null ? null : Math.round(seats * seatCost * 100) / 100;
}
