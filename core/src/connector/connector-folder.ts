import { z } from "zod";
import { gapTable } from "./gaps.ts";
import type { Answer } from "./walk-streams.ts";

/** A connector's folder as data: what the contract suite works on, however it was read. */
export type ConnectorFolder = {
  /** The folder's name. */
  readonly id: string;
  /** connector.yaml, parsed. */
  readonly manifest: unknown;
  /** README.md; null when there is none. */
  readonly readme: string | null;
  /** One per folder under recordings/. */
  readonly scenarios: readonly ScenarioFiles[];
};

export type ScenarioFiles = {
  readonly name: string;
  /** recordings/<scenario>/inputs.json; null when there is none. */
  readonly inputs: unknown;
  /** The other files of recordings/<scenario>/, in the order of their names. */
  readonly recordings: readonly { readonly file: string; readonly content: unknown }[];
  /** expected/<scenario>.json; null when there is none. */
  readonly expected: unknown;
};

export const recordingSchema = z.strictObject({
  request: z.strictObject({
    path: z.string().startsWith("/").describe("The path on the API's host, with the base address's own path."),
    query: z.record(z.string(), z.string()).default({}),
  }),
  status: z.int().min(100).max(599),
  body: z.unknown(),
});
/** One recorded page. */
export type Recording = z.infer<typeof recordingSchema>;

export const scenarioInputsSchema = z.strictObject({
  about: z.string().min(1).describe("What this scenario shows."),
  inputs: z.record(z.string(), z.unknown()).describe("Inputs that differ from their defaults."),
});

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const expectedSchema = z.strictObject({
  coverage: z.union([
    z.literal("complete"),
    z.array(z.enum(Object.keys(gapTable) as [keyof typeof gapTable, ...(keyof typeof gapTable)[]])).min(1),
  ]),
  records: z
    .array(
      z.strictObject({
        key: z.string(),
        activity: z.enum(["active", "inactive", "unknown"]),
        syncKeys: z.array(z.string().nullable()),
        person: values,
        saas: values,
      }),
    )
    .describe("The mapped records, in the order of their keys."),
  rejected: z.array(z.string()).default([]).describe("Keys of records that the mapping rejects."),
});
/** What a scenario must give: whether the listing is proven complete (or its gaps), and the mapped records. */
export type Expected = z.infer<typeof expectedSchema>;

/** Answers requests from recordings; a request that was not recorded has no page. */
export function answerFrom(recordings: readonly Recording[]): Answer {
  const pages = new Map(recordings.map((recording) => [recordingAddress(recording), recording]));
  return (request) => pages.get(requestAddress(request.url)) ?? null;
}

/** A recorded request by path and sorted query, as answerFrom compares it. */
export function recordingAddress({ request }: Recording): string {
  return address(request.path, new URLSearchParams(request.query));
}

/** The same for the address of a request. */
export function requestAddress(url: string): string {
  const { pathname, searchParams } = new URL(url);
  return address(pathname, searchParams);
}

function address(path: string, query: URLSearchParams): string {
  const sorted = new URLSearchParams(query);
  sorted.sort();
  return `${path}?${sorted}`;
}
