import { type BulkLog, messageAbout } from "@rollcall/core/destination/read-run-log.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { saveSent } from "../../features/destinations/bulk-sent-store.ts";
import { ambiguous } from "../create-person.ts";
import type { PeoplePlan, PlannedPerson } from "../plan-people.ts";
import type { PushContext } from "../push-context.ts";
import type { RecordOutcome } from "../push-failure.ts";
import type { Settle } from "../push-people.ts";
import { isChange, senderOf } from "./bulk-sender.ts";

type Reading = {
  /** What was to be done. */
  readonly before: readonly PlannedPerson[];
  /** What is left to be done, by the instance's list of people. */
  readonly after: PeoplePlan;
};

/** Settles everybody who is there now as they are wanted, and those of whose key there are several. */
export async function settleArrived(context: PushContext, { before, after }: Reading, settle: Settle): Promise<void> {
  const wanted = new Map(before.map(({ person, plan }) => [person.id, plan]));
  const arrived = after.planned.filter((each) => !isChange(each));
  const ids = arrived.flatMap(({ person, key, remote }) =>
    remote === null || !wanted.has(person.id) ? [] : [{ key, remoteId: remote.user_id }],
  );
  await saveSent(context.parts.database, senderOf(context.leased), ids);
  for (const { person, remote } of arrived) {
    const plan = wanted.get(person.id);
    const actions = plan?.kind === "create" ? ["created"] : plan?.kind === "update" ? plan.actions : [];
    await settle(person, { outcome: { kind: "done", actions }, remoteId: remote?.user_id ?? null });
  }
  for (const { person, key, count } of after.ambiguous) {
    await settle(person, { outcome: ambiguous(key, count), remoteId: null });
  }
}

/**
 * Settles everybody who is not there as they are wanted, by what the run log says.
 *
 * @throws ProductError `destination.bulk_failed` when the upload failed as a whole
 */
export async function settleMissing(log: BulkLog, after: PeoplePlan, settle: Settle): Promise<void> {
  const missing = after.planned.filter(isChange);
  if (missing.length > 0 && (log.state === "failed" || log.state === "canceled")) {
    const end = log.state === "failed" ? "failed" : "was cancelled";
    const reason = log.messages[0]?.slice(0, 600) ?? "It gives no reason.";
    throw new ProductError("destination.bulk_failed", `The instance took the upload, which then ${end}: ${reason}`);
  }
  for (const { person, key } of missing) {
    await settle(person, { outcome: outcomeOf(log, key, after.found.complete), remoteId: null });
  }
}

function outcomeOf(log: BulkLog, key: string, isListComplete: boolean): RecordOutcome {
  if (log.state === "ended" && isListComplete && log.refused > 0) {
    const reason = messageAbout(log, key) ?? "nothing more";
    const problem = `The instance did not take it over. Its run log says: ${reason}`;
    return { kind: "failed", actions: [], code: "destination.refused", problem };
  }
  const problem =
    log.state === "working"
      ? "The instance has not worked the upload through yet; the next push looks again."
      : "The instance took the upload, and its list of people does not show it yet; the next push looks again.";
  return { kind: "postponed", actions: [], code: "destination.unsettled", problem };
}
