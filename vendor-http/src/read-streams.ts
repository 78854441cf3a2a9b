import type { DecodedRecord } from "@rollcall/core/connector/decode-page.ts";
import { type JoinedRow, readJoinedRow } from "@rollcall/core/connector/join-records.ts";
import type { StreamPlan } from "@rollcall/core/connector/plan-streams.ts";
import type { ProductError } from "@rollcall/core/errors.ts";
import { type AskVendor, fetchListing, type PageAnswer } from "./fetch-listing.ts";
import type { ListingProgress } from "./read-checkpoint.ts";
import { addParents, type FoundParents, findParents, openListing, type ReadScope } from "./reading-progress.ts";

/** The scope's checkpoint moves on with every page yielded; save a copy of it together with the page. */
export type ReadOptions = ReadScope & {
  readonly ask: AskVendor;
  readonly concurrent: number;
  /** Called, and awaited, after the last page of a stream was taken, while the checkpoint knows nothing of the next stream yet. */
  readonly streamEnded?: () => Promise<void>;
  readonly signal: AbortSignal;
};

export type GoodRecord = DecodedRecord & { readonly kind: "record" };
export type BadRecord = DecodedRecord & { readonly kind: "rejected" };

/** One page as a run needs it: users of the primary stream, or rows that other streams contribute. */
export type ReadPage = {
  readonly stream: string;
  readonly listing: ListingProgress;
  readonly users: readonly GoodRecord[];
  /** One for every record of another stream: with a user's key where it is joined to one, else only to count copies. */
  readonly rows: readonly OtherRow[];
  readonly rejected: readonly BadRecord[];
  readonly failure: ProductError | null;
  /** Every record of the page in order, and what else its listing's state follows from. */
  readonly decoded: readonly DecodedRecord[];
  readonly answer: PageAnswer | null;
  readonly parents: Readonly<Record<string, FoundParents>>;
};

export type OtherRow = {
  readonly key: string;
  readonly join: string | null;
  readonly userKey: string;
  readonly row: JoinedRow;
};

/**
 * Reads every stream of the plan, page by page, from the checkpoint on. A listing that fails becomes a gap and the next one is
 * read; a refused credential ends the reading, since every other listing would be refused too.
 *
 * @throws the signal's reason
 */
export async function* readStreams(options: ReadOptions): AsyncGenerator<ReadPage> {
  for (const plan of options.plan) {
    for (let open = openListing(options, plan); open !== null; open = openListing(options, plan)) {
      const { listing } = open;
      const pages = fetchListing({ ...options, stream: plan.name, parent: listing.parent }, listing.state);
      for await (const { state, records, failure, answer } of pages) {
        listing.state = state;
        const read = takeApart(options, plan, records);
        listing.recordsWithoutKey += read.rejected.length;
        const parents = findParents(options, plan.name, records);
        addParents(options, parents);
        yield { stream: plan.name, listing, ...read, failure, decoded: records, answer, parents };
        if (failure?.code === "vendor.unauthorized") return;
      }
    }
    await options.streamEnded?.();
  }
}

function takeApart({ manifest }: ReadOptions, plan: StreamPlan, records: readonly DecodedRecord[]) {
  const rejected = records.filter((record) => record.kind === "rejected");
  const good = records.filter((record) => record.kind === "record");
  if (plan.primary) return { users: good, rows: [], rejected };

  const joins = Object.entries(manifest.joins).filter(([, join]) => join.stream === plan.name);
  const rows: OtherRow[] = [];
  for (const { key, pointer, record } of good) {
    if (joins.length === 0) rows.push({ key, join: null, userKey: "", row: {} });
    for (const [name, join] of joins) {
      const joined = readJoinedRow(join, record);
      if (joined.kind === "row") rows.push({ key, join: name, userKey: joined.key, row: joined.row });
      else rejected.push({ ...joined, kind: "rejected", key: null, pointer: `${pointer}${joined.pointer}` });
    }
  }
  return { users: [], rows, rejected };
}
