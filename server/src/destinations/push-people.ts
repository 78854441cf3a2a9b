import type { PushSummary } from "@rollcall/core/contract/destinations.ts";
import type { PersonSettings } from "@rollcall/core/destination/plan-person.ts";
import type { InventoryPerson } from "../features/destinations/push-store.ts";
import { sendInBulk } from "./bulk/send-in-bulk.ts";
import { ambiguous, type SettledPerson } from "./create-person.ts";
import { planPeople } from "./plan-people.ts";
import type { PushContext } from "./push-context.ts";
import { sendByRequests } from "./send-by-requests.ts";

export type PeopleCounts = PushSummary["people"];

/** The ids that the instance's people have, for those that are in step now. */
export type RemoteIds = ReadonlyMap<string, string>;

/** Says what became of a person. */
export type Settle = (person: InventoryPerson, settled: SettledPerson) => Promise<void>;

/** Brings people into step: the instance's list is read once, compared here, and only what differs is sent. */
export async function pushPeople(
  context: PushContext,
  settings: PersonSettings,
  people: readonly InventoryPerson[],
  counts: PeopleCounts,
): Promise<RemoteIds> {
  const remoteIds = new Map<string, string>();
  const settle: Settle = async (person, { outcome, remoteId }) => {
    count(counts, outcome);
    if (remoteId !== null) remoteIds.set(person.id, remoteId);
    await context.ledger.person(person.id, outcome, remoteId === person.remoteId ? null : remoteId);
  };
  const plan = await planPeople(context, settings, people);
  for (const { person, key, count } of plan.ambiguous) {
    await settle(person, { outcome: ambiguous(key, count), remoteId: null });
  }
  for (const { person, plan: one, remote } of plan.planned) {
    if (one.kind === "create" || one.kind === "update") continue;
    await settle(person, { outcome: { kind: "done", actions: [] }, remoteId: remote?.user_id ?? null });
  }
  switch (context.leased.mode) {
    case "requests":
      await sendByRequests(context, settings, plan, settle);
      break;
    case "bulk":
      await sendInBulk(context, settings, plan, settle);
      break;
  }
  return remoteIds;
}

function count(counts: PeopleCounts, outcome: SettledPerson["outcome"]): void {
  if (outcome.kind !== "done") counts[outcome.kind] += 1;
  else if (outcome.actions.includes("created")) counts.created += 1;
  else counts[outcome.actions.length > 0 ? "updated" : "unchanged"] += 1;
}
