import { parseReadCheckpoint, type ReadCheckpoint } from "@rollcall/vendor-http/read-checkpoint.ts";
import { z } from "zod";

/** From where another worker goes on with a run; saved in the same transaction as the rows it claims to be staged. */
export type RunCheckpoint = {
  /** Revision of the integration that the staged rows were mapped with. */
  readonly revision: number;
  readonly reading: ReadCheckpoint;
  readonly staged: { readonly records: number; readonly joined: number };
  /** Users fetched, those without a readable key included. */
  readonly fetched: number;
  readonly pages: number;
  readonly fieldProblems: number;
  /** Only of a run that a runner reads. */
  readonly upload?: UploadProgress | undefined;
};

export type UploadProgress = {
  /** Of the last upload that is part of this checkpoint. */
  readonly number: number;
  /** Digest of what the runner was told to do; another one now means that it has to be done anew. */
  readonly settings: string;
  /** In which attempt the joined streams were begun; the runner keeps their rows. */
  readonly generation: number;
  /** Fields to leave alone; null until the users are due. */
  readonly unavailable: readonly string[] | null;
};

const runCheckpointSchema = z.strictObject({
  revision: z.int(),
  reading: z.unknown().transform(parseReadCheckpoint),
  staged: z.strictObject({ records: z.int(), joined: z.int() }),
  fetched: z.int(),
  pages: z.int(),
  fieldProblems: z.int(),
  upload: z
    .strictObject({
      number: z.int(),
      settings: z.string(),
      generation: z.int(),
      unavailable: z.array(z.string()).nullable(),
    })
    .optional(),
});

/** Null when the run has none yet. */
export function parseRunCheckpoint(stored: unknown): RunCheckpoint | null {
  return stored === null || stored === undefined ? null : runCheckpointSchema.parse(stored);
}
