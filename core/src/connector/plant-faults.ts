import type { Recording } from "./connector-folder.ts";
import { readPointer } from "./json-pointer.ts";
import type { Pagination } from "./manifest-pagination.ts";
import type { Stream } from "./manifest-streams.ts";

/** A recording with a fault in it; `pages` null leaves the page out altogether. */
export type PlantedFault = { readonly name: string; readonly page: Recording | null };

/**
 * Faults that must each turn a complete listing incomplete, whatever page they hit: a check that a connector's evidence
 * is really looked at, and that its pointers point at something.
 */
export function plantFaults(stream: Stream, recording: Recording): readonly PlantedFault[] {
  const evidence = evidencePointer(stream.pagination);
  const zero = stream.recordsAbsentWhenZero;
  const list = readPointer(recording.body, stream.records);
  const mayLackRecords =
    zero !== undefined && readPointer(recording.body, zero) === 0 && (!Array.isArray(list) || list.length === 0);
  const withoutRecords = withoutPointer(recording.body, stream.records);
  return [
    { name: "the page is dropped", page: null },
    { name: "the vendor answers 500", page: { ...recording, status: 500, body: null } },
    { name: "the body is an empty object", page: { ...recording, body: {} } },
    ...(mayLackRecords
      ? []
      : [{ name: "the array of records is missing", page: { ...recording, body: withoutRecords } }]),
    ...(evidence === null
      ? []
      : [{ name: `${evidence} is missing`, page: { ...recording, body: withoutPointer(recording.body, evidence) } }]),
    ...lostRecord(stream, recording),
  ];
}

/** What proves the end in this kind of paging, when it is a value of its own. */
function evidencePointer(pagination: Pagination): string | null {
  switch (pagination.kind) {
    case "page-number":
      return pagination.hasMore ?? pagination.total ?? null;
    case "start-index":
      return pagination.total;
    case "cursor":
    case "next-link":
      return pagination.container === "" ? null : pagination.container;
    case "single":
      return null;
  }
}

/** A record that got lost shows only where the vendor gives a total. */
function lostRecord(stream: Stream, recording: Recording): readonly PlantedFault[] {
  const { pagination, records } = stream;
  const list = readPointer(recording.body, records);
  const total = pagination.total === undefined ? undefined : readPointer(recording.body, pagination.total);
  if (typeof total !== "number" || !Array.isArray(list) || list.length === 0) return [];
  const body = structuredClone(recording.body);
  (readPointer(body, records) as unknown[]).pop();
  return [{ name: "a record got lost", page: { ...recording, body } }];
}

function withoutPointer(body: unknown, pointer: string): unknown {
  if (pointer === "") return null;
  const copy = structuredClone(body);
  const cut = pointer.lastIndexOf("/");
  const holder = readPointer(copy, pointer.slice(0, cut));
  const name = pointer
    .slice(cut + 1)
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
  if (typeof holder === "object" && holder !== null) Reflect.deleteProperty(holder, name);
  return copy;
}
