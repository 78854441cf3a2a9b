import { unreadFields } from "@rollcall/core/connector/join-records.ts";
import { judgeStream } from "@rollcall/core/connector/judge-coverage.ts";
import type { StreamPlan } from "@rollcall/core/connector/plan-streams.ts";
import type { ProductError } from "@rollcall/core/errors.ts";
import { type ReadPage, readStreams } from "@rollcall/vendor-http/read-streams.ts";
import { streamReports } from "@rollcall/vendor-http/reading-progress.ts";
import type { RunProgress } from "../features/runs/run-row.ts";
import { assertLease, saveCheckpoint } from "../features/runs/run-store.ts";
import type { Database, Queryable } from "../postgres/database.ts";
import { rows } from "../postgres/query.ts";
import { inTransaction } from "../postgres/transaction.ts";
import type { VendorSession } from "./open-vendor-session.ts";
import type { RunCheckpoint } from "./run-checkpoint.ts";
import { prepareBatch, type StageContext, writeBatch } from "./stage-batch.ts";
import type { StageTables } from "./stage-tables.ts";

export type FetchContext = {
  readonly database: Database;
  readonly runId: string;
  readonly lease: string;
  readonly session: VendorSession;
  readonly plan: readonly StreamPlan[];
  readonly stage: StageContext;
  /** When set, only these users are staged. */
  readonly onlyKeys: ReadonlySet<string> | null;
  readonly startedAt: Date;
};

export type Fetched = { readonly checkpoint: RunCheckpoint; readonly failures: readonly ProductError[] };

const batchRecords = 2_000;
const batchMilliseconds = 1_000;
export const maxPages = 1_000_000;

/**
 * Reads the vendor from the checkpoint on and stages everything in batches; while one batch is mapped and written, the next pages
 * are on their way. What was staged before a crash is not fetched again.
 */
export async function fetchIntoStage(
  context: FetchContext,
  from: RunCheckpoint,
  signal: AbortSignal,
): Promise<Fetched> {
  const { manifest, inputs } = context.stage;
  const reading = structuredClone(from.reading);
  const failures: ProductError[] = [];
  const pages = readStreams({
    manifest,
    inputs,
    plan: context.plan,
    ask: context.session.ask,
    concurrent: context.session.concurrent,
    maxPages,
    checkpoint: reading,
    // Users are joined with rows that are already staged, so a batch never spans two streams; and a page of the next stream that
    // was asked for before this batch is saved would count as staged.
    streamEnded: async () => {
      if (batch.length > 0) await flush();
    },
    signal,
  });

  let done = from;
  // Other streams are read before the users and joined to them, so what is known of them by the first user stays true.
  let unread: Promise<ReadonlySet<string>> | undefined;
  let writing: Promise<void> = Promise.resolve();
  let batch: ReadPage[] = [];
  let batched = 0;
  let batchBegan = performance.now();
  const rate = { startedAt: new Date().toISOString(), startedAtRecords: from.fetched };

  const flush = async (): Promise<void> => {
    const current = batch;
    const snapshot = structuredClone(reading);
    batch = [];
    batched = 0;
    batchBegan = performance.now();
    await writing;
    writing = stage(current, snapshot);
    // Awaited at the next flush; until then a failure must not count as unhandled.
    writing.catch(() => undefined);
  };
  const stage = async (current: readonly ReadPage[], snapshot: RunCheckpoint["reading"]): Promise<void> => {
    if (current.some((page) => page.users.length > 0))
      unread ??= findUnreadFields(context.database, context.stage, context.plan, snapshot);
    const prepared = await prepareBatch(context.database, context.stage, current, (await unread) ?? new Set());
    const next: RunCheckpoint = {
      revision: done.revision,
      reading: snapshot,
      staged: {
        records: done.staged.records + prepared.records.length,
        joined: done.staged.joined + prepared.joined.length,
      },
      fetched: done.fetched + prepared.fetched,
      pages: done.pages + current.length,
      fieldProblems: done.fieldProblems + prepared.fieldProblems,
    };
    await inTransaction(context.database, async (transaction) => {
      // Losing the last batch together with its checkpoint is harmless, so the commit need not wait for the disk.
      await transaction.query("set local synchronous_commit = off");
      await assertLease(transaction, context.runId, context.lease);
      await writeBatch(transaction, context.stage.tables, context.runId, prepared);
      await saveCheckpoint(transaction, context.runId, context.lease, {
        stage: "fetching",
        checkpoint: next,
        progress: readingProgress(context.plan, next, rate),
      });
    });
    done = next;
  };

  for await (const read of pages) {
    if (read.failure !== null) failures.push(read.failure);
    batch.push(only(context.onlyKeys, read));
    batched += read.users.length + read.rows.length;
    if (batched >= batchRecords || performance.now() - batchBegan > batchMilliseconds) await flush();
  }
  await flush();
  await writing;
  return { checkpoint: done, failures };
}

function only(keys: ReadonlySet<string> | null, page: ReadPage): ReadPage {
  return keys === null ? page : { ...page, users: page.users.filter((user) => keys.has(user.key)) };
}

/** Fields of streams with a gap. Streams are read in order, so those that users are joined with have been read by now. */
export async function findUnreadFields(
  on: Queryable,
  { manifest, tables }: Pick<StageContext, "manifest" | "tables">,
  plan: readonly StreamPlan[],
  reading: RunCheckpoint["reading"],
): Promise<ReadonlySet<string>> {
  const others = plan.filter((stream) => !stream.primary);
  if (others.length === 0) return new Set();
  const duplicates = await duplicateRows(on, tables);
  const incomplete = streamReports(others, reading, duplicates)
    .filter((report) => judgeStream(report, { expectEmpty: false, knownActive: 0 }).length > 0)
    .map((report) => report.plan.name);
  return unreadFields(manifest, new Set(incomplete));
}

/** Rows beyond the first with the same key in the same listing, by listing number. */
export async function duplicateRows(on: Queryable, tables: StageTables): Promise<ReadonlyMap<number, number>> {
  const found = await rows<{ listing: number; copies: number }>(
    on,
    `select listing, (count(*) - count(distinct key))::integer as copies from ${tables.record} group by listing
     having count(*) > count(distinct key)
     union all
     select listing, sum(copies - 1)::integer from (
       select listing, key, join_name, count(*) as copies from ${tables.joined} group by listing, key, join_name having count(*) > 1) j
     group by listing`,
  );
  return new Map(found.map(({ listing, copies }) => [listing, copies]));
}

/** How far a reading is, as it is shown. */
export function readingProgress(
  plan: readonly StreamPlan[],
  checkpoint: RunCheckpoint,
  rate: Pick<RunProgress, "startedAt" | "startedAtRecords">,
): RunProgress {
  const users = plan.find((stream) => stream.primary)?.name ?? "";
  const totals = (checkpoint.reading.streams[users]?.listings ?? []).map((listing) => listing.state.total);
  const known = totals.every((total) => total !== null) && totals.length > 0;
  return {
    pages: checkpoint.pages,
    records: checkpoint.fetched,
    expected: known ? totals.reduce<number>((sum, total) => sum + (total ?? 0), 0) : null,
    ...rate,
  };
}
