import type { Database } from "../postgres/database.ts";
import type { Engine } from "../queue/engine.ts";
import type { EngineLog } from "../queue/run-task.ts";
import { type RunSync, workOnRun } from "./work-on-run.ts";

export type WorkerParts = {
  readonly database: Database;
  readonly engine: Engine;
  readonly log: EngineLog;
  /** The story of a run (sync/run-sync.ts), with its parts already given. */
  readonly runSync: RunSync;
};

/** Works on every kind of task until the engine stops. */
export async function startWorker(parts: WorkerParts): Promise<void> {
  await parts.engine.work("run.start", async ({ runId }, signal) => await workOnRun(parts, runId, signal));
}
