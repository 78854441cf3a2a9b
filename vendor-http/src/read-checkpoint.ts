import { type ListingState, readListingState } from "@rollcall/core/connector/listing-state.ts";
import { z } from "zod";

/**
 * Where reading a vendor stands: plain JSON, saved with every batch of records, from which another process goes on. It grows
 * with the number of listings (sites, accounts), not with the number of records.
 */
export type ReadCheckpoint = { readonly streams: Record<string, StreamProgress> };

export type StreamProgress = {
  /** What the stream is read for, once known: the parents' values, or one null for a stream read once. */
  parents: (string | null)[] | null;
  unreadableParents: number;
  /** Its turn has come, so that what it is read for is settled. */
  entered: boolean;
  listings: ListingProgress[];
};

export type ListingProgress = {
  /** Counted over all streams, from 0; rows of a stage name their listing by it. */
  readonly number: number;
  readonly parent: string | null;
  state: ListingState;
  recordsWithoutKey: number;
};

const checkpointSchema = z.strictObject({
  streams: z.record(
    z.string(),
    z.strictObject({
      parents: z.array(z.string().nullable()).nullable(),
      unreadableParents: z.int(),
      // A checkpoint of an earlier version does not say it; its listings then do.
      entered: z.boolean().default(false),
      listings: z.array(
        z.strictObject({
          number: z.int(),
          parent: z.string().nullable(),
          state: z.unknown().transform(readListingState),
          recordsWithoutKey: z.int(),
        }),
      ),
    }),
  ),
});

/** Reads a checkpoint back from storage. */
export function parseReadCheckpoint(stored: unknown): ReadCheckpoint {
  return checkpointSchema.parse(stored);
}

export function newReadCheckpoint(): ReadCheckpoint {
  return { streams: {} };
}
