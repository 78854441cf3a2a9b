import type { Transaction } from "../../postgres/database.ts";

/**
 * What deciding about a plan does to the inventory; done by the sync, which features do not know. The caller has locked
 * the run's row and commits the decision, its audit event and these writes together.
 */
export type PlanActions = {
  /**
   * Applies exactly the open plan of a run (of a run that needs review: what was withheld of it). Writes nothing when the
   * inventory moved since the plan was made, and says what moved.
   */
  readonly approve: (transaction: Transaction, decision: PlanDecision) => Promise<ApproveOutcome>;
  /** Starts the run that undoes an applied one, like `startRun`. */
  readonly undo: (transaction: Transaction, decision: Omit<PlanDecision, "reason">) => Promise<UndoOutcome>;
};

export type PlanDecision = { readonly runId: string; readonly actorId: string; readonly reason: string };

export type ApproveOutcome = { readonly kind: "applied" } | { readonly kind: "stale"; readonly detail: string };

export type UndoOutcome =
  | { readonly kind: "started"; readonly runId: string }
  | { readonly kind: "skipped"; readonly activeRunId: string };
