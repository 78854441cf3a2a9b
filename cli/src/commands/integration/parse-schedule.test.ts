import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scheduleSchema } from "@rollcall/core/contract/integrations.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { scheduleText } from "./describe-integration.ts";
import { parseSchedule } from "./parse-schedule.ts";

describe("a schedule as it is typed", () => {
  test("is what the contract knows, and is shown again in the same words", () => {
    for (const [typed, zone, shown] of [
      ["manual", undefined, "manual"],
      ["every 60", undefined, "every 60 minutes"],
      ["daily 02:00", undefined, "daily 02:00 UTC"],
      ["weekly mon,fri 02:00", "Europe/Berlin", "weekly mon,fri 02:00 Europe/Berlin"],
      [" cron  0 2 * * *", "UTC", "cron 0 2 * * * UTC"],
    ] as const) {
      assert.equal(scheduleText(scheduleSchema.parse(parseSchedule(typed, zone))), shown);
    }
    assert.equal(parseSchedule(undefined, undefined), undefined);
  });

  test("is refused when it is none, or has a time zone that means nothing", () => {
    for (const [typed, zone] of [
      ["", undefined],
      ["daily", undefined],
      ["every hour", undefined],
      ["weekly mon", undefined],
      ["cron", undefined],
      ["every 60", "UTC"],
      [undefined, "UTC"],
    ] as const) {
      const refused = (error: unknown) => error instanceof ProductError && error.code === "cli.wrong_use";
      assert.throws(() => parseSchedule(typed, zone), refused, typed);
    }
  });
});
