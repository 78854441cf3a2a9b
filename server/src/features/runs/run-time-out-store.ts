import { errorTable } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import { affected, maybeOne } from "../../postgres/query.ts";
import { storableJson } from "../../postgres/storable.ts";
import type { RunQueue } from "../../queue/run-queue.ts";
import { noteRunEnd } from "../notifications/note-run-end.ts";
import { tryFenceRun } from "./run-fence-store.ts";

/**
 * Gives up a run that has no end: its lease is void, so its worker can write nothing any more and hears of it by its signal,
 * and the integration is free for the next run. False when it has ended, or is being applied at this moment, in a
 * transaction that will end it.
 */
export async function timeOutRun(
  transaction: Transaction,
  { queue }: { readonly queue: RunQueue },
  runId: string,
): Promise<boolean> {
  if (!(await tryFenceRun(transaction, runId))) {
    return false;
  }
  const open = await maybeOne(
    transaction,
    "select from run where id = $1 and status in ('queued', 'running') for update skip locked",
    [runId],
  );
  if (open === undefined) {
    return false;
  }
  const { meaning, nextStep } = errorTable["run.timed_out"];
  await transaction.query(
    `update run set status = 'timed_out', stage = 'finished', finished_at = now(), lease = null, checkpoint = null, error = $2
     where id = $1`,
    [runId, storableJson({ code: "run.timed_out", message: meaning, nextStep })],
  );
  // A plan that was proposed and never applied is no history.
  await affected(transaction, "delete from change where run_id = $1", [runId]);
  await queue.removeRun(transaction, runId);
  await noteRunEnd(transaction, runId);
  return true;
}
