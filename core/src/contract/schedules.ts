import { z } from "zod";
import { scheduleSchema } from "./integrations.ts";
import { instantSchema } from "./listing.ts";

/** When an integration runs next, and how that came about. */
export const nextRunsSchema = z.object({
  schedule: scheduleSchema,
  timeZone: z.string().nullable().describe("The schedule's IANA zone; null for an interval or no schedule."),
  state: z
    .enum(["active", "paused", "manual", "not-launched"])
    .describe("Only an active schedule fires. A run of a local integration then waits for a runner."),
  jitterMinutes: z
    .number()
    .int()
    .describe("How long after the set time this integration starts, so that not all start at once. Part of nextRuns."),
  nextRuns: z.array(instantSchema).describe("The next three, as they will happen; none unless the state is active."),
  lastDueAt: instantSchema.nullable().describe("The time for which the schedule fired last."),
  lastFiredAt: instantSchema.nullable(),
});
export type NextRuns = z.infer<typeof nextRunsSchema>;
