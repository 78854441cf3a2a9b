import { settleAlarms } from "../../features/notifications/settle-alarms.ts";
import { listDecidedReviews, listLongRuns } from "../../features/notifications/watch-queries.ts";
import { timeOutRun } from "../../features/runs/run-time-out-store.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { WatchParts } from "./watch-parts.ts";

// A wall clock that is set wrong and right again within a minute costs nobody a run.
const clockGraceMilliseconds = 60_000;

/** Gives up runs that have been under way for more than 24 hours. */
export async function watchRuns({ database, queue, now, lasting }: WatchParts): Promise<void> {
  const long = await listLongRuns(database, now());
  const ids = long.map(({ runId }) => runId);
  for (const runId of lasting.longerThan("long", ids, clockGraceMilliseconds)) {
    await inTransaction(database, (transaction) => timeOutRun(transaction, { queue }, runId));
  }
}

/** Ends the alarm of a review that somebody has decided. */
export async function watchReviews({ database, now }: WatchParts): Promise<void> {
  for (const { integrationId, name, plan } of await listDecidedReviews(database)) {
    await inTransaction(database, async (transaction) => {
      await settleAlarms(transaction, {
        subject: { kind: "integration", id: integrationId },
        subjectName: name,
        at: now(),
        clear: ["needs_review"],
        because: `The plan was ${plan}.`,
      });
    });
  }
}
