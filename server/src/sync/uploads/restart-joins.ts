import type { RunnerWork } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { restartStreams } from "@rollcall/vendor-http/reading-progress.ts";
import type { RunnerIdentity } from "../../features/runners/runner-intake.ts";
import { saveCheckpoint } from "../../features/runs/run-store.ts";
import { affected } from "../../postgres/query.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { openRun } from "../open-run.ts";
import { parseRunCheckpoint } from "../run-checkpoint.ts";
import type { SyncParts } from "../sync-parts.ts";
import { holdRun } from "./hold-run.ts";
import { readingScope, uploadOf, withUnavailable } from "./reading-scope.ts";

/**
 * Has the joined streams of a run read once more: their rows stayed on the machine of the runner before. Users that were mapped with
 * them stay as they are.
 *
 * @throws ProductError `run.not_found`, `run.superseded`
 */
export async function restartJoins(
  parts: SyncParts,
  runner: RunnerIdentity,
  runId: string,
  lease: string,
): Promise<Pick<RunnerWork, "generation" | "reading" | "unavailable">> {
  const seen = await holdRun(parts.database, runner, runId, lease);
  const context = await openRun(parts, seen.run, lease);
  return await inTransaction(parts.database, async (transaction) => {
    const { kind, run } = await holdRun(transaction, runner, runId, lease);
    const saved = uploadOf(parseRunCheckpoint(run.checkpoint));
    if (kind !== "held" || saved === null) {
      throw new ProductError("run.superseded", `Run ${runId} is not being read any more.`);
    }
    const { checkpoint } = saved;
    const reading = structuredClone(checkpoint.reading);
    const joined = [...new Set(Object.values(context.manifest.joins).map(({ stream }) => stream))];
    restartStreams(readingScope(context, reading), joined);
    const listings = joined.flatMap((name) => reading.streams[name]?.listings.map(({ number }) => number) ?? []);
    const forgotten = await affected(transaction, `delete from ${context.tables.joined} where listing = any($1)`, [
      listings,
    ]);
    const upload = await withUnavailable(transaction, context, reading, {
      ...saved.upload,
      generation: run.attempt,
      unavailable: null,
    });
    const staged = { ...checkpoint.staged, joined: checkpoint.staged.joined - forgotten };
    await saveCheckpoint(transaction, runId, lease, {
      stage: "fetching",
      checkpoint: { ...checkpoint, reading, staged, upload },
    });
    const { generation, unavailable } = upload;
    return { generation, reading, unavailable: unavailable === null ? null : [...unavailable] };
  });
}
