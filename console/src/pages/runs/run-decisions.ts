import type { Run } from "@rollcall/core/contract/runs.ts";

/** What may be done with a run. Each answers why it can't be done, for the button, or undefined when it can. */

export function isUnderWay(run: Pick<Run, "finishedAt">): boolean {
  return run.finishedAt === null;
}

/** Whether a plan waits, or waited, for somebody: then the page shows the decision and its state. */
export function asksForDecision({ plan, guard, dryRun }: Pick<Run, "plan" | "guard" | "dryRun">): boolean {
  return plan !== "none" && (dryRun || guard !== null);
}

/** Whether anything of the run is in the inventory. Of a plan that waits for review, creations and updates are. */
export function hasApplied({ plan, dryRun }: Pick<Run, "plan" | "dryRun">): boolean {
  if (plan === "applied" || plan === "approved") return true;
  return !dryRun && plan !== "undone" && plan !== "none";
}

export function whyNotCancel(run: Run): string | undefined {
  if (!isUnderWay(run)) return "The run is finished.";
  return run.cancelRequestedAt === null ? undefined : "The run stops after the page it is reading.";
}

export function whyNotDecide(run: Run): string | undefined {
  if (run.plan !== "open") return closedPlans[run.plan];
  return isUnderWay(run) ? "The run is still under way." : undefined;
}

const closedPlans: Readonly<Record<Exclude<Run["plan"], "open">, string>> = {
  none: "The run has no plan that waits for a decision.",
  applied: "The run applied its plan itself.",
  approved: "The plan is approved already.",
  rejected: "The plan was rejected.",
  stale: "The plan is out of date: the inventory or the vendor has moved since. Run again.",
  expired: "The plan waited too long for a decision. Run again.",
  undone: "The run was undone.",
};

export function whyNotUndo(run: Run): string | undefined {
  if (run.plan === "undone") return "The run was undone before.";
  if (isUnderWay(run)) return "The run is still under way.";
  if (run.kind === "undo") return "This run is itself an undo. Run the integration again instead.";
  return hasApplied(run) ? undefined : "The run has applied nothing, so there is nothing to undo.";
}

export function whyNotRetry(run: Run): string | undefined {
  if (isUnderWay(run)) return "The run is still under way.";
  return run.counts.rejected + run.counts.disputed === 0 ? "No record was rejected or disputed." : undefined;
}
