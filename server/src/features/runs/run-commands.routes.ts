import { idParamsSchema } from "@rollcall/core/contract/listing.ts";
import {
  approveRunSchema,
  type Run,
  rejectRunSchema,
  runCommandSchema,
  runSchema,
  startRunSchema,
} from "@rollcall/core/contract/runs.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import type { Transaction } from "../../postgres/database.ts";
import { retryLostRace } from "../../postgres/retry-lost-race.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { recordAudit } from "../audit/audit-store.ts";
import { approveRun } from "./approve-run.ts";
import { cancelRun } from "./cancel-run.ts";
import { awaitTurnToCreate } from "./create-turn-store.ts";
import { findExistingRun } from "./find-existing-run.ts";
import type { UndoOutcome } from "./plan-actions.ts";
import { rejectRun } from "./reject-run.ts";
import { retryFailed } from "./retry-failed.ts";
import { alreadyActive, type StartOutcome, startRun } from "./start-run.ts";
import { undoRun } from "./undo-run.ts";

/** Starting, cancelling, deciding about a plan, undoing, retrying. */
export function runCommandRoutes(app: App, parts: AppParts): void {
  const tags = ["runs"];
  const { database } = parts;

  app.post(
    "/integrations/:id/runs",
    {
      schema: { tags, params: idParamsSchema, body: startRunSchema, response: { 202: runSchema } },
      config: { permission: "run.start", audit: "run.start" },
    },
    async ({ actor: { accountId }, params, body }, reply) => {
      const dryRun = body?.dryRun ?? false;
      const run = await begun(parts, async (transaction) => {
        const request = { integrationId: params.id, trigger: "manual", requestedBy: accountId, dryRun } as const;
        const outcome = begunBy(await startRun(transaction, parts, request));
        if (outcome.kind === "started") {
          await audit(transaction, accountId, "run.start", outcome.runId, { integrationId: params.id, dryRun });
        }
        return outcome;
      });
      return await reply.code(202).send(run);
    },
  );

  app.post(
    "/runs/:id/cancel",
    {
      schema: { tags, params: idParamsSchema, body: runCommandSchema, response: { 200: runSchema } },
      config: { permission: "run.cancel", audit: "run.cancel" },
    },
    async ({ actor: { accountId }, params: { id } }) => {
      await inTransaction(database, async (transaction) => {
        await cancelRun(transaction, parts, id);
        await audit(transaction, accountId, "run.cancel", id);
      });
      return await findExistingRun(parts, id);
    },
  );

  app.post(
    "/runs/:id/approve",
    {
      schema: { tags, params: idParamsSchema, body: approveRunSchema, response: { 200: runSchema } },
      config: { permission: "run.approve", audit: "run.approve" },
    },
    async ({ actor: { accountId }, params: { id }, body: { reason } }) => {
      // Somebody may take an e-mail address of the plan while it is applied; looked at again, the plan is out of date.
      const outcome = await retryLostRace((lost) =>
        inTransaction(database, async (transaction) => {
          if (lost) await awaitTurnToCreate(transaction);
          const approved = await approveRun(transaction, parts, { runId: id, actorId: accountId, reason });
          await audit(transaction, accountId, "run.approve", id, { reason, outcome: approved.kind });
          return approved;
        }),
      );
      if (outcome.kind === "stale") {
        throw new ProductError(
          "run.plan_stale",
          `The plan of run ${id} is out of date and nothing of it was applied: ${outcome.detail} Run again.`,
        );
      }
      return await findExistingRun(parts, id);
    },
  );

  app.post(
    "/runs/:id/reject",
    {
      schema: { tags, params: idParamsSchema, body: rejectRunSchema, response: { 200: runSchema } },
      config: { permission: "run.approve", audit: "run.reject" },
    },
    async ({ actor: { accountId }, params: { id }, body }) => {
      const reason = body?.reason ?? null;
      await inTransaction(database, async (transaction) => {
        await rejectRun(transaction, parts, { runId: id, actorId: accountId, reason });
        await audit(transaction, accountId, "run.reject", id, { reason });
      });
      return await findExistingRun(parts, id);
    },
  );

  app.post(
    "/runs/:id/undo",
    {
      schema: { tags, params: idParamsSchema, body: runCommandSchema, response: { 202: runSchema } },
      config: { permission: "run.undo", audit: "run.undo" },
    },
    async ({ actor: { accountId }, params: { id } }, reply) => {
      const run = await begun(parts, async (transaction) => {
        const outcome = await undoRun(transaction, parts, { runId: id, actorId: accountId });
        await audit(transaction, accountId, "run.undo", id, { ...outcome });
        return outcome;
      });
      return await reply.code(202).send(run);
    },
  );

  app.post(
    "/runs/:id/retry-failed",
    {
      schema: { tags, params: idParamsSchema, body: runCommandSchema, response: { 202: runSchema } },
      config: { permission: "run.start", audit: "run.retry" },
    },
    async ({ actor: { accountId }, params: { id } }, reply) => {
      const run = await begun(parts, async (transaction) => {
        const outcome = begunBy(await retryFailed(transaction, parts, { runId: id, actorId: accountId }));
        await audit(transaction, accountId, "run.retry", id, { ...outcome });
        return outcome;
      });
      return await reply.code(202).send(run);
    },
  );
}

type Begun = UndoOutcome;

/**
 * Commits what `begin` did, then answers with the new run.
 *
 * @throws ProductError `run.already_active` when the integration had a run under way
 */
async function begun(parts: AppParts, begin: (transaction: Transaction) => Promise<Begun>): Promise<Run> {
  const outcome = await inTransaction(parts.database, begin);
  if (outcome.kind === "skipped") {
    throw alreadyActive(outcome.activeRunId);
  }
  return await findExistingRun(parts, outcome.runId);
}

function begunBy(outcome: StartOutcome): Begun {
  return outcome.kind === "started" ? { kind: "started", runId: outcome.run.id } : outcome;
}

async function audit(
  transaction: Transaction,
  actorId: string,
  action: string,
  runId: string,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await recordAudit(transaction, { actorId, action, target: "run", targetId: runId, details });
}
