import { comparable } from "@rollcall/core/reconcile/comparable.ts";
import type { BulkSender } from "../../features/destinations/bulk-sent-store.ts";
import type { LeasedDestination } from "../../features/destinations/push-store.ts";
import type { RemotePerson } from "../find-people.ts";
import type { PeoplePlan, PlannedPerson } from "../plan-people.ts";

/** In whose name the destination uploads. */
export function senderOf({ url, bulkConnector }: LeasedDestination): BulkSender {
  return { url, connector: bulkConnector ?? "" };
}

export function isChange({ plan }: PlannedPerson): boolean {
  return plan.kind === "create" || plan.kind === "update";
}

/** Whether an upload, which finds people by their key and sets values, would do another thing than what is meant. */
export function needsRequest({ keyColumn, found }: PeoplePlan, { plan, key, remote }: PlannedPerson): boolean {
  if (remote === null) return key === "" || (found.byKey.get(comparable(key)) ?? []).length > 0;
  const there = keyThere(remote, keyColumn);
  const changesMore = plan.kind === "update" && (keyColumn in plan.body || "suspended" in plan.body);
  return changesMore || there === "" || found.sharedKeys.has(comparable(there));
}

/** The key that the instance has of a person. */
export function keyThere(remote: RemotePerson, keyColumn: string): string {
  return String(remote[keyColumn] ?? "");
}
