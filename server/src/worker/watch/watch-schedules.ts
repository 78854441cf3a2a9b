import { didNotStartText, staleText } from "../../features/notifications/message-text.ts";
import { settleAlarms } from "../../features/notifications/settle-alarms.ts";
import {
  type FreshnessFacts,
  listFreshness,
  listLateRuns,
  listSilenced,
  listStartedAgain,
} from "../../features/notifications/watch-queries.ts";
import { runsAfter } from "../../features/schedules/next-runs.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import type { WatchParts } from "./watch-parts.ts";

/** How long after its time a scheduled run has to be under way. */
const startGraceMilliseconds = 5 * 60_000;

/** Scheduled runs that did not start, and those that do again. */
export async function watchStarts({ database, now, lasting }: WatchParts): Promise<void> {
  const late = await listLateRuns(database, now());
  const overdue = lasting.longerThan(
    "late",
    late.map(({ integrationId, dueAt }) => `${integrationId} ${dueAt?.toISOString()}`),
    startGraceMilliseconds,
  );
  for (const { integrationId, name, dueAt, runId, why } of late) {
    if (!overdue.has(`${integrationId} ${dueAt?.toISOString()}`)) continue;
    const text = didNotStartText(name, dueAt, why);
    await settle(database, integrationId, name, now(), { runId, raise: { trigger: "did_not_start", text } });
  }
  for (const { integrationId, name, silent } of await listStartedAgain(database, now())) {
    const because = silent ? null : "The scheduled run has started.";
    await settle(database, integrationId, name ?? "", now(), { clear: ["did_not_start"], because });
  }
}

/** Integrations that have had no complete run for three times their interval. */
export async function watchFreshness({ database, now, lasting }: WatchParts): Promise<void> {
  // Small, so that what is worked out for a page holds up nobody else in this process.
  const pageSize = 100;
  const stale: FreshnessFacts[] = [];
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const page = await listFreshness(database, after, pageSize);
    stale.push(...page.filter((facts) => !facts.stale && !facts.busy && isStale(facts, now())));
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) break;
    after = last.integrationId;
  }
  const lastingly = lasting.longerThan(
    "stale",
    stale.map(({ integrationId }) => integrationId),
    startGraceMilliseconds,
  );
  for (const { integrationId, name, lastCompleteAt } of stale.filter((facts) => lastingly.has(facts.integrationId))) {
    const text = staleText(name, lastCompleteAt);
    await settle(database, integrationId, name, now(), { raise: { trigger: "stale", text } });
  }
  for (const { integrationId, all } of await listSilenced(database)) {
    await settle(database, integrationId, "", now(), { clear: all ? everyTrigger : ["stale"] });
  }
}

const everyTrigger = ["failed", "incomplete", "timed_out", "did_not_start", "needs_review", "stale"] as const;

/** Three times its interval: the third run that was due since the last complete one is past, and that one has not come. */
function isStale({ document, integrationId, lastCompleteAt, activeSince }: FreshnessFacts, now: Date): boolean {
  const fresh = lastCompleteAt !== null && lastCompleteAt > activeSince ? lastCompleteAt : activeSince;
  const third = runsAfter(document, integrationId, fresh, 3)[2];
  return third !== undefined && third < now;
}

type Settling = Omit<Parameters<typeof settleAlarms>[1], "subject" | "subjectName" | "at">;

async function settle(
  database: WatchParts["database"],
  integrationId: string,
  subjectName: string,
  at: Date,
  settling: Settling,
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    await settleAlarms(transaction, {
      subject: { kind: "integration", id: integrationId },
      subjectName,
      at,
      ...settling,
    });
  });
}
