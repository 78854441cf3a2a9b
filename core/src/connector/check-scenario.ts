import type { CompiledMapping } from "../mapping/compile-mapping.ts";
import { mapRecord } from "../mapping/map-record.ts";
import type { MapOutcome } from "../mapping/mapping-schema.ts";
import { answerFrom, type Expected, type Recording, recordingAddress, requestAddress } from "./connector-folder.ts";
import { describeGap } from "./gaps.ts";
import { readPointer } from "./json-pointer.ts";
import type { Manifest } from "./manifest.ts";
import type { InputValues } from "./manifest-inputs.ts";
import { plantFaults } from "./plant-faults.ts";
import { readInputs } from "./read-inputs.ts";
import { type Answer, type Walk, walkStreams } from "./walk-streams.ts";

/** A named walk over recordings with what it must give. */
export type Scenario = {
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly recordings: readonly Recording[];
  readonly expected: Expected;
};

type NamedProblems = { readonly name: string; readonly problems: readonly string[] };

/** Enough for any recording; a walk that does not end by itself is stopped here. */
const settings = { maxPages: 200, knownActive: 0 };

/** The checks of one scenario, each with its problems (none: well). */
export function checkScenario(
  manifest: Manifest,
  mapping: CompiledMapping,
  scenario: Scenario,
): readonly NamedProblems[] {
  const read = readInputs(manifest, scenario.inputs);
  if (read.kind === "invalid") {
    const problems = read.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
    return [{ name: `${scenario.name}: its inputs fit the form`, problems }];
  }
  const walk = walkStreams(manifest, read.inputs, answerFrom(scenario.recordings), settings);
  const outcomes = mapUsers(mapping, walk);
  const checks = [
    { name: "every page it asks for is recorded, and no other", problems: unmatchedPages(scenario, walk) },
    { name: "the end of every listing is proven as expected", problems: compareCoverage(scenario.expected, walk) },
    { name: "keys are unique", problems: repeatedKeys(walk) },
    { name: "the default mapping gives what is expected", problems: compareRecords(scenario.expected, outcomes) },
    {
      name: "the order of records makes no difference",
      problems: compareReversed(manifest, mapping, scenario, read.inputs, outcomes),
    },
    { name: "every status is mapped", problems: unmappedStatuses(manifest, walk) },
    { name: "planted faults are noticed", problems: unnoticedFaults(manifest, scenario, read.inputs, walk) },
  ];
  return checks.map(({ name, problems }) => ({ name: `${scenario.name}: ${name}`, problems }));
}

function mapUsers(mapping: CompiledMapping, walk: Walk): readonly MapOutcome[] {
  const context = { now: "2026-01-01T00:00:00Z", unavailable: walk.unavailable };
  return walk.users
    .map(({ record }) => mapRecord(mapping, record, context))
    .toSorted((a, b) => compareKeys(a.key ?? "", b.key ?? ""));
}

function unmatchedPages(scenario: Scenario, walk: Walk): readonly string[] {
  const asked = new Set(walk.requests.map((request) => requestAddress(request.url)));
  const recorded = scenario.recordings.map(recordingAddress);
  const twice = recorded.filter((page, index) => recorded.indexOf(page) !== index);
  return [
    ...[...asked].filter((page) => !recorded.includes(page)).map((page) => `${page} is asked for but not recorded`),
    ...recorded.filter((page) => !asked.has(page)).map((page) => `${page} is recorded but never asked for`),
    ...twice.map((page) => `${page} is recorded twice`),
  ];
}

function compareCoverage(expected: Expected, { coverage }: Walk): readonly string[] {
  const gaps = coverage.kind === "complete" ? [] : coverage.gaps;
  const wanted = expected.coverage === "complete" ? [] : expected.coverage;
  return [
    ...gaps.filter((gap) => !wanted.includes(gap.code)).map((gap) => `unexpected: ${gap.code}, ${describeGap(gap)}`),
    ...wanted.filter((code) => gaps.every((gap) => gap.code !== code)).map((code) => `expected but not found: ${code}`),
  ];
}

/** One user may be in two listings (two accounts), but then it is the same record. */
function repeatedKeys(walk: Walk): readonly string[] {
  const seen = new Map<string, string>();
  return walk.users.flatMap(({ key, record }) => {
    const text = canonical(record);
    const other = seen.get(key);
    seen.set(key, text);
    return other === undefined || other === text ? [] : [`the key ${key} has two different records`];
  });
}

function compareRecords(expected: Expected, outcomes: readonly MapOutcome[]): readonly string[] {
  const mapped = new Map(
    outcomes.flatMap((outcome) => {
      if (outcome.kind !== "mapped") return [];
      const { key, activity, syncKeys, person, saas } = outcome;
      return [[key, canonical({ key, activity, syncKeys, person, saas })] as const];
    }),
  );
  const rejected = new Set(outcomes.flatMap((outcome) => (outcome.kind === "rejected" ? [outcome.key ?? ""] : [])));
  const wantedKeys = new Set(expected.records.map((record) => record.key));
  return [
    ...expected.records
      .filter((record) => mapped.get(record.key) !== canonical(record))
      .map((record) => `expected ${canonical(record)}\n     got ${mapped.get(record.key) ?? "nothing"}`),
    ...[...mapped.keys()].filter((key) => !wantedKeys.has(key)).map((key) => `unexpected: ${mapped.get(key)}`),
    ...expected.rejected.filter((key) => !rejected.has(key)).map((key) => `expected to be rejected: ${key}`),
    ...[...rejected].filter((key) => !expected.rejected.includes(key)).map((key) => `rejected unexpectedly: ${key}`),
  ];
}

function compareReversed(
  manifest: Manifest,
  mapping: CompiledMapping,
  scenario: Scenario,
  inputs: InputValues,
  outcomes: readonly MapOutcome[],
): readonly string[] {
  const pages = answerFrom(scenario.recordings);
  const answer: Answer = (request) => {
    const page = pages(request);
    return page === null ? null : { status: page.status, body: reverseRecords(manifest, page.body) };
  };
  const reversed = mapUsers(mapping, walkStreams(manifest, inputs, answer, settings));
  return canonical(reversed) === canonical(outcomes) ? [] : ["records in reverse order map to something else"];
}

function reverseRecords(manifest: Manifest, body: unknown): unknown {
  const copy = structuredClone(body);
  for (const pointer of new Set(Object.values(manifest.streams).map((stream) => stream.records))) {
    const list = readPointer(copy, pointer);
    if (Array.isArray(list)) list.reverse();
  }
  return copy;
}

function unmappedStatuses(manifest: Manifest, walk: Walk): readonly string[] {
  const { activity } = manifest;
  if (activity.kind === "none") return [];
  const known = [...activity.active, ...activity.inactive];
  const found = walk.users.map(({ record }) => readPointer(record, activity.path));
  const unknown = found.filter(
    (value) => value !== undefined && value !== null && !known.some((status) => status === value),
  );
  return [...new Set(unknown.map(canonical))].map((status) => `the status ${status} is in neither list`);
}

/** Only a scenario that is complete can be seen to become incomplete. */
function unnoticedFaults(manifest: Manifest, scenario: Scenario, inputs: InputValues, walk: Walk): readonly string[] {
  if (walk.coverage.kind !== "complete") return [];
  const streams = new Map(walk.requests.map((request) => [requestAddress(request.url), request.stream]));
  return scenario.recordings.flatMap((recording) => {
    const stream = manifest.streams[streams.get(recordingAddress(recording)) ?? ""];
    if (stream === undefined) return [];
    const others = scenario.recordings.filter((other) => other !== recording);
    return plantFaults(stream, recording)
      .filter(({ page }) => {
        const pages = page === null ? others : [...others, page];
        return walkStreams(manifest, inputs, answerFrom(pages), settings).coverage.kind === "complete";
      })
      .map(({ name }) => `${recordingAddress(recording)}: not noticed when ${name}`);
  });
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** JSON with sorted names, so that equal values are equal text. */
function canonical(value: unknown): string {
  const sorted = JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => compareKeys(a, b)))
      : part,
  );
  return sorted ?? "nothing";
}
