import type { Transaction } from "../postgres/database.ts";
import type { Engine } from "./engine.ts";

/** Who waits for a run. What a person asked for goes before all that the clock did. */
export type RunAsker = "person" | "clock";

/** What the features know of the queue. */
export type RunQueue = {
  /** Has a run done once the transaction is committed. The run's id is the task's id: a run has one task, ever. */
  readonly enqueueRun: (transaction: Transaction, runId: string, asker: RunAsker) => Promise<void>;
  /** Takes back a run that waits. */
  readonly removeRun: (transaction: Transaction, runId: string) => Promise<void>;
};

export function runQueueOn(engine: Pick<Engine, "enqueue" | "remove">): RunQueue {
  return {
    enqueueRun: async (transaction, runId, asker) =>
      await engine.enqueue(transaction, "run.start", runId, { runId }, { priority: asker === "person" ? 1 : 0 }),
    removeRun: async (transaction, runId) => await engine.remove(transaction, "run.start", runId),
  };
}
