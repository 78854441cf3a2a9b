import type { AlarmTrigger } from "@rollcall/core/contract/notifications.ts";
import type { Transaction } from "../../postgres/database.ts";
import { type RunFacts, runText } from "./message-text.ts";
import { findEndedRun } from "./run-end-queries.ts";
import { settleAlarms } from "./settle-alarms.ts";

/**
 * Queues what the end of a run means for people, in the transaction that ends it. Runs that say nothing about the
 * integration's health are passed over: dry runs, retries of single records, undos, and what somebody cancelled.
 */
export async function noteRunEnd(transaction: Transaction, runId: string): Promise<void> {
  const run = await findEndedRun(transaction, runId);
  if (run === undefined) {
    return;
  }
  const { integrationId, integrationName: subjectName, status, at } = run;
  const settlement = { subject: { kind: "integration", id: integrationId }, subjectName, runId, at } as const;
  const facts: RunFacts = { error: run.error, gaps: run.coverage?.gaps ?? [], guard: run.guard };
  switch (status) {
    case "failed":
    case "timed_out":
      // A plan that waits for a decision goes on waiting: this run did not replace it.
      await settleAlarms(transaction, {
        ...settlement,
        raise: { trigger: status, text: runText(status, subjectName, facts) },
        clear: badEnds,
      });
      return;
    case "incomplete":
    case "needs_review":
      await settleAlarms(transaction, {
        ...settlement,
        raise: { trigger: status, text: runText(status, subjectName, facts) },
        clear: [...badEnds, "needs_review"],
        because: "A run went through.",
      });
      return;
    case "completed":
    case "completed_with_errors":
    case "empty":
      await settleAlarms(transaction, {
        ...settlement,
        clear: [...badEnds, "needs_review", "did_not_start", "stale"],
        because: "A run completed.",
      });
      return;
    case "cancelled":
    case "queued":
    case "running":
      return;
  }
}

const badEnds: readonly AlarmTrigger[] = ["failed", "timed_out", "incomplete"];
