import { z } from "zod";
import { type GapCode, gapTable } from "./gaps.ts";

/**
 * Where a listing stands: plain JSON, stored as the run's checkpoint after every batch of pages. Its size does not grow
 * with the list: of the pages seen only the last few fingerprints and one anchor are kept (see remember-page.ts).
 */

const gapSchema = z.strictObject({
  code: z.enum(Object.keys(gapTable) as [GapCode, ...GapCode[]]),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const pageRequestSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("params"), params: z.record(z.string(), z.string()) }),
  z.strictObject({ kind: z.literal("url"), url: z.string() }),
]);
/** What asks for one page: query parameters to add to the stream's request, or a whole address the vendor gave. */
export type PageRequest = z.infer<typeof pageRequestSchema>;

const endSchema = z.strictObject({
  proof: z.enum(["no-more", "total-reached", "no-cursor", "no-link", "single-page"]),
  pages: z.int(),
  received: z.int(),
  total: z.int().nullable(),
  emptyFirstPage: z.boolean(),
  /** The size the vendor pages by, when it is smaller than what was asked for. */
  cappedTo: z.int().nullable(),
});

declare const proven: unique symbol;
/** Why a listing is known to have ended. Only advanceListing makes one; nothing else can, not even by accident. */
export type EndEvidence = Readonly<z.infer<typeof endSchema>> & { readonly [proven]: true };

const stateSchema = z.strictObject({
  due: pageRequestSchema,
  /** Page number or start index of the request due; 0 where the kind has none. */
  position: z.int(),
  pages: z.int().min(0),
  received: z.int().min(0),
  askedSize: z.int().nullable(),
  pageSize: z.int().nullable(),
  total: z.int().nullable(),
  emptyFirstPage: z.boolean(),
  maxPages: z.int().min(1),
  origin: z.string().nullable(),
  recent: z.array(z.string()),
  anchor: z.string().nullable(),
  gaps: z.array(gapSchema),
  outcome: z.union([
    z.null(),
    z.strictObject({ kind: z.literal("gap") }),
    z.strictObject({ kind: z.literal("end"), evidence: endSchema }),
  ]),
});

type StoredState = z.infer<typeof stateSchema>;

/** A listing under way (`outcome` null), ended with proof, or stopped by a gap. */
export type ListingState = Readonly<Omit<StoredState, "outcome">> & {
  readonly outcome: null | { readonly kind: "gap" } | { readonly kind: "end"; readonly evidence: EndEvidence };
};

/** Reads a checkpoint back from storage; the only door through which a state enters without having been computed here. */
export function readListingState(stored: unknown): ListingState {
  return stateSchema.parse(stored) as ListingState;
}

/** Marks evidence as proven; for advanceListing alone. */
export function proveEnd(evidence: z.infer<typeof endSchema>): EndEvidence {
  return evidence as EndEvidence;
}
