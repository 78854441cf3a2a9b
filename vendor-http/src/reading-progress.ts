import type { DecodedRecord } from "@rollcall/core/connector/decode-page.ts";
import type { StreamReport } from "@rollcall/core/connector/judge-coverage.ts";
import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import type { Stream } from "@rollcall/core/connector/manifest-streams.ts";
import { startListing } from "@rollcall/core/connector/paginate.ts";
import type { StreamPlan } from "@rollcall/core/connector/plan-streams.ts";
import { resolveNumber } from "@rollcall/core/connector/resolve-request.ts";
import { missingParents, namedParents, parentValue } from "@rollcall/core/connector/select-parents.ts";
import type { ListingProgress, ReadCheckpoint, StreamProgress } from "./read-checkpoint.ts";

/** A reading and how far it is. Who reads and who only judges what was read move it on by the same steps. */
export type ReadScope = {
  readonly manifest: Manifest;
  readonly inputs: InputValues;
  /** What to read, in order (core's `planStreams`). */
  readonly plan: readonly StreamPlan[];
  readonly maxPages: number;
  readonly checkpoint: ReadCheckpoint;
};

export type OpenListing = {
  readonly plan: StreamPlan;
  readonly stream: Stream;
  readonly listing: ListingProgress;
};

/** Values to read a stream for, as records of its parent gave them. */
export type FoundParents = { readonly values: readonly string[]; readonly unreadable: number };

/** The listing to go on with, begun if need be; null when every stream of the plan was read. */
export function nextListing(scope: ReadScope): OpenListing | null {
  for (const plan of scope.plan) {
    const open = openListing(scope, plan);
    if (open !== null) return open;
  }
  return null;
}

/** The same of one stream, whose turn has come. */
export function openListing(scope: ReadScope, plan: StreamPlan): OpenListing | null {
  const stream = scope.manifest.streams[plan.name];
  if (stream === undefined) throw new Error(`The plan names the stream ${plan.name}, which the manifest lacks.`);
  const progress = enterStream(scope, plan.name, stream);
  for (const [index, parent] of (progress.parents ?? []).entries()) {
    progress.listings[index] ??= beginListing(scope, stream, parent);
    const listing = progress.listings[index];
    if (listing !== undefined && listing.state.outcome === null) return { plan, stream, listing };
  }
  return null;
}

/** What the records of a stream say about the streams that are read for each of them, by stream. */
export function findParents(
  { manifest, inputs, plan }: ReadScope,
  name: string,
  records: readonly DecodedRecord[],
): Readonly<Record<string, FoundParents>> {
  const children = plan.filter((child) => child.parent === name);
  const found = children.flatMap((child) => {
    const forEach = manifest.streams[child.name]?.forEach;
    if (forEach === undefined) return [];
    const values = new Set<string>();
    let unreadable = 0;
    for (const decoded of records) {
      const parent =
        decoded.kind === "record" ? parentValue(forEach, inputs, decoded.record) : ({ kind: "unreadable" } as const);
      if (parent.kind === "unreadable") unreadable += 1;
      else if (parent.kind === "value") values.add(parent.value);
    }
    return [[child.name, { values: [...values], unreadable }] as const];
  });
  return Object.fromEntries(found);
}

/** Remembers what a page of a parent stream said. */
export function addParents({ checkpoint }: ReadScope, found: Readonly<Record<string, FoundParents>>): void {
  for (const [child, { values, unreadable }] of Object.entries(found)) {
    const progress = checkpoint.streams[child] ?? newProgress();
    checkpoint.streams[child] = progress;
    progress.parents ??= [];
    progress.unreadableParents += unreadable;
    for (const value of values) if (!progress.parents.includes(value)) progress.parents.push(value);
  }
}

/** Has these streams read once more from the start, under the same numbers. */
export function restartStreams({ manifest, inputs, maxPages, checkpoint }: ReadScope, names: readonly string[]): void {
  for (const name of names) {
    const stream = manifest.streams[name];
    const progress = checkpoint.streams[name];
    if (stream === undefined || progress === undefined) continue;
    for (const listing of progress.listings) {
      listing.state = firstState(stream, inputs, maxPages);
      listing.recordsWithoutKey = 0;
    }
  }
}

/** The evidence of a reading so far; only a stage can count copies, so `duplicateRows` says how many a listing had. */
export function streamReports(
  plan: readonly StreamPlan[],
  checkpoint: ReadCheckpoint,
  duplicateRows: ReadonlyMap<number, number>,
): readonly StreamReport[] {
  return plan.map((stream) => {
    const progress = checkpoint.streams[stream.name];
    return {
      plan: stream,
      expectedListings: progress?.parents?.length ?? 1,
      unreadableParents: progress?.unreadableParents ?? 0,
      listings: (progress?.listings ?? []).map(({ number, parent, state, recordsWithoutKey }) => ({
        parent,
        state,
        recordsWithoutKey,
        duplicateRows: duplicateRows.get(number) ?? 0,
      })),
    };
  });
}

/** Settles, when the stream's turn comes, what it is read for. */
function enterStream({ checkpoint, inputs }: ReadScope, name: string, stream: Stream): StreamProgress {
  const progress = checkpoint.streams[name] ?? newProgress();
  checkpoint.streams[name] = progress;
  if (progress.entered || progress.listings.length > 0) return progress;
  progress.entered = true;
  const { forEach } = stream;
  if (forEach === undefined) {
    progress.parents ??= [null];
    return progress;
  }
  const named = namedParents(forEach, inputs);
  if (named !== null) {
    progress.parents = [...named];
    return progress;
  }
  progress.parents ??= [];
  const found = new Set(progress.parents.filter((parent) => parent !== null));
  progress.unreadableParents += missingParents(forEach, inputs, found).length;
  return progress;
}

function newProgress(): StreamProgress {
  return { parents: null, unreadableParents: 0, entered: false, listings: [] };
}

function beginListing(
  { checkpoint, inputs, maxPages }: ReadScope,
  stream: Stream,
  parent: string | null,
): ListingProgress {
  const number = Object.values(checkpoint.streams).reduce((sum, { listings }) => sum + listings.length, 0);
  return { number, parent, state: firstState(stream, inputs, maxPages), recordsWithoutKey: 0 };
}

function firstState({ pagination }: Stream, inputs: InputValues, maxPages: number): ListingProgress["state"] {
  const size = "size" in pagination && pagination.size !== undefined ? resolveNumber(pagination.size, inputs) : null;
  return startListing(pagination, { size, maxPages });
}
