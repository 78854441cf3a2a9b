import type { RunnerIntake } from "../../features/runners/runner-intake.ts";
import { heartbeat } from "../../features/runs/run-store.ts";
import type { RunQueue } from "../../queue/run-queue.ts";
import type { SyncParts } from "../sync-parts.ts";
import { acceptUpload } from "./accept-upload.ts";
import { claimWork } from "./claim-work.ts";
import { endReading } from "./end-reading.ts";
import { holdRun } from "./hold-run.ts";
import { restartJoins } from "./restart-joins.ts";

/** What runners do with runs. */
export function runnerIntake(parts: SyncParts & { readonly queue: RunQueue }): RunnerIntake {
  return {
    claim: (runner) => claimWork(parts, runner),
    accept: (runner, runId, upload) => acceptUpload(parts, runner, runId, upload),
    beat: async (runner, runId, lease) => {
      const { kind } = await holdRun(parts.database, runner, runId, lease);
      if (kind === "held") await heartbeat(parts.database, runId, lease);
      return { cancel: kind === "cancelled" };
    },
    restartJoins: (runner, runId, lease) => restartJoins(parts, runner, runId, lease),
    end: (runner, runId, ending) => endReading(parts, runner, runId, ending),
  };
}
