import { schedulerText } from "../../features/notifications/message-text.ts";
import { settleAlarms } from "../../features/notifications/settle-alarms.ts";
import { tickBeat } from "../../features/schedules/fire-due.ts";
import { findBeat } from "../../features/schedules/schedule-queries.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { WatchParts } from "./watch-parts.ts";

// Noticed within five minutes: four, and the time between two looks of the watcher.
const silenceMilliseconds = 4 * 60_000;

/**
 * Notices that no process looks at the schedules any more. Their beat is a count, and its silence is measured by the watcher's
 * own steady clock, so that no clock that jumps can hide it or make it up.
 */
export async function watchScheduler({ database, now, lasting }: WatchParts): Promise<void> {
  const count = (await findBeat(database, tickBeat))?.count ?? "none";
  const silent = lasting.longerThan("beat", [count], silenceMilliseconds).has(count);
  // A watcher that has just started knows neither: it has not seen the beat go on.
  const beats = lasting.moved("beat", count);
  if (!silent && !beats) {
    return;
  }
  await inTransaction(database, async (transaction) => {
    await settleAlarms(transaction, {
      subject: { kind: "scheduler", id: "all" },
      subjectName: "The scheduler",
      at: now(),
      ...(silent
        ? { raise: { trigger: "scheduler_dead", text: schedulerText(silenceMilliseconds / 60_000) } }
        : { clear: ["scheduler_dead"], because: "The schedules are looked at again." }),
    });
  });
}
