import type { Database, Transaction } from "../../postgres/database.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { RunQueue } from "../../queue/run-queue.ts";
import { startRun } from "../runs/start-run.ts";
import { firstUnfiredAfter, keepSchedule } from "./keep-schedule.ts";
import { findBeat, listCountingSchedules, listOutOfStep } from "./schedule-queries.ts";
import {
  type DueSchedule,
  firedAmong,
  lockDueSchedule,
  lockSchedule,
  saveFired,
  saveNextRun,
} from "./schedule-store.ts";

export type FireParts = {
  readonly database: Database;
  readonly queue: RunQueue;
  readonly now: () => Date;
  /** Hears of a schedule that cannot be fired; the others go on, and the watcher notices this one. */
  readonly onFailure: (error: unknown, integrationId: string) => void;
};

/** The loop's name in the table of beats. */
export const tickBeat = "schedule-tick";

/** Later than this after its time, a run makes up for a missed one. */
export const catchUpAfterMilliseconds = 5 * 60_000;

// A clock that shows less than the last turn's by more than this was set back; less is the skew between two machines.
const clockSkewMilliseconds = 60_000;

/**
 * One turn of the schedule: fires every integration that is due, each in a transaction of its own. Any number of processes
 * may do so at once. A run that was missed, however often, is made up for once; an overlap is recorded as skipped.
 *
 * What decides is the stored time, never the passing of it: clocks that jump forward find it in the past, clocks that are set
 * back find it fired. Returns how many were fired.
 */
export async function fireDue(parts: FireParts): Promise<number> {
  const { database, now } = parts;
  const last = await findBeat(database, tickBeat);
  for (const integrationId of await listOutOfStep(database, 1000)) {
    await inTransaction(database, (transaction) => keepSchedule(transaction, integrationId, now()));
  }
  if (last !== undefined && now().getTime() < last.at.getTime() - clockSkewMilliseconds) {
    await startFromNow(parts);
  }
  const failed: string[] = [];
  let fired = 0;
  for (;;) {
    const outcome = await fireNext(parts, failed);
    if (outcome === "none") {
      return fired;
    }
    fired += outcome === "fired" ? 1 : 0;
  }
}

async function fireNext(parts: FireParts, failed: string[]): Promise<"fired" | "failed" | "none"> {
  let due: DueSchedule | undefined;
  try {
    return await inTransaction(parts.database, async (transaction) => {
      due = await lockDueSchedule(transaction, parts.now(), failed);
      if (due === undefined) {
        return "none";
      }
      await fire(transaction, parts, due);
      return "fired";
    });
  } catch (error) {
    if (due === undefined) {
      throw error;
    }
    failed.push(due.integrationId);
    parts.onFailure(error, due.integrationId);
    return "failed";
  }
}

async function fire(transaction: Transaction, { queue, now }: FireParts, due: DueSchedule): Promise<void> {
  const { integrationId, dueAt } = due;
  const at = now();
  const fired = await firedAmong(transaction, integrationId, [dueAt]);
  if (!fired.has(dueAt.getTime())) {
    const late = at.getTime() - dueAt.getTime() > catchUpAfterMilliseconds;
    const trigger = late ? "catch-up" : "schedule";
    await startRun(transaction, { queue }, { integrationId, trigger, requestedBy: null, dueAt });
  }
  await saveFired(transaction, integrationId, { dueAt, at, nextRunAt: await firstUnfiredAfter(transaction, due, at) });
}

/** After the clock was set back: what lies before us again is due again, except for what has fired. */
async function startFromNow({ database, now }: FireParts): Promise<void> {
  const pageSize = 500;
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const page = await listCountingSchedules(database, after, pageSize);
    for (const integrationId of page) {
      await inTransaction(database, async (transaction) => {
        const schedule = await lockSchedule(transaction, integrationId);
        const next =
          schedule && (await firstUnfiredAfter(transaction, { integrationId, document: schedule.document }, now()));
        if (next && (schedule.nextRunAt === null || next < schedule.nextRunAt)) {
          await saveNextRun(transaction, integrationId, next);
        }
      });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) {
      return;
    }
    after = last;
  }
}
