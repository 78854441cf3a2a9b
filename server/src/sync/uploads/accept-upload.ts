import type { Upload, UploadAnswer } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { RunnerIdentity } from "../../features/runners/runner-intake.ts";
import { saveCheckpoint } from "../../features/runs/run-store.ts";
import type { Transaction } from "../../postgres/database.ts";
import { one } from "../../postgres/query.ts";
import { inTransaction } from "../../postgres/transaction.ts";
import { readingProgress } from "../fetch-into-stage.ts";
import { openRun, stageContext } from "../open-run.ts";
import { parseRunCheckpoint, type RunCheckpoint, type UploadProgress } from "../run-checkpoint.ts";
import type { RunContext } from "../run-context.ts";
import { prepareMapped, writeBatch } from "../stage-batch.ts";
import { stageExists } from "../stage-tables.ts";
import type { SyncParts } from "../sync-parts.ts";
import { holdRun } from "./hold-run.ts";
import { readingScope, settingsDigest, uploadOf, withUnavailable } from "./reading-scope.ts";
import { takePage } from "./take-page.ts";

/**
 * Takes an upload into the stage: rows and checkpoint in one transaction, as for pages that were read here. One that was taken before is
 * acknowledged and changes nothing.
 *
 * @throws ProductError `run.not_found`, `run.superseded`, `runner.out_of_step`, `runner.upload_refused`
 */
export async function acceptUpload(
  parts: SyncParts,
  runner: RunnerIdentity,
  runId: string,
  upload: Upload,
): Promise<UploadAnswer> {
  const seen = await holdRun(parts.database, runner, runId, upload.lease);
  if (seen.kind !== "held") return { accepted: 0, cancel: seen.kind === "cancelled", unavailable: null };
  const context = await openRun(parts, seen.run, upload.lease);
  return await inTransaction(parts.database, async (transaction) => {
    // As for pages that are read here: losing the last upload together with its checkpoint is noticed and harmless.
    await transaction.query("set local synchronous_commit = off");
    const { kind, run } = await holdRun(transaction, runner, runId, upload.lease);
    if (kind !== "held") return { accepted: 0, cancel: kind === "cancelled", unavailable: null };
    const saved = uploadOf(parseRunCheckpoint(run.checkpoint));
    if (saved === null) throw outOfStep(runId);
    if (upload.number <= saved.upload.number) return answer(saved.upload);
    if (upload.number !== saved.upload.number + 1 || !(await isCurrent(transaction, context, saved))) {
      throw outOfStep(runId);
    }
    const next = await stage(transaction, context, saved, upload);
    await saveCheckpoint(transaction, runId, upload.lease, {
      stage: "fetching",
      checkpoint: next.checkpoint,
      progress: readingProgress(context.streams, next.checkpoint, {
        startedAt: run.progress.startedAt ?? context.startedAt.toISOString(),
        startedAtRecords: run.progress.startedAtRecords ?? 0,
      }),
    });
    return answer(next.upload);
  });
}

type Saved = { readonly checkpoint: RunCheckpoint; readonly upload: UploadProgress };

async function stage(transaction: Transaction, context: RunContext, saved: Saved, upload: Upload): Promise<Saved> {
  const { checkpoint, upload: before } = saved;
  const reading = structuredClone(checkpoint.reading);
  const scope = readingScope(context, reading);
  const unavailable = before.unavailable === null ? null : new Set(before.unavailable);
  const pages = upload.pages.map((page) => takePage(context, scope, page, unavailable));
  const prepared = await prepareMapped(transaction, stageContext(context), pages);
  await writeBatch(transaction, context.tables, context.run.id, prepared);
  const after = await withUnavailable(transaction, context, reading, { ...before, number: upload.number });
  const next: RunCheckpoint = {
    revision: checkpoint.revision,
    reading,
    staged: {
      records: checkpoint.staged.records + prepared.records.length,
      joined: checkpoint.staged.joined + prepared.joined.length,
    },
    fetched: checkpoint.fetched + prepared.fetched,
    pages: checkpoint.pages + pages.length,
    fieldProblems: checkpoint.fieldProblems + prepared.fieldProblems,
    upload: after,
  };
  return { checkpoint: next, upload: after };
}

/** Whether the stage and the settings are those that the earlier uploads were made for; a crash of the database empties the stage. */
async function isCurrent(
  transaction: Transaction,
  context: RunContext,
  { checkpoint, upload }: Saved,
): Promise<boolean> {
  const { tables } = context;
  if (upload.settings !== settingsDigest(context) || !(await stageExists(transaction, tables))) return false;
  const { records, joined } = await one<{ records: boolean; joined: boolean }>(
    transaction,
    `select exists (select from ${tables.record}) as records, exists (select from ${tables.joined}) as joined`,
  );
  return records === checkpoint.staged.records > 0 && joined === checkpoint.staged.joined > 0;
}

function answer({ number, unavailable }: UploadProgress): UploadAnswer {
  return { accepted: number, cancel: false, unavailable: unavailable === null ? null : [...unavailable] };
}

function outOfStep(runId: string): ProductError {
  return new ProductError(
    "runner.out_of_step",
    `The upload does not follow from what is there of run ${runId}, or its settings were changed. Give the run back and ask for it again.`,
    { details: { runId } },
  );
}
