import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schedule } from "../contract/integrations.ts";
import { scheduleProblems } from "./schedule-problems.ts";

test("points at the expression and the time zone of a cron schedule that has both wrong", () => {
  const problems = scheduleProblems({ kind: "cron", expression: "0 25 * * *", timeZone: "Europe/Berln" });
  assert.deepEqual(
    problems.map(({ pointer }) => pointer),
    ["/expression", "/timeZone"],
  );
  assert.match(problems[1]?.message ?? "", /no time zone "Europe\/Berln"/);
});

test("refuses an offset in place of a zone, because it knows no daylight saving", () => {
  const [problem] = scheduleProblems({ kind: "daily", at: "02:00", timeZone: "+01:00" });
  assert.equal(problem?.pointer, "/timeZone");
});

test("has nothing against valid schedules of every kind", () => {
  const schedules: readonly Schedule[] = [
    { kind: "daily", at: "02:00", timeZone: "Asia/Kathmandu" },
    { kind: "weekly", days: ["mon"], at: "02:00", timeZone: "UTC" },
    { kind: "interval", minutes: 15 },
    { kind: "cron", expression: "*/30 * * * *", timeZone: "America/New_York" },
    { kind: "manual" },
  ];
  for (const schedule of schedules) {
    assert.deepEqual(scheduleProblems(schedule), []);
  }
});
