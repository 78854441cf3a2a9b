import type { NextRuns } from "@rollcall/core/contract/schedules.ts";
import type { Database, Queryable } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { maybeOne, rows } from "../../postgres/query.ts";
import { jitterOf, parseSchedule, shownRuns } from "./next-runs.ts";

type ScheduleRow = {
  readonly id: string;
  readonly status: "draft" | "active" | "paused" | "archived";
  readonly document: unknown;
  readonly nextRunAt: Date | null;
  readonly lastDueAt: Date | null;
  readonly lastFiredAt: Date | null;
};

/** When an integration runs next; undefined for an id that is nobody's. */
export async function findNextRuns(database: Database, id: string, now: Date): Promise<NextRuns | undefined> {
  const row = isUuid(id)
    ? await maybeOne<ScheduleRow>(
        database,
        `select i.id, i.status, i.schedule as document, s.next_run_at as "nextRunAt",
           s.last_due_at as "lastDueAt", s.last_fired_at as "lastFiredAt"
         from integration i left join schedule s on s.integration_id = i.id where i.id = $1`,
        [id],
      )
    : undefined;
  if (row === undefined) {
    return undefined;
  }
  const schedule = parseSchedule(row.document) ?? { kind: "manual" };
  const state = stateOf(row, schedule);
  return {
    schedule,
    timeZone: "timeZone" in schedule ? schedule.timeZone : null,
    state,
    jitterMinutes: jitterOf(schedule, row.id),
    nextRuns: state === "active" ? shownRuns(row.document, row.id, row.nextRunAt, now) : [],
    lastDueAt: row.lastDueAt?.toISOString() ?? null,
    lastFiredAt: row.lastFiredAt?.toISOString() ?? null,
  };
}

function stateOf({ status }: ScheduleRow, { kind }: NextRuns["schedule"]): NextRuns["state"] {
  if (status === "paused") return "paused";
  if (status !== "active") return "not-launched";
  return kind === "manual" ? "manual" : "active";
}

/** Integrations whose schedule row does not say what they say: launched by an older program, or changed past the product. */
export async function listOutOfStep(on: Queryable, limit: number): Promise<readonly string[]> {
  const found = await rows<{ id: string }>(
    on,
    `select coalesce(i.id, s.integration_id) as id
     from (select id, schedule, status from integration
           where status in ('active', 'paused') and schedule ->> 'kind' <> 'manual') i
     full join schedule s on s.integration_id = i.id
     where i.id is null or s.integration_id is null or s.document is distinct from i.schedule
       or s.paused <> (i.status = 'paused')
     limit $1`,
    [limit],
  );
  return found.map(({ id }) => id);
}

/** What the clock of a loop showed at its last turn, whichever process that was. */
export async function findBeat(
  on: Queryable,
  name: string,
): Promise<{ readonly count: string; readonly at: Date } | undefined> {
  return await maybeOne(on, "select count, at from beat where name = $1", [name]);
}

/** Schedules that count, in pages of `limit` behind the id `after`. */
export async function listCountingSchedules(on: Queryable, after: string, limit: number): Promise<readonly string[]> {
  const found = await rows<{ id: string }>(
    on,
    "select integration_id as id from schedule where not paused and integration_id > $1 order by integration_id limit $2",
    [after, limit],
  );
  return found.map(({ id }) => id);
}
