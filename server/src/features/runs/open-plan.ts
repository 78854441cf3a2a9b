import type { Run } from "@rollcall/core/contract/runs.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { RunRow } from "./run-row.ts";

/** What a plan is at `now`: an open one expires without anybody writing it down. */
export function planAt(run: Pick<RunRow, "plan" | "planExpiresAt">, now: Date): Run["plan"] {
  return run.plan === "open" && run.planExpiresAt !== null && run.planExpiresAt < now ? "expired" : run.plan;
}

/** @throws ProductError `run.plan_expired`, `run.plan_stale`, `run.plan_not_open` */
export function assertPlanOpen(run: RunRow, now: Date): void {
  const plan = planAt(run, now);
  if (plan === "expired") {
    throw new ProductError("run.plan_expired", `The plan of run ${run.id} waited too long for a decision. Run again.`);
  }
  if (plan === "stale") {
    throw new ProductError(
      "run.plan_stale",
      `The plan of run ${run.id} is out of date and can't be applied. Run again.`,
    );
  }
  if (plan !== "open") {
    throw new ProductError("run.plan_not_open", `${sentences[plan].replace("#", run.id)} No decision is open.`);
  }
}

const sentences: Readonly<Record<Exclude<Run["plan"], "open" | "expired" | "stale">, string>> = {
  none: "Run # has no plan.",
  applied: "The plan of run # was applied by the run itself.",
  approved: "The plan of run # is approved already.",
  rejected: "The plan of run # was rejected.",
  undone: "Run # was undone.",
};
