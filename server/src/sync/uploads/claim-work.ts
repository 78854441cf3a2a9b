import { randomUUID } from "node:crypto";
import type { RunnerWork } from "@rollcall/core/contract/runners.ts";
import { errorTable, ProductError } from "@rollcall/core/errors.ts";
import { newReadCheckpoint } from "@rollcall/vendor-http/read-checkpoint.ts";
import type { RunnerIdentity } from "../../features/runners/runner-intake.ts";
import type { RunRow } from "../../features/runs/run-row.ts";
import { assertLease, failUnfinishedRun, maxAttempts, saveCheckpoint } from "../../features/runs/run-store.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { maxPages, readingProgress } from "../fetch-into-stage.ts";
import { openRun } from "../open-run.ts";
import { parseRunCheckpoint, type RunCheckpoint } from "../run-checkpoint.ts";
import type { RunContext } from "../run-context.ts";
import { createStage, stageHolds } from "../stage-tables.ts";
import type { SyncParts } from "../sync-parts.ts";
import { leaseRun, lockDueRun } from "./hold-run.ts";
import { settingsDigest, uploadOf, withUnavailable } from "./reading-scope.ts";

/** Gives the runner a run to read, from where the server has it; null when there is none for it. */
export async function claimWork(parts: SyncParts, runner: RunnerIdentity): Promise<RunnerWork | null> {
  for (;;) {
    const lease = randomUUID();
    const claimed = await inTransaction(parts.database, async (transaction) => {
      const due = await lockDueRun(transaction, runner);
      if (due === undefined || due.attempt < maxAttempts) {
        return due === undefined ? undefined : await leaseRun(transaction, due, runner, lease);
      }
      return { exhausted: due.id };
    });
    if (claimed === undefined) return null;
    if ("exhausted" in claimed) {
      // In a transaction of its own: this one has the run's row, and whoever ends a run takes its fence before the row.
      await failUnfinishedRun(parts.database, claimed.exhausted, ending("run.too_many_attempts", claimed.exhausted));
      continue;
    }
    const work = await prepareWork(parts, claimed, lease);
    if (work !== null) return work;
  }
}

/** Null when the run cannot be read with the settings as they are; it has failed then. */
async function prepareWork(parts: SyncParts, run: RunRow, lease: string): Promise<RunnerWork | null> {
  let context: RunContext;
  try {
    context = await openRun(parts, run, lease);
  } catch (error) {
    if (!(error instanceof ProductError) || error.code.startsWith("database.")) throw error;
    const { code, message } = error;
    await failUnfinishedRun(parts.database, run.id, { code, message, nextStep: errorTable[code].nextStep });
    return null;
  }
  const { checkpoint, upload } = await inTransaction(parts.database, async (transaction) => {
    await assertLease(transaction, run.id, lease);
    const from = (await usable(context)) ?? newCheckpoint(context);
    if (from.upload.number === 0) await createStage(transaction, context.tables);
    const unavailable = await withUnavailable(transaction, context, from.checkpoint.reading, from.upload);
    const saved = { checkpoint: { ...from.checkpoint, upload: unavailable }, upload: unavailable };
    const rate = { startedAt: new Date().toISOString(), startedAtRecords: from.checkpoint.fetched };
    await saveCheckpoint(transaction, run.id, lease, {
      stage: "fetching",
      checkpoint: saved.checkpoint,
      progress: readingProgress(context.streams, saved.checkpoint, rate),
    });
    return saved;
  });
  const { settings, manifest, streams, startedAt } = context;
  return {
    runId: run.id,
    lease,
    integration: { id: settings.integrationId, name: settings.name },
    startedAt: startedAt.toISOString(),
    manifest,
    // A secret is never an integration's input (features/integrations/check-inputs.ts).
    inputs: settings.inputs,
    mode: settings.mode,
    mapping: settings.mapping,
    filter: settings.filter,
    targetFields: settings.targetFields.map((field) => ({ ...field })),
    plan: streams.map((stream) => ({ ...stream })),
    onlyKeys: run.onlyKeys === null ? null : [...run.onlyKeys],
    maxPages,
    generation: upload.generation,
    accepted: upload.number,
    reading: checkpoint.reading,
    unavailable: upload.unavailable === null ? null : [...upload.unavailable],
  };
}

/** What earlier uploads staged, if it is still there and was made for the settings of now. */
async function usable(context: RunContext) {
  const { database, tables, run, settings } = context;
  const saved = uploadOf(parseRunCheckpoint(run.checkpoint));
  if (saved === null || run.stage !== "fetching") return null;
  const { checkpoint, upload } = saved;
  const same = checkpoint.revision === settings.revision && upload.settings === settingsDigest(context);
  return same && (await stageHolds(database, tables, checkpoint.staged)) ? saved : null;
}

function newCheckpoint(context: RunContext) {
  const { settings, run } = context;
  const upload = { number: 0, settings: settingsDigest(context), generation: run.attempt, unavailable: null };
  const checkpoint: RunCheckpoint = {
    revision: settings.revision,
    reading: newReadCheckpoint(),
    staged: { records: 0, joined: 0 },
    fetched: 0,
    pages: 0,
    fieldProblems: 0,
    upload,
  };
  return { checkpoint, upload };
}

function ending(code: "run.too_many_attempts", runId: string) {
  const { meaning, nextStep } = errorTable[code];
  return { code, message: `Run ${runId}: ${meaning}`, nextStep };
}
