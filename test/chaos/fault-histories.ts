import type { Fault } from "@rollcall/sandbox/faults/fault.ts";
import type { FaultRule } from "@rollcall/sandbox/faults/fault-schedule.ts";
import fc from "fast-check";

/** What happens between two runs and during the next one. Ids are places in the list of users that are there. */
export type FaultyEpisode = {
  readonly leave: readonly number[];
  readonly join: number;
  readonly rename: readonly number[];
  readonly readdress: readonly number[];
  readonly allBack: boolean;
  readonly faults: readonly FaultRule[];
};

/** A vendor's life with faults; the same every time for the same seed. */
export function faultHistories(count: number, seed: number): readonly (readonly FaultyEpisode[])[] {
  return fc.sample(fc.array(anEpisode(), { minLength: 3, maxLength: 5, size: "max" }), { numRuns: count, seed });
}

function anEpisode(): fc.Arbitrary<FaultyEpisode> {
  const some = (maxLength: number) => fc.uniqueArray(fc.nat(40), { maxLength });
  return fc.record({
    leave: some(4),
    join: fc.nat(3),
    rename: some(3),
    readdress: some(2),
    allBack: fc.constantFrom(false, false, true),
    faults: fc.array(aRule(), { maxLength: 3, size: "max" }),
  });
}

function aRule(): fc.Arbitrary<FaultRule> {
  return fc
    .record({
      call: fc.constantFrom("members", "members", "members", "memberships", "sites", "token"),
      page: fc.integer({ min: 1, max: 6 }),
      skip: fc.nat(2),
      count: fc.constantFrom(1, 1, 2, 5),
      fault: fc.constantFrom(...faults),
    })
    .map(({ page, ...rule }) => (rule.call === "token" ? rule : { ...rule, page }));
}

/** Well-formed lies, broken answers, and things that happen to the service. What hangs is left out: it only takes long. */
const faults: readonly Fault[] = [
  { kind: "status", status: 401 },
  { kind: "status", status: 403 },
  { kind: "status", status: 404 },
  { kind: "status", status: 429, retryAfter: 0 },
  { kind: "status", status: 500 },
  { kind: "status", status: 502, body: "html" },
  { kind: "html-200" },
  { kind: "not-json" },
  { kind: "empty-body" },
  { kind: "redirect" },
  { kind: "remove-users", count: 1 },
  { kind: "revoke-tokens" },
  { kind: "repeat-page" },
  { kind: "repeat-page", reported: "sent" },
  { kind: "ignore-page" },
  { kind: "cap-page", perPage: 4 },
  { kind: "cap-page", perPage: 4, silent: true },
  { kind: "shift-rows", by: 2 },
  { kind: "shift-rows", by: -2 },
  { kind: "short-page", drop: 2 },
  { kind: "duplicate-rows", rows: 2 },
  { kind: "duplicate-rows", rows: 2, how: "replace" },
  { kind: "keyless-rows", rows: 1 },
  { kind: "empty-200" },
  { kind: "empty-page" },
  { kind: "total", delta: 3 },
  { kind: "total", delta: -3 },
  { kind: "has-more", value: true },
  { kind: "has-more", value: false },
  { kind: "has-more", value: "missing" },
  { kind: "missing-data" },
  { kind: "data", value: {} },
  { kind: "slow", delayMs: 20, chunks: 3 },
  { kind: "reset" },
  { kind: "reset", when: "mid-body" },
  { kind: "truncate" },
  { kind: "truncate", contentLength: "lying" },
  { kind: "content-type", value: "text/html" },
  { kind: "invalid-utf8" },
];
