import type { GuardLimits, GuardReason } from "./plan.ts";

/**
 * Decides whether so many deactivations may happen without a person looking at them.
 *
 * Percentages are of what was known, never of what arrived: `knownActive` are the integration's links that were active before
 * the run. There is no exemption for small populations.
 *
 * @returns the limits that were exceeded; empty when the deactivations may be applied.
 */
export function guardPlan(limits: GuardLimits, knownActive: number, deactivations: number): readonly GuardReason[] {
  if (!limits.enabled || deactivations === 0) return [];
  const reasons: GuardReason[] = [];

  const perRun = Math.max(limits.minCount, (limits.maxPercent / 100) * knownActive);
  if (deactivations > perRun) {
    reasons.push({
      rule: "per-run",
      detail: `${deactivations} of ${knownActive} known active users would be deactivated; the limit of one run is ${Math.floor(perRun)}.`,
    });
  }

  const inWindow = limits.windowDeactivated + deactivations;
  const windowBase = knownActive + limits.windowDeactivated;
  if (inWindow > (limits.windowPercent / 100) * windowBase) {
    reasons.push({
      rule: "window",
      detail: `${inWindow} of ${windowBase} users would be deactivated within the window; the limit is ${limits.windowPercent} %.`,
    });
  }

  if (knownActive >= 3 && deactivations >= knownActive) {
    reasons.push({ rule: "to-zero", detail: `All ${knownActive} known active users would be deactivated.` });
  }

  if (limits.goneLists.length > 0) {
    reasons.push({
      rule: "list-gone",
      detail: `${deactivations} of ${knownActive} known active users would be deactivated, while a list that was read before is no longer there (${named(limits.goneLists)}): its users may only be out of sight.`,
    });
  }
  return reasons;
}

/** The first few, and how many more there are. */
function named(lists: readonly string[]): string {
  const more = lists.length - 5;
  return lists.slice(0, 5).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
