import type { PersonSettings } from "@rollcall/core/destination/plan-person.ts";
import type { BulkLog } from "@rollcall/core/destination/read-run-log.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { listSent, type SentPerson, savePortion } from "../../features/destinations/bulk-sent-store.ts";
import { type PeoplePlan, planPeople } from "../plan-people.ts";
import type { PushContext } from "../push-context.ts";
import type { Settle } from "../push-people.ts";
import { sendByRequests } from "../send-by-requests.ts";
import { isChange, needsRequest, senderOf } from "./bulk-sender.ts";
import { settleArrived, settleMissing } from "./settle-by-reading.ts";
import { uploadChanges } from "./upload-changes.ts";
import { waitForOutcome } from "./wait-for-outcome.ts";

/**
 * Makes and changes people over the bulk protocol. What the protocol has no word for (another key, suspending) goes by requests first.
 * An upload is the list of everybody who was ever sent in the same name, with what changed, and it is finalised whole or not at all
 * (docs/decisions/0015). What became of it is read from the instance's list of people, since no answer tells.
 */
export async function sendInBulk(
  context: PushContext,
  settings: PersonSettings,
  planned: PeoplePlan,
  settle: Settle,
): Promise<void> {
  const first = await endEarlierUpload(context, settings, planned, settle);
  const changes = first.planned.filter(isChange);
  const byRequest = changes.filter((each) => needsRequest(first, each));
  if (byRequest.length > 0) await sendByRequests(context, settings, { ...first, planned: byRequest }, settle);
  const waiting = changes.filter((each) => !needsRequest(first, each)).map(({ person }) => person);
  if (waiting.length === 0) return;

  const sent = await listSent(context.parts.database, senderOf(context.leased));
  const plan = await planPeople(context, settings, waiting, alsoSent(sent));
  if (!plan.found.complete) {
    throw new ProductError(
      "destination.unsettled",
      "The instance's list of people was not complete, and an upload could leave somebody out.",
    );
  }
  const changed = plan.planned.filter((each) => isChange(each) && !needsRequest(plan, each));
  const log = changed.length === 0 ? nothingSent : await uploadChanges(context, settings, { plan, changed, sent });
  const after = await planPeople(context, settings, waiting);
  await settleArrived(context, { before: changed, after }, settle);
  await settleMissing(log, after, settle);
}

/**
 * Looks at the upload whose outcome an earlier push could not wait for: while the instance works on it, nothing else is sent. Returns the
 * plan as it is after that upload.
 */
async function endEarlierUpload(
  context: PushContext,
  settings: PersonSettings,
  planned: PeoplePlan,
  settle: Settle,
): Promise<PeoplePlan> {
  const { bulkPortion } = context.leased;
  const changes = planned.planned.filter(isChange);
  if (bulkPortion === null || changes.length === 0) return planned;
  const log = await waitForOutcome(context, bulkPortion);
  if (log.state === "working") {
    await settleMissing(log, { ...planned, planned: changes }, settle);
    return { ...planned, planned: [] };
  }
  await savePortion(context.parts.database, context.leased, null);
  const people = changes.map(({ person }) => person);
  const after = await planPeople(context, settings, people);
  await settleArrived(context, { before: changes, after }, settle);
  return after;
}

function alsoSent(sent: readonly SentPerson[]) {
  return {
    ids: sent.flatMap(({ remoteId }) => remoteId ?? []),
    keys: sent.flatMap(({ key, remoteId }) => (remoteId === null ? [key] : [])),
  };
}

const nothingSent: BulkLog = { state: "ended", refused: 0, messages: [] };
