import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Schedule } from "../contract/integrations.ts";
import { jitterLimit, jitterMinutes } from "./jitter.ts";
import { nextRuns } from "./next-run.ts";

function daily(at: string, timeZone: string): Schedule {
  return { kind: "daily", at, timeZone };
}

function cron(expression: string, timeZone = "UTC"): Schedule {
  return { kind: "cron", expression, timeZone };
}

type Row = readonly [title: string, schedule: Schedule, after: string, due: readonly string[]];

const table: readonly Row[] = [
  [
    "29 February on a Sunday, where both day fields have to agree, is due after 28 years",
    cron("0 2 29 2 */7"),
    "2032-03-01T00:00Z",
    ["2060-02-29T02:00Z"],
  ],
  [
    "a daily time is strictly after the moment asked about",
    daily("02:00", "UTC"),
    "2026-11-24T02:00Z",
    ["2026-11-25T02:00Z", "2026-11-26T02:00Z"],
  ],
  ["a daily time still to come is due today", daily("02:00", "UTC"), "2026-11-24T01:59:59.999Z", ["2026-11-24T02:00Z"]],
  [
    "Berlin: a time the clocks skip is due when they are set forward",
    daily("02:30", "Europe/Berlin"),
    "2026-03-27T12:00Z",
    ["2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z"],
  ],
  [
    "Berlin: asked at that very moment, the skipped time is done",
    daily("02:30", "Europe/Berlin"),
    "2026-03-29T01:00Z",
    ["2026-03-30T00:30Z"],
  ],
  [
    "Berlin: a time shown twice is due the first time only",
    daily("02:30", "Europe/Berlin"),
    "2026-10-24T12:00Z",
    ["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
  ],
  [
    "Berlin: asked between the two, the repeated time is done",
    daily("02:30", "Europe/Berlin"),
    "2026-10-25T00:45Z",
    ["2026-10-26T01:30Z"],
  ],
  [
    "New York: both changes of clocks",
    daily("02:00", "America/New_York"),
    "2026-03-07T12:00Z",
    ["2026-03-08T07:00Z", "2026-03-09T06:00Z"],
  ],
  [
    "New York: 01:30 is shown twice in November",
    daily("01:30", "America/New_York"),
    "2026-10-31T12:00Z",
    ["2026-11-01T05:30Z", "2026-11-02T06:30Z"],
  ],
  [
    "Lord Howe: clocks move by half an hour, forward",
    daily("02:15", "Australia/Lord_Howe"),
    "2026-10-02T16:00Z",
    ["2026-10-03T15:30Z", "2026-10-04T15:15Z"],
  ],
  [
    "Lord Howe: and back",
    daily("01:45", "Australia/Lord_Howe"),
    "2026-04-03T16:00Z",
    ["2026-04-04T14:45Z", "2026-04-05T15:15Z"],
  ],
  ["Kathmandu: 5:45 east of UTC", daily("02:00", "Asia/Kathmandu"), "2026-11-24T00:00Z", ["2026-11-24T20:15Z"]],
  [
    "Apia: the run of the day that was left out is due when the calendar jumps",
    daily("02:00", "Pacific/Apia"),
    "2011-12-29T11:00Z",
    ["2011-12-29T12:00Z", "2011-12-30T10:00Z", "2011-12-30T12:00Z"],
  ],
  [
    "a weekly schedule takes its days in order",
    { kind: "weekly", days: ["fri", "mon", "sun"], at: "06:00", timeZone: "Europe/Berlin" },
    "2026-11-24T12:00Z",
    ["2026-11-27T05:00Z", "2026-11-29T05:00Z", "2026-11-30T05:00Z", "2026-12-04T05:00Z"],
  ],
  [
    "the weekday is the zone's, not UTC's",
    { kind: "weekly", days: ["mon"], at: "05:00", timeZone: "Asia/Kathmandu" },
    "2026-11-24T12:00Z",
    ["2026-11-29T23:15Z"],
  ],
  [
    "an interval counts from midnight UTC",
    { kind: "interval", minutes: 360 },
    "2026-11-24T05:59Z",
    ["2026-11-24T06:00Z", "2026-11-24T12:00Z", "2026-11-24T18:00Z", "2026-11-25T00:00Z"],
  ],
  ["an interval is strictly after", { kind: "interval", minutes: 15 }, "2026-11-24T06:00Z", ["2026-11-24T06:15Z"]],
  ["a manual schedule is never due", { kind: "manual" }, "2026-11-24T06:00Z", []],
  ["a leap day", cron("0 12 29 2 *"), "2026-01-01T00:00Z", ["2028-02-29T12:00Z", "2032-02-29T12:00Z"]],
  ["a leap day across 2100", cron("0 12 29 2 *"), "2096-03-01T00:00Z", ["2104-02-29T12:00Z"]],
  [
    "the last day of the longer months",
    cron("0 0 31 * *"),
    "2026-03-31T00:00Z",
    ["2026-05-31T00:00Z", "2026-07-31T00:00Z"],
  ],
  [
    "day of month or day of week, when both are given",
    cron("0 0 13 * fri"),
    "2026-11-06T00:00Z",
    [
      "2026-11-13T00:00Z",
      "2026-11-20T00:00Z",
      "2026-11-27T00:00Z",
      "2026-12-04T00:00Z",
      "2026-12-11T00:00Z",
      "2026-12-13T00:00Z",
    ],
  ],
  [
    "two cron times in the hour the clocks skip are one run",
    cron("0,30 2 * * *", "Europe/Berlin"),
    "2026-03-28T12:00Z",
    ["2026-03-29T01:00Z", "2026-03-30T00:00Z", "2026-03-30T00:30Z"],
  ],
  [
    "a cron time within the skipped hour and one at its end are one run",
    cron("0 2,3 * * *", "Europe/Berlin"),
    "2026-03-28T12:00Z",
    ["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
  ],
  [
    "cron with every hour goes on through the hour shown twice",
    cron("0,30 * * * *", "Europe/Berlin"),
    "2026-10-24T23:45Z",
    ["2026-10-25T00:00Z", "2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-25T02:00Z"],
  ],
  [
    "cron with every hour has nothing to make up for in the skipped hour",
    cron("30 * * * *", "Europe/Berlin"),
    "2026-03-28T23:45Z",
    ["2026-03-29T00:30Z", "2026-03-29T01:30Z", "2026-03-29T02:30Z"],
  ],
];

describe("nextRuns", () => {
  for (const [title, schedule, after, due] of table) {
    test(title, () => {
      const found = nextRuns(schedule, new Date(after), Math.max(due.length, 1));
      assert.deepEqual(
        found,
        due.map((instant) => new Date(instant)),
      );
    });
  }

  test("jitter moves daily and weekly runs by the same minutes every day, and nothing else", () => {
    const after = new Date("2026-11-24T00:00Z");
    const seed = "019ab3d2-0000-7000-8000-000000000001";
    const minutes = jitterMinutes(seed);
    assert.ok(minutes > 0, "this seed should move something");
    const shift = (schedule: Schedule) => {
      const [plain, jittered] = [nextRuns(schedule, after, 5), nextRuns(schedule, after, 5, { jitterSeed: seed })];
      return new Set(jittered.map((instant, index) => (instant.getTime() - Number(plain[index])) / 60_000));
    };
    assert.deepEqual(shift(daily("02:00", "Europe/Berlin")), new Set([minutes]));
    assert.deepEqual(shift({ kind: "weekly", days: ["mon"], at: "02:00", timeZone: "UTC" }), new Set([minutes]));
    assert.deepEqual(shift(cron("0 2 * * *")), new Set([0]));
    assert.deepEqual(shift({ kind: "interval", minutes: 60 }), new Set([0]));
  });

  test("between the set time and its jitter, today's run is still to come", () => {
    const seed = "019ab3d2-0000-7000-8000-000000000001";
    const [next] = nextRuns(daily("02:00", "UTC"), new Date("2026-11-24T02:00:30Z"), 1, { jitterSeed: seed });
    assert.equal(next?.toISOString().slice(0, 10), "2026-11-24");
  });

  test("jitter spreads over all its minutes", () => {
    const hits = new Map<number, number>();
    for (let index = 0; index < 3000; index += 1) {
      const minutes = jitterMinutes(`019ab3d2-0000-7000-8000-${index.toString(16).padStart(12, "0")}`);
      hits.set(minutes, (hits.get(minutes) ?? 0) + 1);
    }
    assert.deepEqual(
      [...hits.keys()].sort((a, b) => a - b),
      Array.from({ length: jitterLimit + 1 }, (_, index) => index),
    );
    assert.ok(Math.max(...hits.values()) < 400, "no minute has twice its share");
  });

  test("refuses a schedule that scheduleProblems objects to", () => {
    assert.throws(() => nextRuns(daily("02:00", "Mars/Olympus"), new Date(0), 1), RangeError);
    assert.throws(() => nextRuns(cron("61 2 * * *"), new Date(0), 1), RangeError);
  });
});
