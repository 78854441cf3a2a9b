import { type DecodedRecord, decodePage, type VendorRecord } from "./decode-page.ts";
import { fingerprintKeys } from "./fingerprint-keys.ts";
import { type JoinedRow, joinRecord, readJoinedRow, unreadFields } from "./join-records.ts";
import {
  type Coverage,
  incompleteStreams,
  judgeCoverage,
  type ListingReport,
  type StreamReport,
} from "./judge-coverage.ts";
import type { Manifest } from "./manifest.ts";
import type { InputValues } from "./manifest-inputs.ts";
import type { Stream } from "./manifest-streams.ts";
import { advanceListing, failListing, startListing } from "./paginate.ts";
import { planStreams, type StreamPlan } from "./plan-streams.ts";
import { inputValue, type ResolvedRequest, resolveNumber, resolveRequest } from "./resolve-request.ts";
import { missingParents, namedParents, parentValue } from "./select-parents.ts";

/** An answer as it is on a recording; null stands for a page that is not there and reads as a failed one. */
export type AnsweredPage = { readonly status: number; readonly body: unknown } | null;
export type Answer = (request: ResolvedRequest) => AnsweredPage;

export type WalkSettings = { readonly maxPages: number; readonly knownActive: number };

export type RejectedRecord = {
  readonly stream: string;
  readonly pointer: string;
  readonly expected: string;
  readonly found: string;
};

/** Everything a connector reads, in memory: joined user records in the order they came, and how complete they are. */
export type Walk = {
  readonly users: readonly { readonly key: string; readonly record: VendorRecord }[];
  readonly rejected: readonly RejectedRecord[];
  /** Ids of fields to leave alone, as mapRecord takes them. */
  readonly unavailable: ReadonlySet<string>;
  readonly coverage: Coverage;
  /** Every request made, in order. */
  readonly requests: readonly { readonly stream: string; readonly url: string }[];
};

/**
 * The reference of what a run does with a connector: all streams, in order, each page from `answer`. It keeps
 * everything in memory, so it is for recordings and previews; a run does the same steps page by page with a stage.
 */
export function walkStreams(manifest: Manifest, inputs: InputValues, answer: Answer, settings: WalkSettings): Walk {
  const read = new Map<string, StreamReading>();
  const requests: { stream: string; url: string }[] = [];
  for (const plan of planStreams(manifest, inputs)) {
    const noting: Answer = (request) => {
      requests.push({ stream: plan.name, url: request.url });
      return answer(request);
    };
    const context = { manifest, inputs, settings, answer: noting };
    read.set(plan.name, readStream(context, plan, read.get(plan.parent ?? "")?.records ?? []));
  }
  const streams = [...read.values()].map((reading) => reading.report);
  const expectEmpty = manifest.expectEmpty !== undefined && inputValue(manifest.expectEmpty, inputs) === true;
  const coverage = judgeCoverage({ streams, knownActive: settings.knownActive, expectEmpty, cancelled: false });
  const rows = joinedRows(manifest, read);
  return {
    users: (read.get(manifest.users)?.records ?? []).map(({ key, record }) => ({
      key,
      record: joinRecord(manifest, inputs, record, rowsOf(rows, key)),
    })),
    rejected: [...read.values()].flatMap((reading) => reading.rejected),
    unavailable: unreadFields(manifest, incompleteStreams(coverage)),
    coverage,
    requests,
  };
}

type Context = {
  readonly manifest: Manifest;
  readonly inputs: InputValues;
  readonly settings: WalkSettings;
  readonly answer: Answer;
};
type GoodRecord = DecodedRecord & { readonly kind: "record" };
type StreamReading = {
  readonly report: StreamReport;
  readonly records: readonly GoodRecord[];
  readonly rejected: readonly RejectedRecord[];
};

function readStream(context: Context, plan: StreamPlan, parentRecords: readonly GoodRecord[]): StreamReading {
  const stream = context.manifest.streams[plan.name];
  if (stream === undefined) throw new Error(`The plan names the stream ${plan.name}, which the manifest lacks.`);
  const { parents, unreadableParents } = findParents(stream, context.inputs, parentRecords);
  const listings = parents.map((parent) => readListing(context, plan.name, stream, parent));
  return {
    report: {
      plan,
      expectedListings: parents.length,
      unreadableParents,
      listings: listings.map((listing) => listing.report),
    },
    records: listings.flatMap((listing) => listing.records),
    rejected: listings.flatMap((listing) => listing.rejected),
  };
}

function findParents(
  stream: Stream,
  inputs: InputValues,
  parentRecords: readonly GoodRecord[],
): { readonly parents: readonly (string | null)[]; readonly unreadableParents: number } {
  const { forEach } = stream;
  if (forEach === undefined) return { parents: [null], unreadableParents: 0 };
  const named = namedParents(forEach, inputs);
  if (named !== null) return { parents: named, unreadableParents: 0 };
  const found = parentRecords.map(({ record }) => parentValue(forEach, inputs, record));
  const values = new Set(found.flatMap((parent) => (parent.kind === "value" ? [parent.value] : [])));
  const unreadable = found.filter((parent) => parent.kind === "unreadable").length;
  return { parents: [...values], unreadableParents: unreadable + missingParents(forEach, inputs, values).length };
}

function readListing(context: Context, name: string, stream: Stream, parent: string | null) {
  const { manifest, inputs, settings } = context;
  const { pagination } = stream;
  const size = "size" in pagination && pagination.size !== undefined ? resolveNumber(pagination.size, inputs) : null;
  let state = startListing(pagination, { size, maxPages: settings.maxPages });
  const records: GoodRecord[] = [];
  const rejected: RejectedRecord[] = [];
  while (state.outcome === null) {
    const request = resolveRequest(manifest, name, { inputs, parent }, state.due);
    const page = context.answer(request);
    if (page === null) {
      state = failListing(state, "page.failed", { page: state.pages + 1 }).state;
      continue;
    }
    const decoded = decodePage(stream, page.body);
    const found = decoded.kind === "records" ? decoded.records : [];
    const facts = {
      status: page.status,
      url: request.url,
      body: page.body,
      recordCount: decoded.kind === "records" ? found.length : null,
      keysFingerprint: fingerprintKeys(found.map((record) => record.key)),
    };
    state = advanceListing(pagination, state, facts).state;
    for (const record of found) {
      if (record.kind === "record") records.push(record);
      else rejected.push({ stream: name, pointer: record.pointer, expected: record.expected, found: record.found });
    }
  }
  const joins = Object.values(manifest.joins).filter((join) => join.stream === name);
  const unjoined = records.flatMap(({ record, pointer }) =>
    joins.flatMap((join) => {
      const row = readJoinedRow(join, record);
      return row.kind === "rejected" ? [{ stream: name, ...row, pointer: `${pointer}${row.pointer}` }] : [];
    }),
  );
  const report: ListingReport = {
    parent,
    state,
    duplicateRows: records.length - new Set(records.map((record) => record.key)).size,
    recordsWithoutKey: rejected.length + unjoined.length,
  };
  return { report, records, rejected: [...rejected, ...unjoined] };
}

/** Rows by join, then by the user's key. */
function joinedRows(
  manifest: Manifest,
  read: ReadonlyMap<string, StreamReading>,
): ReadonlyMap<string, ReadonlyMap<string, readonly JoinedRow[]>> {
  return new Map(
    Object.entries(manifest.joins).map(([name, join]) => {
      const byKey = new Map<string, JoinedRow[]>();
      for (const { record } of read.get(join.stream)?.records ?? []) {
        const joined = readJoinedRow(join, record);
        if (joined.kind === "rejected") continue;
        const rows = byKey.get(joined.key);
        if (rows === undefined) byKey.set(joined.key, [joined.row]);
        else rows.push(joined.row);
      }
      return [name, byKey];
    }),
  );
}

function rowsOf(rows: ReadonlyMap<string, ReadonlyMap<string, readonly JoinedRow[]>>, key: string) {
  return Object.fromEntries([...rows].map(([name, byKey]) => [name, byKey.get(key) ?? []]));
}
