import { rejectedRecord } from "@rollcall/core/connector/decode-page.ts";
import { fingerprintKeys } from "@rollcall/core/connector/fingerprint-keys.ts";
import { rejectedJoin } from "@rollcall/core/connector/join-records.ts";
import { readKey } from "@rollcall/core/connector/json-pointer.ts";
import { pageEnvelope } from "@rollcall/core/connector/page-envelope.ts";
import { advanceListing } from "@rollcall/core/connector/paginate.ts";
import { resolveRequest } from "@rollcall/core/connector/resolve-request.ts";
import { type UploadedPage, type UploadedRecord, uploadLimits } from "@rollcall/core/contract/runners.ts";
import { type ErrorCode, errorTable, ProductError } from "@rollcall/core/errors.ts";
import { admitMapped, admitRejected, isFoundText } from "@rollcall/core/mapping/admit-outcome.ts";
import type { MapOutcome } from "@rollcall/core/mapping/mapping-schema.ts";
import { failPage } from "@rollcall/vendor-http/fetch-listing.ts";
import type { OtherRow } from "@rollcall/vendor-http/read-streams.ts";
import { addParents, nextListing, type OpenListing, type ReadScope } from "@rollcall/vendor-http/reading-progress.ts";
import type { RunContext } from "../run-context.ts";
import type { MappedPage } from "../stage-batch.ts";

/**
 * Takes one uploaded page: moves its listing on by the same rules as a page that was read here, and gives what is to be staged. How a
 * listing goes on and whether it has ended is never what the runner says, but what follows from the page.
 *
 * @throws ProductError `runner.out_of_step` for a page that is not due, `runner.upload_refused`
 */
export function takePage(
  context: RunContext,
  scope: ReadScope,
  page: UploadedPage,
  unavailable: ReadonlySet<string> | null,
): MappedPage {
  const open = nextListing(scope);
  if (open === null || open.listing.number !== page.listing) {
    throw new ProductError("runner.out_of_step", `A page of listing ${page.listing} is not the one that is due.`);
  }
  const records = page.failure === null ? page.records : null;
  advance(scope, open, page, records);
  const read = open.plan.primary
    ? takeUsers(context, open, records ?? [], unavailable)
    : takeOthers(context, open, records ?? []);
  open.listing.recordsWithoutKey += read.rejected.length;
  takeParents(scope, open, page, records?.length ?? 0);
  return { stream: open.plan.name, listing: open.listing.number, ...read };
}

function advance(
  { manifest, inputs }: ReadScope,
  { plan, stream, listing }: OpenListing,
  page: UploadedPage,
  records: readonly UploadedRecord[] | null,
): void {
  if (page.failure !== null) {
    listing.state = failPage(listing.state, vendorCode(page.failure));
    return;
  }
  if (JSON.stringify(page.envelope ?? null).length > uploadLimits.envelopeBytes)
    throw refused("an envelope is too large");
  const request = resolveRequest(manifest, plan.name, { inputs, parent: listing.parent }, listing.state.due);
  listing.state = advanceListing(stream.pagination, listing.state, {
    status: page.status,
    url: request.url,
    body: pageEnvelope(stream.pagination, page.envelope),
    recordCount: records?.length ?? null,
    keysFingerprint: fingerprintKeys(
      (records ?? []).map((record) => (record.kind === "unreadable" ? null : record.key)),
    ),
  }).state;
}

function takeUsers(
  { run, compiled }: RunContext,
  open: OpenListing,
  records: readonly UploadedRecord[],
  unavailable: ReadonlySet<string> | null,
): Pick<MappedPage, "users" | "rows" | "rejected"> {
  if (unavailable === null) throw new ProductError("runner.out_of_step", "The users are not due yet.");
  const only = run.onlyKeys === null ? null : new Set(run.onlyKeys);
  const users: MappedPage["users"][number][] = [];
  const rejected: MappedPage["rejected"][number][] = [];
  for (const [index, record] of records.entries()) {
    const pointer = pointerOf(open, index);
    if (record.kind === "unreadable") {
      rejected.push(takeUnreadable(open, pointer, record));
      continue;
    }
    refuseBadKey(record.key);
    const isMeant = only === null || only.has(record.key);
    if (isMeant === (record.kind === "present")) throw refused("a user is left out, or is not meant");
    if (record.kind !== "present") users.push({ pointer, outcome: takeOutcome(compiled, record, unavailable) });
  }
  return { users, rows: [], rejected };
}

function takeOutcome(
  compiled: RunContext["compiled"],
  record: UploadedRecord & { readonly kind: "mapped" | "filtered" | "rejected" },
  unavailable: ReadonlySet<string>,
): MapOutcome {
  switch (record.kind) {
    case "filtered":
      if (compiled.passes === null) throw refused("the integration has no filter");
      return { kind: "filtered", key: record.key };
    case "rejected": {
      const { key, keyFits, problem, others } = record;
      const admission = admitRejected(compiled, { kind: "rejected", key: keyFits ? key : null, problem, others });
      if (admission.kind === "refused") throw refused(admission.why);
      return admission.outcome;
    }
    case "mapped": {
      const { notCreatable, ...mapped } = record;
      const claimed = notCreatable === undefined ? mapped : { ...mapped, notCreatable };
      const admission = admitMapped(compiled, claimed, unavailable);
      if (admission.kind === "refused") throw refused(admission.why);
      return admission.outcome;
    }
  }
}

function takeOthers(
  { manifest }: RunContext,
  open: OpenListing,
  records: readonly UploadedRecord[],
): Pick<MappedPage, "users" | "rows" | "rejected"> {
  const joins = Object.entries(manifest.joins).filter(([, join]) => join.stream === open.plan.name);
  const rows: OtherRow[] = [];
  const rejected: MappedPage["rejected"][number][] = [];
  const unjoinedRows: MappedPage["rejected"][number][] = [];
  for (const [index, record] of records.entries()) {
    const pointer = pointerOf(open, index);
    if (record.kind === "unreadable") {
      rejected.push(takeUnreadable(open, pointer, record));
      continue;
    }
    if (record.kind !== "present") throw refused("only users are mapped");
    const { key, unjoined = [] } = record;
    refuseBadKey(key);
    if (joins.length === 0) rows.push({ key, join: null, userKey: "", row: {} });
    for (const [name, join] of joins) {
      const failed = unjoined.find((each) => each.join === name);
      if (failed === undefined) rows.push({ key, join: name, userKey: "", row: {} });
      else {
        const { pointer: at, expected, found } = rejectedJoin(join, plainFound(failed.found));
        unjoinedRows.push({ pointer: `${pointer}${at}`, expected, found });
      }
    }
  }
  return { users: [], rows, rejected: [...rejected, ...unjoinedRows] };
}

/** What a stream is read for comes from the records of its parent: at most one value each. */
function takeParents(scope: ReadScope, { plan }: OpenListing, page: UploadedPage, records: number): void {
  for (const [child, { values, unreadable }] of Object.entries(page.parents)) {
    const isChild = scope.plan.some(({ name, parent }) => name === child && parent === plan.name);
    const distinct = new Set(values).size === values.length;
    if (!isChild || !distinct || values.length + unreadable > records) throw refused("parents follow from no records");
    for (const value of values) refuseBadKey(value);
  }
  addParents(scope, page.parents);
}

function takeUnreadable(
  { stream }: OpenListing,
  pointer: string,
  { at, found }: UploadedRecord & { readonly kind: "unreadable" },
) {
  const rejected = rejectedRecord(stream, pointer, at, plainFound(found));
  return { pointer: rejected.pointer, expected: rejected.expected, found: rejected.found };
}

function pointerOf({ stream }: OpenListing, index: number): string {
  return `${stream.records}/${index}`;
}

function refuseBadKey(key: string): void {
  if (readKey(key) === undefined) throw refused("a key cannot be one");
}

function plainFound(found: string): string {
  if (!isFoundText(found)) throw refused("a rejection tells more than kind and length");
  return found;
}

function vendorCode(code: string): ErrorCode {
  const known = Object.hasOwn(errorTable, code) && /^(?:vendor|egress)\./.test(code);
  if (!known) throw refused("a page failed for a reason that pages do not have");
  return code as ErrorCode;
}

function refused(why: string): ProductError {
  return new ProductError("runner.upload_refused", `The upload was not taken: ${why}.`);
}
