import { type Schedule, scheduleSchema } from "@rollcall/core/contract/integrations.ts";
import { jitterMinutes } from "@rollcall/core/schedule/jitter.ts";
import { nextRuns } from "@rollcall/core/schedule/next-run.ts";
import { scheduleProblems } from "@rollcall/core/schedule/schedule-problems.ts";

/**
 * A stored schedule; undefined when this program cannot follow it: it was checked when it was saved, but a zone may be
 * missing from the time zone data of this machine.
 */
export function parseSchedule(document: unknown): Schedule | undefined {
  const parsed = scheduleSchema.safeParse(document);
  return parsed.success && scheduleProblems(parsed.data).length === 0 ? parsed.data : undefined;
}

/** The next times an integration is due, its jitter included, strictly after `after`. */
export function runsAfter(document: unknown, integrationId: string, after: Date, count: number): readonly Date[] {
  const schedule = parseSchedule(document);
  return schedule === undefined ? [] : nextRuns(schedule, after, count, { jitterSeed: integrationId });
}

/**
 * The next three runs of an active integration as they will happen: `nextRunAt` is the stored time of the first, which may
 * be one that is being fired at this moment.
 */
export function shownRuns(document: unknown, integrationId: string, nextRunAt: Date | null, now: Date): string[] {
  const [first, after] = nextRunAt === null ? [[], now] : [[nextRunAt], nextRunAt > now ? nextRunAt : now];
  return [...first, ...runsAfter(document, integrationId, after, 3 - first.length)].map((run) => run.toISOString());
}

/** How many minutes after its set time an integration starts. */
export function jitterOf(schedule: Schedule, integrationId: string): number {
  return schedule.kind === "daily" || schedule.kind === "weekly" ? jitterMinutes(integrationId) : 0;
}
