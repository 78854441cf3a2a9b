import { silentAfterSeconds } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { RunnerIdentity } from "../../features/runners/runner-intake.ts";
import { runNotFound } from "../../features/runs/find-existing-run.ts";
import { type RunRow, runColumns } from "../../features/runs/run-row.ts";
import type { Queryable, Transaction } from "../../postgres/database.ts";
import { isUuid } from "../../postgres/ids.ts";
import { maybeOne } from "../../postgres/query.ts";

/** A run as its runner finds it: still its own, read to the end, or ended because somebody cancelled it. */
export type HeldRun = { readonly kind: "held" | "read" | "cancelled"; readonly run: RunRow };

/**
 * The run of a call; in a transaction it is locked.
 *
 * @throws ProductError `run.not_found` for what was never the runner's, `run.superseded` for what is no longer
 */
export async function holdRun(on: Queryable, runner: RunnerIdentity, runId: string, lease: string): Promise<HeldRun> {
  const lock = on.kind === "transaction" ? "for update" : "";
  const run = isUuid(runId)
    ? await maybeOne<RunRow>(
        on,
        `select ${runColumns} from run where id = $1 and reader = 'runner' and runner_id = $2 ${lock}`,
        [runId, runner.id],
      )
    : undefined;
  if (run === undefined) throw runNotFound(runId);
  if (run.status === "cancelled") return { kind: "cancelled", run };
  if (run.stage !== "waiting" && run.stage !== "fetching" && run.status !== "failed" && run.status !== "timed_out") {
    return { kind: "read", run };
  }
  if (run.status === "running" && run.lease === lease) return { kind: "held", run };
  throw new ProductError(
    "run.superseded",
    `Run ${runId} was given to another runner or has ended; this runner stops reading it.`,
    { details: { runId } },
  );
}

/** A run for this runner, locked, with its integration's turn not asked for: one that waits or whose runner is silent. */
export async function lockDueRun(transaction: Transaction, runner: RunnerIdentity): Promise<RunRow | undefined> {
  return await maybeOne<RunRow>(
    transaction,
    `select ${runColumns} from run join integration on integration.id = run.integration_id
     where run.reader = 'runner' and integration.installation = 'local'
       and (run.status = 'queued'
         or (run.status = 'running' and run.stage in ('waiting', 'fetching')
           and (run.heartbeat_at is null or run.heartbeat_at < now() - $3 * interval '1 second')))
       and ($2 or exists (select from runner_integration own
                          where own.runner_id = $1 and own.integration_id = run.integration_id))
     order by run.id limit 1 for update of run skip locked`,
    [runner.id, runner.allIntegrations, silentAfterSeconds],
  );
}

/** Takes a locked run for the runner; whoever had it before can upload nothing any more. */
export async function leaseRun(
  transaction: Transaction,
  run: RunRow,
  runner: RunnerIdentity,
  lease: string,
): Promise<RunRow> {
  const leased = await maybeOne<RunRow>(
    transaction,
    `update run set status = 'running', lease = $2, runner_id = $3, attempt = attempt + 1, heartbeat_at = now(),
       started_at = coalesce(started_at, now())
     where id = $1 returning ${runColumns}`,
    [run.id, lease, runner.id],
  );
  if (leased === undefined) throw runNotFound(run.id);
  return leased;
}

/** Lets any runner have the run at once. */
export async function releaseRun(transaction: Transaction, runId: string): Promise<void> {
  await transaction.query("update run set heartbeat_at = null where id = $1", [runId]);
}
