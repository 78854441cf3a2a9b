import type { Destination } from "@rollcall/core/contract/destinations.ts";
import { formatPairs } from "../../terminal/table.ts";
import { instant, valueText } from "../../terminal/text.ts";

/** What matters of a destination, and how its pushes go. */
export function describeDestination(destination: Destination): string {
  const { deliveries, lastPush, problem, follows, fields, constants, mode, bulkConnector } = destination;
  return formatPairs([
    ["Destination", destination.name],
    ["Id", destination.id],
    ["Address", destination.url],
    ["Credential", destination.credentialId],
    ["State", stateText(destination)],
    ["Problem", problem],
    ["Waiting", deliveries.waiting ?? 0],
    ["Done", deliveries.done ?? 0],
    ["Failed", deliveries.failed ?? 0],
    ["Last push", lastPush === null ? "never" : pushText(lastPush)],
    ["Next push", problem === null ? null : instant(destination.nextPushAt)],
    ["Mode", mode === "bulk" ? `bulk, as ${bulkConnector ?? ""} (unverified)` : mode],
    ["Sync key", destination.syncKey],
    ["Suspend people", destination.suspendPeople],
    ...follows.map(
      ({ integrationName, saasName }) => ["Follows", `${integrationName} → ${saasName ?? "people alone"}`] as const,
    ),
    ...fields.map(({ field, externalId, when }) => {
      return ["Field", `${field} → ${externalId}${when === "create" ? " (new people)" : ""}`] as const;
    }),
    ...Object.entries(constants).map(([name, value]) => ["New people", `${name} = ${valueText(value)}`] as const),
  ]);
}

/** In one word. */
export function stateText({ enabled, pushing, problem }: Destination): "off" | "pushing" | "stopped" | "on" {
  if (!enabled) return "off";
  if (pushing) return "pushing";
  return problem === null ? "on" : "stopped";
}

function pushText({ finishedAt, people }: NonNullable<Destination["lastPush"]>): string {
  const { created, updated, unchanged, failed, postponed } = people;
  return `${instant(finishedAt)}: ${created} created, ${updated} updated, ${unchanged} unchanged, ${failed} failed, ${postponed} postponed`;
}
