import { type DecodedRecord, decodePage } from "@rollcall/core/connector/decode-page.ts";
import { fingerprintKeys } from "@rollcall/core/connector/fingerprint-keys.ts";
import type { ListingState, PageRequest } from "@rollcall/core/connector/listing-state.ts";
import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import { pageEnvelope } from "@rollcall/core/connector/page-envelope.ts";
import { advanceListing, failListing, pagesAhead } from "@rollcall/core/connector/paginate.ts";
import { type ResolvedRequest, resolveRequest } from "@rollcall/core/connector/resolve-request.ts";
import { type ErrorCode, ProductError } from "@rollcall/core/errors.ts";

/** Sends one request with its credential; resolves with a 2xx answer's body, else rejects with a coded error. */
export type AskVendor = (request: ResolvedRequest, signal: AbortSignal) => Promise<{ status: number; body: unknown }>;

export type Listing = {
  readonly manifest: Manifest;
  readonly inputs: InputValues;
  readonly stream: string;
  readonly parent: string | null;
  readonly ask: AskVendor;
  /** Requests in flight at most. */
  readonly concurrent: number;
  readonly signal: AbortSignal;
};

/** A page taken apart. `failure` is set on the last one when the listing ends because the vendor could not be read. */
export type FetchedPage = {
  readonly state: ListingState;
  readonly records: readonly DecodedRecord[];
  readonly failure: ProductError | null;
  /** What the state follows from, beside the records' keys; null when there was no answer. */
  readonly answer: PageAnswer | null;
};

/** `listed` is false when the answer has no list of records. */
export type PageAnswer = { readonly status: number; readonly envelope: unknown; readonly listed: boolean };

/**
 * The pages of one listing from `state` on, in order, until its end or a gap. Where the vendor's total says that more pages
 * will follow, they are asked for ahead; an answer is used only if its request turns out to be the one due.
 *
 * @throws the signal's reason; never a coded error of the vendor, which becomes the listing's gap
 */
export async function* fetchListing(listing: Listing, from: ListingState): AsyncGenerator<FetchedPage> {
  const stream = listing.manifest.streams[listing.stream];
  if (stream === undefined) throw new Error(`The connector has no stream ${listing.stream}.`);
  const { pagination } = stream;
  using abandoned = abortOnDispose(listing.signal);
  const asked = new Map<string, Promise<Answer>>();
  const askFor = (page: PageRequest): Promise<Answer> => {
    const request = resolveRequest(listing.manifest, listing.stream, listing, page);
    const known = asked.get(request.url);
    if (known) return known;
    const answer = ask(listing, request, abandoned.signal);
    // What was asked for ahead may fail before anybody waits for it, and must not count as unhandled then.
    answer.catch(() => undefined);
    asked.set(request.url, answer);
    return answer;
  };

  let state = from;
  while (state.outcome === null) {
    const { due } = state;
    const answer = askFor(due);
    for (const page of pagesAhead(pagination, state, listing.concurrent - 1)) void askFor(page);
    const { url, body, status, failure } = await answer;
    listing.signal.throwIfAborted();
    asked.delete(url);
    if (failure !== null) {
      state = failPage(state, failure.code);
      yield { state, records: [], failure, answer: null };
      return;
    }
    const decoded = decodePage(stream, body);
    const records = decoded.kind === "records" ? decoded.records : [];
    ({ state } = advanceListing(pagination, state, {
      status,
      url,
      body,
      recordCount: decoded.kind === "records" ? records.length : null,
      keysFingerprint: fingerprintKeys(records.map((record) => record.key)),
    }));
    const listed = decoded.kind === "records";
    yield {
      state,
      records,
      failure: decoded.kind === "bad-page" ? withoutList(decoded) : null,
      answer: { status, envelope: pageEnvelope(pagination, body), listed },
    };
  }
}

/** The listing after the page due could not be had; `code` is that of the error. */
export function failPage(state: ListingState, code: ErrorCode): ListingState {
  // What lies past the end tells about paging; every other failure tells about the page.
  const pastEnd = code === "vendor.not_found" && state.pages > 0;
  return failListing(state, pastEnd ? "paging.past_end" : "page.failed", { page: state.pages + 1, code }).state;
}

type Answer = {
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
  readonly failure: ProductError | null;
};

async function ask(listing: Listing, request: ResolvedRequest, signal: AbortSignal): Promise<Answer> {
  try {
    const { status, body } = await listing.ask(request, signal);
    return { url: request.url, status, body, failure: null };
  } catch (error) {
    // Trouble with our own database says nothing about the page: whoever goes on with the run asks for it again.
    const isOurs = error instanceof ProductError && error.code.startsWith("database.");
    if (error instanceof ProductError && !isOurs) return { url: request.url, status: 0, body: null, failure: error };
    // An answer that nobody waits for any more must not become an unhandled rejection.
    if (signal.aborted) return { url: request.url, status: 0, body: null, failure: null };
    throw error;
  }
}

function withoutList({ pointer, expected, found }: { pointer: string; expected: string; found: string }): ProductError {
  return new ProductError(
    "vendor.bad_response",
    `The answer has no list of records: ${expected} at ${pointer}, found ${found}.`,
    {
      details: { pointer, expected, found },
    },
  );
}

function abortOnDispose(parent: AbortSignal): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(parent.reason);
  if (parent.aborted) abort();
  parent.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      parent.removeEventListener("abort", abort);
      controller.abort(new Error("The listing has ended."));
    },
  };
}
