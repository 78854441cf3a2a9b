import { fireDue, tickBeat } from "../features/schedules/fire-due.ts";
import { countBeat } from "../features/schedules/schedule-store.ts";
import type { Database } from "../postgres/database.ts";
import type { RunQueue } from "../queue/run-queue.ts";
import type { EngineLog } from "../queue/run-task.ts";
import { type Repeating, startRepeating } from "./repeat.ts";

export type ScheduleTickParts = {
  readonly database: Database;
  readonly queue: RunQueue;
  readonly log: EngineLog;
  readonly now: () => Date;
  /** Between two turns; two seconds when absent. */
  readonly everyMilliseconds?: number;
};

/**
 * Fires what is due, again and again. Every process may have one: they share the work. Each turn ends with a beat, by which
 * the watcher knows that the schedule is alive.
 */
export function startScheduleTick(parts: ScheduleTickParts): Repeating {
  const { log, everyMilliseconds = 2_000 } = parts;
  return startRepeating({ name: tickBeat, everyMilliseconds, turn: async () => void (await tick(parts)), log });
}

/** One turn. */
export async function tick({ database, queue, log, now }: ScheduleTickParts): Promise<number> {
  const onFailure = (error: unknown, integrationId: string): void =>
    log.error({ err: error, integrationId }, "A scheduled run could not be started; it is tried again.");
  const fired = await fireDue({ database, queue, now, onFailure });
  await countBeat(database, tickBeat, now());
  return fired;
}
