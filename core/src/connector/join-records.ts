import { describeFound } from "../mapping/value-problems.ts";
import type { VendorRecord } from "./decode-page.ts";
import { readKey, readPointer } from "./json-pointer.ts";
import type { Manifest } from "./manifest.ts";
import { type Derived, derivedRoot, type Join, type JoinRule } from "./manifest-fields.ts";
import type { InputValues } from "./manifest-inputs.ts";
import { inputValue } from "./resolve-request.ts";

type JoinedValue = Derived & { readonly kind: "joined" };
type ItemsValue = Derived & { readonly kind: "items" };

/** What is kept of a joined record: small on purpose, because it is stored once per row until the users are read. */
export type JoinedRow = Readonly<Record<string, string | number | boolean | null>>;

export type JoinOutcome =
  | { readonly kind: "row"; readonly key: string; readonly row: JoinedRow }
  | { readonly kind: "rejected"; readonly pointer: string; readonly expected: string; readonly found: string };

/** The user's key and the kept values of a joined record; a record that names no user is rejected. */
export function readJoinedRow(join: Join, record: unknown): JoinOutcome {
  for (const pointer of join.on) {
    const key = readKey(readPointer(record, pointer));
    if (key !== undefined) return { kind: "row", key, row: keepValues(join, record) };
  }
  return rejectedJoin(join, describeFound(readPointer(record, join.on[0] ?? "")));
}

/** A record that names no user. */
export function rejectedJoin(join: Pick<Join, "on">, found: string): JoinOutcome & { readonly kind: "rejected" } {
  return { kind: "rejected", pointer: join.on[0] ?? "", expected: "the id of a user", found };
}

/**
 * The user's record with the derived values beside the vendor's own: `/_derived/<name>` is text, or null when no joined
 * row gives one. `rows` holds the user's rows by join; their order does not matter.
 */
export function joinRecord(
  manifest: Manifest,
  inputs: InputValues,
  record: VendorRecord,
  rows: Readonly<Record<string, readonly JoinedRow[]>>,
): VendorRecord {
  const names = Object.keys(manifest.derived);
  if (names.length === 0) return record;
  const derived = Object.entries(manifest.derived).map(([name, rule]) => [
    name,
    rule.kind === "joined" ? fromRows(rule, inputs, rows[rule.join] ?? []) : fromItems(rule, record),
  ]);
  return { ...record, [derivedRoot]: Object.fromEntries(derived) };
}

/**
 * Ids of the fields that must be left as they were, because a stream they come from was not read completely: an unread
 * membership is not a missing one. This is what mapRecord takes as `unavailable`.
 */
export function unreadFields(manifest: Manifest, incompleteStreams: ReadonlySet<string>): ReadonlySet<string> {
  const unread = Object.entries(manifest.derived)
    .filter(
      ([, rule]) => rule.kind === "joined" && dependsOn(manifest, manifest.joins[rule.join]?.stream, incompleteStreams),
    )
    .map(([name]) => `/${derivedRoot}/${name}`);
  return new Set(manifest.fields.filter((field) => unread.includes(field.path)).map((field) => field.id));
}

function dependsOn(manifest: Manifest, stream: string | undefined, incomplete: ReadonlySet<string>): boolean {
  if (stream === undefined) return false;
  return incomplete.has(stream) || dependsOn(manifest, manifest.streams[stream]?.forEach?.stream, incomplete);
}

function keepValues(join: Join, record: unknown): JoinedRow {
  return Object.fromEntries(
    Object.entries(join.keep).map(([name, pointer]) => {
      const value = readPointer(record, pointer);
      const scalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
      return [name, scalar ? value : null];
    }),
  );
}

function fromRows(rule: JoinedValue, inputs: InputValues, rows: readonly JoinedRow[]): string | null {
  const texts = [...new Set(rows.map((row) => textOf(rule, row)).filter((text) => text !== null))];
  const ranked = texts.toSorted((a, b) => rank(rule, a) - rank(rule, b) || compareText(a, b));
  const chosen = typeof rule.rule === "string" ? rule.rule : (inputValue(rule.rule, inputs) as JoinRule);
  switch (chosen) {
    case "highest":
      return ranked[0] ?? null;
    case "list":
      return ranked.length === 0 ? null : ranked.join(rule.separator);
  }
}

/** Items of equal value count once; which of several equally preferred ones is first does not depend on their order. */
function fromItems(rule: ItemsValue, record: VendorRecord): string | null {
  const list = readPointer(record, rule.list);
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  const { prefer } = rule;
  const preferred = prefer === undefined ? [] : items.filter((item) => readPointer(item, prefer.pointer) === prefer.is);
  const chosen = rule.rule === "first" && preferred.length > 0 ? preferred : items;
  const texts = [...new Set(chosen.map((item) => itemText(rule, item)).filter((text) => text !== undefined))];
  const sorted = texts.toSorted(compareText);
  if (sorted.length === 0) return null;
  return rule.rule === "first" ? (sorted[0] ?? null) : sorted.join(rule.separator);
}

function itemText(rule: ItemsValue, item: unknown): string | undefined {
  return rule.value.map((pointer) => readKey(readPointer(item, pointer))).find((text) => text !== undefined);
}

function textOf(rule: JoinedValue, row: JoinedRow): string | null {
  const parts = rule.text.map((part) =>
    typeof part === "string" ? part : (row[part.from.slice("row.".length)] ?? null),
  );
  return parts.includes(null) || parts.includes("") ? null : parts.join("");
}

function rank(rule: JoinedValue, text: string): number {
  const place = rule.ranking.indexOf(text);
  return place === -1 ? rule.ranking.length : place;
}

/** By code units with numbers in order: the same on every machine, unlike a locale's order. */
function compareText(a: string, b: string): number {
  const [left, right] = [Number.parseInt(a, 10), Number.parseInt(b, 10)];
  if (!Number.isNaN(left) && !Number.isNaN(right) && left !== right) return left - right;
  return a < b ? -1 : a > b ? 1 : 0;
}
