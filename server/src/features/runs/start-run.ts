import { ProductError } from "@rollcall/core/errors.ts";
import type { Transaction } from "../../postgres/database.ts";
import type { RunAsker, RunQueue } from "../../queue/run-queue.ts";
import { findActiveRunId, findIntegrationState, type IntegrationState } from "./run-queries.ts";
import { insertRun, insertRunSkip, type NewRun } from "./run-request-store.ts";
import type { RunRow } from "./run-row.ts";

export type StartRun = Omit<NewRun, "revision">;

export type StartOutcome =
  | { readonly kind: "started"; readonly run: RunRow }
  /** A run of the integration waits or is under way; that this one was left out is remembered. */
  | { readonly kind: "skipped"; readonly activeRunId: string };

/**
 * Starts a run, or remembers that it was left out because the integration has one under way. The caller commits in both
 * cases: a skip is an outcome to keep, so it is returned and not thrown.
 *
 * @throws ProductError `integration.not_found`, `integration.wrong_state`
 */
export async function startRun(
  transaction: Transaction,
  parts: { readonly queue: RunQueue },
  request: StartRun,
): Promise<StartOutcome> {
  const integration = await findIntegrationState(transaction, request.integrationId);
  if (integration === undefined) {
    throw integrationNotFound(request.integrationId);
  }
  refuseWrongState(integration, request);
  for (;;) {
    const run = await insertRun(transaction, { ...request, revision: integration.revision });
    if (run !== undefined) {
      // What a runner reads is enqueued when it has been read.
      if (run.reader === "server") await parts.queue.enqueueRun(transaction, run.id, askerOf(run));
      return { kind: "started", run };
    }
    const activeRunId = await findActiveRunId(transaction, request.integrationId);
    // Otherwise the run that was in the way has ended between the two statements.
    if (activeRunId !== undefined) {
      await insertRunSkip(transaction, { ...request, activeRunId });
      return { kind: "skipped", activeRunId };
    }
  }
}

/** Whether a person waits for the run, or nobody but the clock. */
export function askerOf({ trigger }: Pick<RunRow, "trigger">): RunAsker {
  return isByClock(trigger) ? "clock" : "person";
}

function isByClock(trigger: RunRow["trigger"]): boolean {
  return trigger === "schedule" || trigger === "catch-up";
}

/** The error of a person whose run was left out, naming the run that is in the way. */
export function alreadyActive(activeRunId: string): ProductError {
  return new ProductError(
    "run.already_active",
    `Run ${activeRunId} of this integration waits or is under way. Wait for it, or cancel it.`,
    { details: { runId: activeRunId } },
  );
}

export function integrationNotFound(integrationId: string): ProductError {
  return new ProductError("integration.not_found", `There is no integration ${integrationId}. List the integrations.`);
}

// A pause stops the schedule, not people. What a run did can be undone whatever became of the integration.
function refuseWrongState({ name, status }: IntegrationState, { kind, trigger }: StartRun): void {
  const allowed = status === "active" || (status === "paused" && !isByClock(trigger)) || kind === "undo";
  if (!allowed) {
    throw new ProductError("integration.wrong_state", `Integration ${name} is ${wrongStates[status]}.`);
  }
}

const wrongStates: Readonly<Record<IntegrationState["status"], string>> = {
  draft: "a draft and cannot run yet. Launch it first",
  active: "active",
  paused: "paused and does not run by schedule. Resume it, or start a run by hand",
  archived: "archived and does not run any more. Create a new integration",
};
