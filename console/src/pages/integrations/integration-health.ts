import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { statusLabel, type Tone } from "../../ui/StatusBadge.tsx";

export type Health = { readonly tone: Tone; readonly label: string; readonly detail: string };

const staleAfter = 2 * 24 * 3600 * 1000;

/** How an integration is, in a word and a sentence: what a tile's colour means. */
export function healthOf(integration: Integration, now: number): Health {
  const { status, lastRun, lastCompleteRunAt } = integration;
  if (status === "draft") return { tone: "info", label: "Draft", detail: "Not launched yet." };
  if (status === "archived") return { tone: "idle", label: "Archived", detail: "Does not run any more." };
  if (lastRun === null) {
    return status === "paused"
      ? { tone: "idle", label: "Paused", detail: "Has not run yet." }
      : { tone: "info", label: "Ready", detail: "Launched, and has not run yet." };
  }
  const run = judgeRun(lastRun.status);
  if (run !== null) return run;
  if (status === "paused") return { tone: "idle", label: "Paused", detail: "Runs only when you start it." };
  if (lastCompleteRunAt === null || now - Date.parse(lastCompleteRunAt) > staleAfter) {
    return { tone: "warn", label: "Stale", detail: "No complete run for more than two days." };
  }
  return { tone: "good", label: "Healthy", detail: "The last run read everybody." };
}

/** What a run's end says about the integration; null when it says nothing bad. */
function judgeRun(status: string): Health | null {
  const label = statusLabel(status);
  switch (status) {
    case "queued":
    case "running":
      return { tone: "info", label, detail: "A run is under way." };
    case "needs_review":
      return { tone: "warn", label, detail: "Deactivations wait for somebody to look at them." };
    case "incomplete":
      return { tone: "warn", label, detail: "The vendor was not read completely, so nobody was deactivated." };
    case "completed_with_errors":
      return { tone: "warn", label, detail: "Some records could not be taken over." };
    case "failed":
      return { tone: "bad", label, detail: "The last run stopped before anything was changed." };
    case "timed_out":
      return { tone: "bad", label, detail: "The last run took longer than a day." };
    default:
      return null;
  }
}
