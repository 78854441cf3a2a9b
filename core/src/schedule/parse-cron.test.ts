import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { everyHour, everyMonth, everyMonthDay, numbers } from "./calendar-pattern.ts";
import { parseCron } from "./parse-cron.ts";

describe("parseCron", () => {
  test("reads lists, ranges, steps and names", () => {
    assert.deepEqual(parseCron("*/20 8-18/5 1,15 jan-mar,DEC mon-fri"), {
      kind: "pattern",
      pattern: {
        minutes: [0, 20, 40],
        hours: [8, 13, 18],
        monthDays: [1, 15],
        months: [1, 2, 3, 12],
        weekdays: [1, 2, 3, 4, 5],
        eitherDay: true,
      },
    });
  });

  test("takes 0, 7 and sun for Sunday, also at the end of a range", () => {
    for (const [word, days] of [
      ["0", [0]],
      ["7", [0]],
      ["sun", [0]],
      ["fri-sun", [0, 5, 6]],
      ["5-7", [0, 5, 6]],
      ["sun-tue", [0, 1, 2]],
      ["*", numbers(0, 6)],
    ] as const) {
      const parsed = parseCron(`0 2 * * ${word}`);
      assert.deepEqual(parsed.kind === "pattern" && parsed.pattern.weekdays, days, word);
    }
  });

  test("lets either day count only when both day fields are restricted", () => {
    const eitherDay = (expression: string) => {
      const parsed = parseCron(expression);
      return parsed.kind === "pattern" && parsed.pattern.eitherDay;
    };
    assert.equal(eitherDay("0 0 13 * fri"), true);
    assert.equal(eitherDay("0 0 */2 * fri"), false);
    assert.equal(eitherDay("0 0 13 * *"), false);
  });

  test("takes any white space between fields", () => {
    assert.deepEqual(parseCron("  0\t2  * * * "), {
      kind: "pattern",
      pattern: {
        minutes: [0],
        hours: [2],
        monthDays: everyMonthDay,
        months: everyMonth,
        weekdays: numbers(0, 6),
        eitherDay: false,
      },
    });
    const hourly = parseCron("0 0-23 * * *");
    assert.deepEqual(hourly.kind === "pattern" && hourly.pattern.hours, everyHour);
  });

  for (const [expression, sentence] of [
    ["0 2 * *", /has 5 fields .* not 4/],
    ["0 0 2 * * *", /has 5 fields .* not 6/],
    ["60 2 * * *", /"60" for the minute is outside 0 to 59/],
    ["0 24 * * *", /"24" for the hour is outside 0 to 23/],
    ["0 2 0 * *", /"0" for the day of month is outside 1 to 31/],
    ["0 2 * foo *", /"foo" for the month is outside 1 to 12, or a name such as feb/],
    ["0 2 * * 8", /"8" for the day of week is outside 0 to 7/],
    ["0 mon * * *", /"mon" for the hour is outside/],
    ["5-1 2 * * *", /"5-1" for the minute runs backwards/],
    ["*/0 2 * * *", /has a step of 0/],
    ["5/15 2 * * *", /write 5-59\/15/],
    ["1,,2 2 * * *", /Nothing stands for the minute/],
    ["0 2 L * *", /"L" for the day of month/],
    ["0 2 * * 5#2", /"5#2" for the day of week is not/],
    ["-1 2 * * *", /"-1" for the minute is not/],
    ["0 2 30 2 *", /never happens/],
    ["0 2 31 4,6,9,11 *", /never happens/],
  ] as const) {
    test(`refuses ${expression} with a sentence`, () => {
      const parsed = parseCron(expression);
      assert.equal(parsed.kind, "refused");
      assert.match(parsed.kind === "refused" ? parsed.message : "", sentence);
    });
  }

  test("accepts a 31st that another day field makes possible", () => {
    assert.equal(parseCron("0 2 31 2 mon").kind, "pattern");
  });
});
