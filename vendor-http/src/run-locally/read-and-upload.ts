import { type UploadAnswer, uploadLimits } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { AskVendor } from "../fetch-listing.ts";
import { type ReadPage, readStreams } from "../read-streams.ts";
import type { JoinedRowsStore } from "./joined-rows-store.ts";
import type { LocalWork } from "./parse-work.ts";
import { uploadPage } from "./upload-page.ts";

export type LocalReading = {
  readonly work: LocalWork;
  readonly ask: AskVendor;
  readonly concurrent: number;
  readonly rows: JoinedRowsStore;
  /** Sends upload `number`, the pages as JSON; resolves when the server has it. */
  readonly send: (number: number, pages: readonly string[]) => Promise<UploadAnswer>;
  readonly progress: (facts: ReadingProgress) => void;
  readonly signal: AbortSignal;
};

export type ReadingProgress = {
  readonly stream: string;
  readonly pages: number;
  readonly records: number;
  readonly total: number | null;
};

export type ReadingEnd = { readonly kind: "read"; readonly accepted: number } | { readonly kind: "cancelled" };

const batchRecords = 2_000;
const batchBytes = 1024 * 1024;
const batchMilliseconds = 1_000;

/**
 * Reads the vendor from where the server has the run, maps here, and uploads in batches; while one batch is on its way the next pages
 * are read. An upload holds pages of one stream, and users are mapped after the server has judged the streams they are joined with.
 *
 * @throws the signal's reason; what `send` rejects with; `vendor.response_too_large`, `connector.unresolved`
 */
export async function readAndUpload(reading: LocalReading): Promise<ReadingEnd> {
  const { work, rows, signal } = reading;
  let { accepted, unavailable } = work;
  let cancelled = false;
  let sending: Promise<void> = Promise.resolve();
  let batch = newBatch();
  let pages = 0;
  let records = 0;

  const flush = async (): Promise<void> => {
    const current = batch;
    batch = newBatch();
    await sending;
    if (current.pages.length === 0) return;
    sending = reading.send(accepted + 1, current.pages).then((answer) => {
      accepted += 1;
      cancelled = answer.cancel;
      unavailable = answer.unavailable === null ? null : new Set(answer.unavailable);
    });
    // Awaited at the next flush; until then a failure must not count as unhandled.
    sending.catch(() => undefined);
  };
  const settle = async (): Promise<void> => {
    await flush();
    await sending;
  };

  const found = readStreams({
    manifest: work.manifest,
    inputs: work.inputs,
    plan: work.plan,
    ask: reading.ask,
    concurrent: reading.concurrent,
    maxPages: work.maxPages,
    checkpoint: structuredClone(work.reading),
    streamEnded: settle,
    signal,
  });
  for await (const page of found) {
    if (cancelled) return { kind: "cancelled" };
    const text = JSON.stringify(makeReady(reading, page, unavailable));
    if (text.length > uploadLimits.bytes / 4) refuseTooLarge(page, text);
    if (batch.bytes + text.length > batchBytes) await flush();
    if (page.rows.length > 0 || page.stream !== work.manifest.users) {
      rows.keep(page.listing.number, page.listing.state.pages, page.rows);
    }
    batch.pages.push(text);
    batch.bytes += text.length;
    batch.records += page.decoded.length;
    pages += 1;
    records += page.users.length;
    reading.progress({ stream: page.stream, pages, records, total: page.listing.state.total });
    if (batch.records >= batchRecords || performance.now() - batch.began > batchMilliseconds) await flush();
  }
  await settle();
  return cancelled ? { kind: "cancelled" } : { kind: "read", accepted };
}

function newBatch() {
  return { pages: [] as string[], bytes: 0, records: 0, began: performance.now() };
}

function makeReady({ work, rows }: LocalReading, page: ReadPage, unavailable: ReadonlySet<string> | null) {
  if (page.stream === work.manifest.users && unavailable === null) {
    throw new ProductError("runner.out_of_step", "The server did not say which fields of the users were read.");
  }
  return uploadPage(work, page, rows.find, unavailable ?? new Set());
}

/** Characters are at most three bytes each in UTF-8. */
function refuseTooLarge(page: ReadPage, text: string): void {
  if (Buffer.byteLength(text) < uploadLimits.bytes - 1024) return;
  throw new ProductError(
    "vendor.response_too_large",
    `A page of ${page.stream} with ${page.decoded.length} records is larger than an upload. Lower the page size of the integration.`,
  );
}
