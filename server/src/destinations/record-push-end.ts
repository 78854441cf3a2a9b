import type { PushSummary } from "@rollcall/core/contract/destinations.ts";
import { errorTable, type ProductError } from "@rollcall/core/errors.ts";
import { endPush, type LeasedDestination } from "../features/destinations/push-store.ts";
import { pushStoppedText } from "../features/notifications/message-text.ts";
import { settleAlarms } from "../features/notifications/settle-alarms.ts";
import { inTransaction } from "../postgres/transaction.ts";
import type { DestinationParts } from "./open-oomnitza.ts";

/**
 * Writes down how a push ended, and in the same transaction tells people when pushing has stopped, or goes on again. Nothing is
 * written or told by a worker that has lost its lease, nor told of a destination that was switched off meanwhile.
 */
export async function recordPushEnd(
  parts: Pick<DestinationParts, "database" | "now" | "retry">,
  leased: Pick<LeasedDestination, "id" | "lease" | "name" | "failures">,
  problem: ProductError | null,
  facts: Pick<PushSummary, "startedAt" | "people" | "requests">,
): Promise<void> {
  const nextStep = problem === null ? "" : errorTable[problem.code].nextStep;
  const told = problem === null ? null : `${problem.message} ${nextStep}`;
  const summary: PushSummary = { ...facts, finishedAt: parts.now().toISOString(), problem: told };
  const wait = problem === null ? 0 : waitAfter(parts, leased.failures);
  await inTransaction(parts.database, async (transaction) => {
    if ((await endPush(transaction, leased, summary, wait)) !== "enabled") return;
    const subject = { kind: "destination", id: leased.id } as const;
    const settlement = { subject, subjectName: leased.name, at: parts.now() };
    if (problem === null) {
      if (cameToNothing(facts.people)) return;
      await settleAlarms(transaction, {
        ...settlement,
        clear: ["push_stopped"],
        because: "A push went through, and what waited is being brought into step.",
      });
    } else if (hasStopped(problem, leased.failures + 1)) {
      const text = pushStoppedText(leased.name, problem.message, nextStep);
      await settleAlarms(transaction, { ...settlement, raise: { trigger: "push_stopped", text } });
    }
  });
}

/** A push that brought nobody into step, and could not, is no sign that things go on again. */
function cameToNothing({ created, updated, unchanged, postponed }: PushSummary["people"]): boolean {
  return postponed > 0 && created + updated + unchanged === 0;
}

const mostFailures = 8;

/** What may pass by itself is not worth a message, unless it has not for so many pushes in a row: about two hours. */
function hasStopped({ code }: ProductError, failuresInARow: number): boolean {
  return code === "destination.failing" || !mayPass.has(code) || failuresInARow >= mostFailures;
}

const mayPass: ReadonlySet<string> = new Set([
  "vendor.unreachable",
  "vendor.unavailable",
  "vendor.rate_limited",
  "vendor.bad_response",
  "vendor.response_too_large",
  "destination.unsettled",
  "destination.bulk_failed",
]);

/** A minute, two, four … up to an hour, for the usual base of half a second. */
function waitAfter({ retry }: Pick<DestinationParts, "retry">, failures: number): number {
  return Math.min(3600, ((retry?.baseMs ?? 500) * 120 * 2 ** failures) / 1000);
}
