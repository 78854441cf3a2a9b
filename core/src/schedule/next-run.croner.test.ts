import assert from "node:assert/strict";
import { test } from "node:test";
import { Cron } from "croner";
import fc from "fast-check";
import { nextRuns } from "./next-run.ts";
import { openTimeZone } from "./time-zone.ts";

const numRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 150);

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Sydney", "America/Sao_Paulo"];
const list = (min: number, max: number) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join(","));
const step = fc.integer({ min: 2, max: 12 }).map((every) => `*/${every}`);
const all = fc.constant("*");
// No steps for days: crontab(5), which we follow, takes a field that begins with * for "any day", croner does not.
const expression = fc
  .tuple(
    fc.oneof(all, step, list(0, 59)),
    fc.oneof(all, step, list(0, 23)),
    fc.oneof(all, list(1, 28)),
    fc.oneof(all, step, list(1, 12)),
    fc.oneof(all, list(0, 6)),
  )
  .map((fields) => fields.join(" "));
const moment = fc
  .integer({ min: Date.parse("2015-01-01T00:00Z"), max: Date.parse("2035-01-01T00:00Z") })
  .map((instant) => new Date(instant));

// Across a change of clocks the two differ by intent: croner fires at both passings of a repeated hour. Ours is held to the table
// in next-run.test.ts there.
test("away from changes of clocks, cron times are those of croner", () => {
  fc.assert(
    fc.property(expression, fc.constantFrom(...zones), moment, (text, timeZone, after) => {
      const ours = nextRuns({ kind: "cron", expression: text, timeZone }, after, 5);
      const theirs = new Cron(text, { timezone: timeZone, paused: true }).nextRuns(5, after);
      const steady = theirs.filter((run) => !clocksChange(timeZone, after, run));
      assert.deepEqual(ours.slice(0, steady.length), steady);
    }),
    { numRuns },
  );
});

function clocksChange(timeZone: string, from: Date, to: Date): boolean {
  const zone = openTimeZone(timeZone);
  assert.ok(zone);
  const offset = zone.offsetAt(from.getTime());
  const week = 7 * 86_400_000;
  // An offset lasts for months, so that one which came and went within a week is none that a zone has had.
  for (let instant = from.getTime(); instant < to.getTime() + week; instant += week) {
    if (zone.offsetAt(Math.min(instant, to.getTime() + 86_400_000)) !== offset) return true;
  }
  return false;
}
