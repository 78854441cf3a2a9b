import type { Run } from "@rollcall/core/contract/runs.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Api } from "../api/api.ts";
import type { Session } from "../session.ts";
import { describeRun } from "./describe-run.ts";
import { runEnding } from "./run-ending.ts";
import { showProgress } from "./show-progress.ts";
import { waitForRun } from "./wait-for-run.ts";

/**
 * Prints a run that was just begun. With `wait` it is followed to its end, whose status decides the exit code. Ctrl-C ends the
 * waiting alone.
 *
 * @throws ProductError `cli.stopped_waiting`
 */
export async function followRun(session: Session, api: Api, run: Run, wait: boolean): Promise<void> {
  const { out } = session;
  if (!wait) {
    out.result(run, () => `${run.dryRun ? "Preview" : "Run"} ${run.id} of ${run.integrationName} has begun.`);
    out.hint(`rollcall run show ${run.id}    shows how far it is`);
    return;
  }
  const finished = await watch(session, api, run.id);
  if (finished === null) {
    throw new ProductError("cli.stopped_waiting", `Run ${run.id} goes on; this command only stopped waiting for it.`);
  }
  out.result(finished, () => describeRun(finished));
  session.endWith(runEnding(finished.status).exitCode);
}

/** Null when Ctrl-C ended it. */
async function watch(session: Session, api: Api, id: string): Promise<Run | null> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once("SIGINT", interrupt);
  const progress = showProgress(session);
  try {
    return await waitForRun(api, id, progress.show, interruption.signal);
  } catch (error) {
    progress.stop();
    session.out.hint(`How run ${id} goes on could not be followed.`);
    throw error;
  } finally {
    progress.stop();
    process.off("SIGINT", interrupt);
  }
}
