import type { Transaction } from "../../postgres/database.ts";
import { runsAfter } from "./next-runs.ts";
import { deleteSchedule, firedAmong, readSchedulePlan, writeSchedule } from "./schedule-store.ts";

/**
 * Brings an integration's schedule row in step with the integration; belongs into every transaction that changes its state
 * or its settings. A schedule that stays the same keeps its next run, even one that is due right now; one that was
 * changed, launched or resumed begins at `now`, and makes up for nothing.
 */
export async function keepSchedule(transaction: Transaction, integrationId: string, now: Date): Promise<void> {
  const plan = await readSchedulePlan(transaction, integrationId);
  if (plan === undefined) {
    return;
  }
  const { status, document } = plan;
  const launched = status === "active" || status === "paused";
  // A local integration too: its run is due by the same clock, and then waits for a runner.
  if (!launched || runsAfter(document, integrationId, now, 1).length === 0) {
    if (plan.kept) {
      await deleteSchedule(transaction, integrationId);
    }
    return;
  }
  const paused = status === "paused";
  if (plan.kept && !plan.changed && plan.paused === paused) {
    return;
  }
  const nextRunAt = paused ? null : await firstUnfiredAfter(transaction, { integrationId, document }, now);
  await writeSchedule(transaction, integrationId, { document, paused, nextRunAt, at: now });
}

/**
 * The next time an integration is due that has not fired yet; null when there is none. After a clock that was ahead is set
 * back, times lie before us again whose runs have been.
 */
export async function firstUnfiredAfter(
  transaction: Transaction,
  { integrationId, document }: { readonly integrationId: string; readonly document: unknown },
  after: Date,
): Promise<Date | null> {
  for (let from = after; ; ) {
    const times = runsAfter(document, integrationId, from, 4);
    const fired = await firedAmong(transaction, integrationId, times);
    const first = times.find((time) => !fired.has(time.getTime()));
    const last = times.at(-1);
    if (first !== undefined || last === undefined) {
      return first ?? null;
    }
    from = last;
  }
}
