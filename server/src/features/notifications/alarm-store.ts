import type { AlarmTrigger } from "@rollcall/core/contract/notifications.ts";
import type { Transaction } from "../../postgres/database.ts";
import { affected, rows } from "../../postgres/query.ts";

/** What can be in trouble. The scheduler is one for all. */
export type AlarmSubject =
  | { readonly kind: "integration" | "credential" | "destination"; readonly id: string }
  | { readonly kind: "scheduler"; readonly id: "all" };

/**
 * Notes that something is wrong; true when that is a change of state, which is told to people exactly once: two that notice
 * at the same time wait for each other, and the second one finds nothing changed.
 */
export async function openAlarm(
  transaction: Transaction,
  subject: AlarmSubject,
  trigger: AlarmTrigger,
  { at, level = 0, runId = null }: { readonly at: Date; readonly level?: number; readonly runId?: string | null },
): Promise<boolean> {
  const changed = await affected(
    transaction,
    `insert into alarm (subject, subject_id, trigger, open, level, run_id, changed_at) values ($1, $2, $3, true, $4, $5, $6)
     on conflict (subject, subject_id, trigger)
     do update set open = true, level = excluded.level, run_id = excluded.run_id, changed_at = excluded.changed_at
     where not alarm.open or alarm.level > excluded.level`,
    [subject.kind, subject.id, trigger, level, runId, at],
  );
  if (changed === 0) {
    // Less urgent than before is nothing to tell: somebody has just moved the date.
    await transaction.query(
      `update alarm set run_id = $4, level = $5
       where subject = $1 and subject_id = $2 and trigger = $3 and (run_id, level) is distinct from ($4::uuid, $5::integer)`,
      [subject.kind, subject.id, trigger, runId, level],
    );
  }
  return changed === 1;
}

/** Notes that what was wrong is over; returns those that were open, each to exactly one caller. */
export async function closeAlarms(
  transaction: Transaction,
  subject: AlarmSubject,
  triggers: readonly AlarmTrigger[],
  at: Date,
): Promise<readonly AlarmTrigger[]> {
  const closed = await rows<{ trigger: AlarmTrigger }>(
    transaction,
    `update alarm set open = false, changed_at = $4
     where subject = $1 and subject_id = $2 and trigger = any ($3) and open returning trigger`,
    [subject.kind, subject.id, triggers, at],
  );
  return triggers.filter((trigger) => closed.some((row) => row.trigger === trigger));
}
