import { hash } from "node:crypto";
import { setImmediate as othersTurn } from "node:timers/promises";
import { type JoinedRow, joinRecord } from "@rollcall/core/connector/join-records.ts";
import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { InputValues } from "@rollcall/core/connector/manifest-inputs.ts";
import { canonicalText } from "@rollcall/core/mapping/canonical-text.ts";
import type { CompiledMapping } from "@rollcall/core/mapping/compile-mapping.ts";
import { mapRecord } from "@rollcall/core/mapping/map-record.ts";
import type { FieldValueProblem, MapOutcome } from "@rollcall/core/mapping/mapping-schema.ts";
import type { GoodRecord, OtherRow, ReadPage } from "@rollcall/vendor-http/read-streams.ts";
import { addRunErrors, type NewRunError } from "../features/runs/run-store.ts";
import { copyInto } from "../postgres/copy-into.ts";
import { copyRow, json } from "../postgres/copy-row.ts";
import type { Queryable, Transaction } from "../postgres/database.ts";
import { rows } from "../postgres/query.ts";
import type { StageTables } from "./stage-tables.ts";

export type StageContext = {
  readonly manifest: Manifest;
  readonly inputs: InputValues;
  readonly compiled: CompiledMapping;
  readonly uniqueFields: readonly string[];
  readonly salt: string;
  readonly integrationId: string;
  /** With SaaS users, a link that has none yet is never "unchanged". */
  readonly needsSaasUser: boolean;
  readonly tables: StageTables;
  /** Start of the run, ISO 8601: what "within the last N days" is counted from. */
  readonly now: string;
};

/** What a batch of pages becomes: rows of the stage, and what is to be listed of them. */
export type StageBatch = {
  readonly records: readonly string[];
  readonly joined: readonly string[];
  readonly errors: readonly NewRunError[];
  readonly fetched: number;
  readonly fieldProblems: number;
};

/** A page whose users are mapped. */
export type MappedPage = {
  readonly stream: string;
  readonly listing: number;
  readonly users: readonly { readonly pointer: string; readonly outcome: MapOutcome }[];
  readonly rows: readonly OtherRow[];
  readonly rejected: readonly { readonly pointer: string; readonly expected: string; readonly found: string }[];
};

/**
 * Joins, filters and maps a batch and prepares its rows. Reads what other streams contributed and which records are unchanged,
 * one query each; a page of users sees only rows that were staged before it. Requests of others are answered between two pages.
 *
 * @param unavailable fields of streams that were not read completely: they are left as they were
 */
export async function prepareBatch(
  on: Queryable,
  context: StageContext,
  pages: readonly ReadPage[],
  unavailable: ReadonlySet<string>,
): Promise<StageBatch> {
  const keys = pages.flatMap((page) => page.users.map((user) => user.key));
  const [joined, unchanged] = await Promise.all([findJoined(on, context, keys), findHashes(on, context, keys)]);
  const mapped: MappedPage[] = [];
  for (const page of pages) {
    mapped.push({
      stream: page.stream,
      listing: page.listing.number,
      users: page.users.map((user) => ({
        pointer: user.pointer,
        outcome: mapUser(context, user, joined.get(user.key) ?? {}, unavailable),
      })),
      rows: page.rows,
      rejected: page.rejected,
    });
    await othersTurn();
  }
  return await prepareRows(context, mapped, unchanged);
}

/** The same for pages whose users were mapped elsewhere. */
export async function prepareMapped(
  on: Queryable,
  context: StageContext,
  pages: readonly MappedPage[],
): Promise<StageBatch> {
  const keys = pages.flatMap((page) => page.users.flatMap(({ outcome }) => outcome.key ?? []));
  return await prepareRows(context, pages, await findHashes(on, context, keys));
}

async function prepareRows(
  context: StageContext,
  pages: readonly MappedPage[],
  unchanged: ReadonlyMap<string, string>,
): Promise<StageBatch> {
  const records: string[] = [];
  const errors: NewRunError[] = [];
  let fieldProblems = 0;
  for (const page of pages) {
    for (const user of page.users) {
      const { outcome } = user;
      if (outcome.kind === "rejected" && outcome.key === null) {
        errors.push(valueError("rejected", null, user.pointer, outcome.problem));
        continue;
      }
      records.push(recordRow(context, page.listing, outcome, unchanged));
      if (outcome.kind === "rejected") {
        errors.push(valueError("rejected", outcome.key, user.pointer, outcome.problem));
        for (const problem of outcome.others) errors.push(valueError("field", outcome.key, user.pointer, problem));
      } else if (outcome.kind === "mapped") {
        fieldProblems += outcome.problems.length;
        for (const problem of outcome.problems) errors.push(valueError("field", outcome.key, user.pointer, problem));
      }
    }
    for (const { pointer, expected, found } of page.rejected) {
      errors.push({
        kind: "rejected",
        code: "mapping.key_missing",
        pointer,
        expected,
        found,
        details: { stream: page.stream },
      });
    }
    await othersTurn();
  }
  const others = pages.flatMap((page) => page.rows.map((row) => joinedRow(page.listing, row)));
  const users = pages.reduce((sum, page) => sum + page.users.length, 0);
  const withoutKey = pages.reduce(
    (sum, page) => sum + (page.stream === context.manifest.users ? page.rejected.length : 0),
    0,
  );
  return { records, joined: others, errors, fetched: users + withoutKey, fieldProblems };
}

/** Writes a prepared batch into the run's stage. */
export async function writeBatch(
  transaction: Transaction,
  tables: StageTables,
  runId: string,
  batch: StageBatch,
): Promise<void> {
  if (batch.records.length > 0) {
    await copyInto(
      transaction,
      `copy ${tables.record} (key, listing, outcome, activity, person, saas, uniques, hash) from stdin`,
      batch.records,
    );
  }
  if (batch.joined.length > 0) {
    await copyInto(
      transaction,
      `copy ${tables.joined} (listing, key, join_name, user_key, value) from stdin`,
      batch.joined,
    );
  }
  if (batch.errors.length > 0) await addRunErrors(transaction, runId, batch.errors);
}

function mapUser(
  { manifest, inputs, compiled, now }: StageContext,
  user: GoodRecord,
  joined: Readonly<Record<string, readonly JoinedRow[]>>,
  unavailable: ReadonlySet<string>,
): MapOutcome {
  return mapRecord(compiled, joinRecord(manifest, inputs, user.record, joined), { now, unavailable });
}

function recordRow(
  context: StageContext,
  listing: number,
  outcome: MapOutcome,
  known: ReadonlyMap<string, string>,
): string {
  const key = outcome.key ?? "";
  if (outcome.kind !== "mapped")
    return copyRow([key, listing, outcome.kind === "filtered" ? "f" : "r", "u", null, null, [], null]);
  const digest = hash("sha256", canonicalText(outcome, context.salt), "hex");
  const same = known.get(key) === digest;
  return copyRow([
    key,
    listing,
    "m",
    outcome.activity.charAt(0),
    same ? null : json(outcome.person),
    same ? null : json({ externalId: key, ...outcome.saas }),
    uniquesOf(context, outcome),
    Buffer.from(digest, "hex"),
  ]);
}

function uniquesOf({ uniqueFields }: StageContext, outcome: MapOutcome & { kind: "mapped" }): (string | null)[] {
  return uniqueFields.map((field, position) => {
    if (position < outcome.syncKeys.length) return outcome.syncKeys[position] ?? null;
    const value = outcome.person[field];
    return value === undefined || value === null ? null : String(value);
  });
}

function joinedRow(listing: number, { key, join, userKey, row }: OtherRow): string {
  return copyRow([listing, key, join, userKey, json(row)]);
}

/** Rows of other streams by user key, then by join. */
async function findJoined(on: Queryable, { manifest, tables }: StageContext, keys: readonly string[]) {
  const byUser = new Map<string, Record<string, JoinedRow[]>>();
  if (keys.length === 0 || Object.keys(manifest.joins).length === 0) return byUser;
  const found = await rows<{ userKey: string; join: string; value: JoinedRow }>(
    on,
    `select user_key as "userKey", join_name as "join", value from ${tables.joined} where user_key = any($1)`,
    [keys],
  );
  for (const { userKey, join, value } of found) {
    const joins = byUser.get(userKey) ?? {};
    byUser.set(userKey, joins);
    const values = joins[join] ?? [];
    joins[join] = values;
    values.push(value);
  }
  return byUser;
}

/** Content hashes of the links of these keys, as hexadecimal text. */
async function findHashes(on: Queryable, context: StageContext, keys: readonly string[]) {
  if (keys.length === 0) return new Map<string, string>();
  const found = await rows<{ key: string; hash: string }>(
    on,
    `select vendor_key as key, encode(content_hash, 'hex') as hash from link
     where integration_id = $1 and vendor_key = any($2) and content_hash is not null and ($3 or saas_user_id is not null)`,
    [context.integrationId, keys, !context.needsSaasUser],
  );
  return new Map(found.map((link) => [link.key, link.hash]));
}

function valueError(
  kind: "rejected" | "field",
  vendorKey: string | null,
  pointer: string,
  { code, target, source, expected, found }: FieldValueProblem,
): NewRunError {
  return { kind, vendorKey, code, pointer, field: target, expected, found, details: { source } };
}
