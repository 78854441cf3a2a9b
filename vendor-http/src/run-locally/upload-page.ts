import type { DecodedRecord } from "@rollcall/core/connector/decode-page.ts";
import { type JoinedRow, joinRecord, readJoinedRow } from "@rollcall/core/connector/join-records.ts";
import type { UploadedPage, UploadedRecord } from "@rollcall/core/contract/runners.ts";
import { mapRecord } from "@rollcall/core/mapping/map-record.ts";
import type { MapOutcome } from "@rollcall/core/mapping/mapping-schema.ts";
import type { ReadPage } from "../read-streams.ts";
import type { LocalWork } from "./parse-work.ts";

export type FindRows = (
  userKeys: readonly string[],
) => ReadonlyMap<string, Readonly<Record<string, readonly JoinedRow[]>>>;

/**
 * What leaves this machine of a page: the evidence of paging, of a mapped record its mapped values, and of every other record its
 * key alone.
 *
 * @param unavailable fields of streams that were not read completely; for a page of users
 */
export function uploadPage(
  work: LocalWork,
  page: ReadPage,
  findRows: FindRows,
  unavailable: ReadonlySet<string>,
): UploadedPage {
  const listed = page.answer?.listed === true;
  const isOfUsers = page.stream === work.manifest.users;
  return {
    listing: page.listing.number,
    // An answer without a list of records says so by itself.
    failure: page.answer === null ? (page.failure?.code ?? null) : null,
    status: page.answer?.status ?? 0,
    envelope: page.answer?.envelope ?? null,
    records: !listed ? null : isOfUsers ? users(work, page, findRows, unavailable) : others(work, page),
    parents: Object.fromEntries(
      Object.entries(page.parents).map(([child, { values, unreadable }]) => [
        child,
        { values: [...values], unreadable },
      ]),
    ),
  };
}

function users(
  work: LocalWork,
  page: ReadPage,
  findRows: FindRows,
  unavailable: ReadonlySet<string>,
): UploadedRecord[] {
  const { manifest, inputs, compiled, onlyKeys, startedAt } = work;
  const wanted = page.users.filter(({ key }) => onlyKeys === null || onlyKeys.has(key)).map(({ key }) => key);
  const rows = findRows(wanted);
  return page.decoded.map((decoded): UploadedRecord => {
    if (decoded.kind === "rejected") return unreadable(decoded);
    const { key, record } = decoded;
    if (onlyKeys !== null && !onlyKeys.has(key)) return { kind: "present", key };
    const joined = joinRecord(manifest, inputs, record, rows.get(key) ?? {});
    return uploadOutcome(key, mapRecord(compiled, joined, { now: startedAt, unavailable }));
  });
}

function uploadOutcome(key: string, outcome: MapOutcome): UploadedRecord {
  switch (outcome.kind) {
    case "filtered":
      return { kind: "filtered", key };
    case "rejected": {
      const { problem, others } = outcome;
      return { kind: "rejected", key, keyFits: outcome.key !== null, problem, others: [...others] };
    }
    case "mapped": {
      const { person, saas, syncKeys, activity, problems, notCreatable } = outcome;
      return {
        kind: "mapped",
        key,
        person,
        saas,
        syncKeys: [...syncKeys],
        activity,
        problems: [...problems],
        ...(notCreatable && { notCreatable: [...notCreatable] }),
      };
    }
  }
}

function others({ manifest }: LocalWork, page: ReadPage): UploadedRecord[] {
  const joins = Object.entries(manifest.joins).filter(([, join]) => join.stream === page.stream);
  return page.decoded.map((decoded): UploadedRecord => {
    if (decoded.kind === "rejected") return unreadable(decoded);
    const unjoined = joins.flatMap(([name, join]) => {
      const joined = readJoinedRow(join, decoded.record);
      return joined.kind === "rejected" ? [{ join: name, found: joined.found }] : [];
    });
    return { kind: "present", key: decoded.key, ...(unjoined.length > 0 && { unjoined }) };
  });
}

function unreadable({ expected, found }: DecodedRecord & { readonly kind: "rejected" }): UploadedRecord {
  return { kind: "unreadable", at: expected === "an object" ? "record" : "key", found };
}
