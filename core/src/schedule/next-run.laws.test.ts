import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Schedule, weekdays } from "../contract/integrations.ts";
import { jitterLimit } from "./jitter.ts";
import { nextRuns } from "./next-run.ts";
import { openTimeZone } from "./time-zone.ts";

const numRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 300);

const timeZone = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Africa/Casablanca",
  "America/Havana",
  "Asia/Beirut",
  "Antarctica/Troll",
);
const at = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
const field = (min: number, max: number) =>
  fc.oneof(
    fc.constant("*"),
    fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((list) => list.join(",")),
  );

const daily: fc.Arbitrary<Schedule> = fc.record({ kind: fc.constant("daily" as const), at, timeZone });
const weekly: fc.Arbitrary<Schedule> = fc.record({
  kind: fc.constant("weekly" as const),
  days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
  at,
  timeZone,
});
const cron: fc.Arbitrary<Schedule> = fc.record({
  kind: fc.constant("cron" as const),
  expression: fc
    .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
    .map((fields) => fields.join(" ")),
  timeZone,
});
const interval: fc.Arbitrary<Schedule> = fc
  .constantFrom(15, 30, 60, 120, 180, 240, 360, 480, 720)
  .map((minutes) => ({ kind: "interval", minutes }));
const anySchedule = fc.oneof(daily, weekly, cron, interval);

/** Half of the moments lie within two days of a change of clocks in Berlin or New York. */
const changes = ["2026-03-08T07:00Z", "2026-03-29T01:00Z", "2026-10-25T01:00Z", "2026-11-01T06:00Z"].map(Date.parse);
const moment = fc
  .oneof(
    fc.integer({ min: Date.parse("2020-01-01T00:00Z"), max: Date.parse("2035-01-01T00:00Z") }),
    fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -172_800_000, max: 172_800_000 })).map(([a, b]) => a + b),
  )
  .map((instant) => new Date(instant));
const options = fc
  .option(fc.uuid(), { nil: undefined })
  .map((seed) => (seed === undefined ? {} : { jitterSeed: seed }));

describe("laws of nextRuns", () => {
  test("every run is after the moment asked about, and after the one before it", () => {
    fc.assert(
      fc.property(anySchedule, moment, options, (schedule, after, option) => {
        let previous = after;
        for (const run of nextRuns(schedule, after, 6, option)) {
          assert.ok(run > previous, `${run.toISOString()} is not after ${previous.toISOString()}`);
          previous = run;
        }
      }),
      { numRuns },
    );
  });

  test("asking again after each run gives the same runs as asking once", () => {
    fc.assert(
      fc.property(anySchedule, moment, options, (schedule, after, option) => {
        const atOnce = nextRuns(schedule, after, 5, option);
        let last = after;
        const oneByOne = atOnce.map(() => {
          const [next] = nextRuns(schedule, last, 1, option);
          assert.ok(next);
          last = next;
          return next;
        });
        assert.deepEqual(oneByOne, atOnce);
      }),
      { numRuns },
    );
  });

  test("any moment between two runs has the later one as its next", () => {
    fc.assert(
      fc.property(
        anySchedule,
        moment,
        options,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (schedule, after, option, part) => {
          const [first, second] = nextRuns(schedule, after, 2, option);
          assert.ok(first && second);
          const between = new Date(first.getTime() + Math.floor((second.getTime() - first.getTime()) * part));
          assert.deepEqual(nextRuns(schedule, between, 1, option), [second]);
        },
      ),
      { numRuns },
    );
  });

  test("C15 a daily schedule is due exactly once on every day of its zone", () => {
    fc.assert(
      fc.property(daily, moment, (schedule, after) => {
        const zone = openTimeZone("timeZone" in schedule ? schedule.timeZone : "UTC");
        assert.ok(zone);
        const days = nextRuns(schedule, after, 10).map((run) =>
          Math.floor((run.getTime() + zone.offsetAt(run.getTime())) / 86_400_000),
        );
        const [first = 0] = days;
        assert.deepEqual(
          days,
          days.map((_, index) => first + index),
        );
      }),
      { numRuns },
    );
  });

  test("jitter is never negative and never more than its limit", () => {
    fc.assert(
      fc.property(fc.oneof(daily, weekly), moment, fc.uuid(), (schedule, after, jitterSeed) => {
        const [jittered] = nextRuns(schedule, after, 1, { jitterSeed });
        assert.ok(jittered);
        const [plain] = nextRuns(schedule, new Date(jittered.getTime() - jitterLimit * 60_000 - 1), 1);
        assert.ok(plain && plain <= jittered);
      }),
      { numRuns },
    );
  });
});
