import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { Style } from "../../terminal/output.ts";
import { formatPairs } from "../../terminal/table.ts";
import { instant, valueText } from "../../terminal/text.ts";

/** What matters of an integration, with what its launch still needs. */
export function describeIntegration(integration: Integration): string {
  const { schedule, lastRun, lastTest, inputs, mapping, guard, launchChecklist, status } = integration;
  const pairs = formatPairs([
    ["Integration", integration.name],
    ["Id", integration.id],
    ["Status", status],
    ["Connector", integration.connector],
    ["Credential", integration.credentialId ?? "none"],
    ["Mode", integration.mode],
    ["SaaS record", softwareText(integration)],
    ["Deactivate", integration.deactivate],
    ["Preference", integration.preference],
    ["Installation", integration.installation],
    ["Schedule", scheduleText(schedule)],
    ["Next runs", integration.nextRuns.map(instant).join(", ")],
    ["Mapping", `${mapping.rules.length} rules, ${mapping.customFields.length} custom fields`],
    ["Filter", integration.filter.mode],
    ["Guard", guard.enabled ? `${guard.maxPercent} %, at least ${guard.minCount}` : "off"],
    ...Object.entries(inputs).map(([name, value]) => [`Input ${name}`, valueText(value)] as const),
    ["Last test", lastTest === null ? "never" : `${instant(lastTest.at)}: ${lastTest.message}`],
    ["Last run", lastRun === null ? "never" : `${lastRun.status} ${instant(lastRun.finishedAt)} (${lastRun.id})`],
    ["Complete run", instant(integration.lastCompleteRunAt)],
    ["Revision", integration.revision],
  ]);
  if (status !== "draft") return pairs;
  const missing = launchChecklist.filter(({ ok }) => !ok).map(({ message }) => `  ${message}`);
  const next = `rollcall integration launch ${integration.id}`;
  return missing.length === 0
    ? `${pairs}\n\nReady: ${next}`
    : [pairs, "", "Before it can be launched:", ...missing].join("\n");
}

export function scheduleText(schedule: Integration["schedule"]): string {
  switch (schedule.kind) {
    case "daily":
      return `daily ${schedule.at} ${schedule.timeZone}`;
    case "interval":
      return `every ${schedule.minutes} minutes`;
    case "weekly":
      return `weekly ${schedule.days.join(",")} ${schedule.at} ${schedule.timeZone}`;
    case "cron":
      return `cron ${schedule.expression} ${schedule.timeZone}`;
    case "manual":
      return "manual";
  }
}

export function statusStyle(status: string): Style | undefined {
  return status === "active" ? "green" : status === "paused" ? "yellow" : undefined;
}

function softwareText({ softwareId, softwareOutcome }: Integration): string {
  if (softwareId === null) return "";
  return softwareOutcome === null ? softwareId : `${softwareId} (${softwareOutcome})`;
}
