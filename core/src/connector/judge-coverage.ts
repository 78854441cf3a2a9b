import type { Gap, GapCode, GapDetail } from "./gaps.ts";
import type { EndEvidence, ListingState } from "./listing-state.ts";
import type { StreamPlan } from "./plan-streams.ts";

/** One listing of a stream: what paging found, and what only the stage can count. `parent` null: read once. */
export type ListingReport = {
  readonly parent: string | null;
  readonly state: ListingState;
  /** Rows beyond the first with the same key in this listing. The same key in two listings is not a gap. */
  readonly duplicateRows: number;
  readonly recordsWithoutKey: number;
};

export type StreamReport = {
  readonly plan: StreamPlan;
  /** How many listings there had to be: 1, or the number of parents found or named. */
  readonly expectedListings: number;
  /** Parents asked for by the operator but not found, or found but without a readable value. */
  readonly unreadableParents: number;
  readonly listings: readonly ListingReport[];
};

export type CoverageEvidence = {
  readonly streams: readonly StreamReport[];
  /** The integration's known active records. */
  readonly knownActive: number;
  /** The operator said that an account without users is expected. */
  readonly expectEmpty: boolean;
  readonly cancelled: boolean;
};

export type ListingProof = { readonly stream: string; readonly parent: string | null; readonly evidence: EndEvidence };

declare const judged: unique symbol;
/** Every listing ended with proof. Only judgeCoverage makes one: connector data and hooks cannot, by type. */
export type CompleteCoverage = {
  readonly kind: "complete";
  readonly listings: readonly ListingProof[];
  readonly [judged]: true;
};
export type IncompleteCoverage = { readonly kind: "incomplete"; readonly gaps: readonly [Gap, ...Gap[]] };
export type Coverage = CompleteCoverage | IncompleteCoverage;

/** Decides from the evidence of every listing whether the run saw everybody. Absence counts only in a complete coverage. */
export function judgeCoverage(evidence: CoverageEvidence): Coverage {
  const gaps = [
    ...(evidence.cancelled ? [gap("run.cancelled", null, null, {})] : []),
    ...usersWereListed(evidence),
    ...evidence.streams.flatMap((stream) => judgeStream(stream, evidence)),
  ];
  const [first, ...others] = gaps;
  if (first !== undefined) return { kind: "incomplete", gaps: [first, ...others] };
  const listings = evidence.streams.flatMap(({ plan, listings }) =>
    listings.flatMap(({ parent, state }) =>
      state.outcome?.kind === "end" ? [{ stream: plan.name, parent, evidence: state.outcome.evidence }] : [],
    ),
  );
  return { kind: "complete", listings } as unknown as CompleteCoverage;
}

/** The gaps of one stream, for decisions before the end of a run: may the values joined from it be used? */
export function judgeStream(
  stream: StreamReport,
  context: Pick<CoverageEvidence, "expectEmpty" | "knownActive">,
): readonly Gap[] {
  const { name } = stream.plan;
  const parents = new Set(stream.listings.map((listing) => listing.parent));
  const unread = stream.expectedListings - parents.size;
  return [
    ...(stream.unreadableParents > 0
      ? [gap("parent.unreadable", name, null, { parents: stream.unreadableParents })]
      : []),
    ...(unread > 0 ? [gap("list.not_read", name, null, { listings: unread })] : []),
    ...stream.listings.flatMap((listing) => judgeListing(stream.plan, listing, context)),
  ];
}

/** The streams that have a gap, by name. */
export function incompleteStreams(coverage: Coverage): ReadonlySet<string> {
  return coverage.kind === "complete"
    ? new Set()
    : new Set(coverage.gaps.map((found) => found.stream).filter((stream) => stream !== null));
}

/** A run that listed no users proves nothing, however well its other listings ended. */
function usersWereListed(evidence: CoverageEvidence): readonly Gap[] {
  const users = evidence.streams.filter((stream) => stream.plan.primary);
  return users.some((stream) => stream.listings.length > 0)
    ? []
    : [gap("account.none_found", users[0]?.plan.name ?? null, null, {})];
}

function judgeListing(
  plan: StreamPlan,
  listing: ListingReport,
  context: Pick<CoverageEvidence, "expectEmpty" | "knownActive">,
): readonly Gap[] {
  const found: Gap[] = [];
  const add = (code: GapCode, detail: GapDetail): void => {
    found.push(gap(code, plan.name, listing.parent, detail));
  };
  const { state } = listing;
  for (const { code, detail } of state.gaps) add(code, detail);
  // A state that stopped without naming its gap, or never stopped, is as unproven as any other.
  if (state.gaps.length === 0 && state.outcome?.kind !== "end") add("list.unfinished", { pages: state.pages });
  if (state.emptyFirstPage && !plan.mayBeEmpty && !context.expectEmpty) {
    add("list.empty_first_page", plan.primary ? { knownActive: context.knownActive } : {});
  }
  if (listing.duplicateRows > 0) add("paging.duplicate_rows", { rows: listing.duplicateRows });
  if (listing.recordsWithoutKey > 0) add("record.without_key", { records: listing.recordsWithoutKey });
  return found;
}

function gap(code: GapCode, stream: string | null, parent: string | null, detail: GapDetail): Gap {
  return { code, stream, parent, detail };
}
