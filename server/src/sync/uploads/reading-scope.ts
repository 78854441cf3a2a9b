import { createHash } from "node:crypto";
import type { ReadCheckpoint } from "@rollcall/vendor-http/read-checkpoint.ts";
import { nextListing, type ReadScope } from "@rollcall/vendor-http/reading-progress.ts";
import type { Queryable } from "../../postgres/database.ts";
import { findUnreadFields, maxPages } from "../fetch-into-stage.ts";
import type { RunCheckpoint, UploadProgress } from "../run-checkpoint.ts";
import type { RunContext } from "../run-context.ts";

/** The reading of a run, by which the server judges what a runner reads. `checkpoint` is moved on. */
export function readingScope({ manifest, settings, streams }: RunContext, checkpoint: ReadCheckpoint): ReadScope {
  return { manifest, inputs: settings.inputs, plan: streams, maxPages, checkpoint };
}

/** Of everything that a runner is told to do. */
export function settingsDigest({ settings, manifest, streams }: RunContext): string {
  const { revision, inputs, mode, mapping, filter, targetFields } = settings;
  return createHash("sha256")
    .update(JSON.stringify([revision, inputs, mode, mapping, filter, targetFields, manifest, streams]))
    .digest("base64url");
}

/** What is to be left alone of the users, once it is their turn. */
export async function withUnavailable(
  on: Queryable,
  context: RunContext,
  reading: ReadCheckpoint,
  upload: UploadProgress,
): Promise<UploadProgress> {
  const due = nextListing(readingScope(context, structuredClone(reading)));
  if (upload.unavailable !== null || (due !== null && !due.plan.primary)) return upload;
  const unread = await findUnreadFields(on, context, context.streams, reading);
  return { ...upload, unavailable: [...unread] };
}

/** @returns the checkpoint's upload, which every run that a runner reads has once it was claimed */
export function uploadOf(
  checkpoint: RunCheckpoint | null,
): { checkpoint: RunCheckpoint; upload: UploadProgress } | null {
  return checkpoint?.upload === undefined ? null : { checkpoint, upload: checkpoint.upload };
}
