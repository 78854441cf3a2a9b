import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compileDatePattern } from "./date-pattern.ts";
import { datePartsOf, isoText, parseIsoDate, timeOf } from "./iso-date.ts";

const propertyRuns = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) };

const years = { min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true };

test("writes every time of the years 0001 to 9999 as the platform does, and reads it back", () => {
  fc.assert(
    fc.property(fc.date(years), (date) => {
      assert.equal(isoText(date.getTime()), date.toISOString());
      assert.deepEqual(parseIsoDate(date.toISOString()), { time: date.getTime(), dateOnly: false });
      const parts = datePartsOf(date.getTime());
      assert.equal(parts && timeOf(parts), Math.floor(date.getTime() / 1000) * 1000);
    }),
    propertyRuns,
  );
});

const readable: readonly (readonly [string, string])[] = [
  ["2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["2024-02-29", "2024-02-29T00:00:00.000Z"],
  ["0001-01-01", "0001-01-01T00:00:00.000Z"],
  ["2026-01-31T10:20Z", "2026-01-31T10:20:00.000Z"],
  ["2026-01-31 10:20:30z", "2026-01-31T10:20:30.000Z"],
  ["2026-01-31T10:20:30.5Z", "2026-01-31T10:20:30.500Z"],
  ["2026-01-31T10:20:30.123456789Z", "2026-01-31T10:20:30.123Z"],
  ["2026-01-31T10:20:30+05:30", "2026-01-31T04:50:30.000Z"],
  ["2026-01-31T23:20:30-0800", "2026-02-01T07:20:30.000Z"],
  ["2026-01-31T10:20:30+02", "2026-01-31T08:20:30.000Z"],
];
for (const [text, expected] of readable) {
  test(`reads ${text}`, () => assert.equal(isoText(parseIsoDate(text)?.time ?? Number.NaN), expected));
}

const refused = [
  "",
  "2026",
  "2026-1-31",
  "20260131",
  "2026-02-29",
  "1900-02-29",
  "2026-13-01",
  "2026-00-10",
  "2026-04-31",
  "0000-01-01",
  "2026-01-31T10:20:30",
  "2026-01-31T24:00:00Z",
  "2026-01-31T23:59:60Z",
  "2026-01-31T10:20:30+24:00",
  "0001-01-01T00:00:00+01:00",
  "9999-12-31T23:30:00-01:00",
  "31.01.2026",
  "01/31/2026",
  "Jan 31, 2026",
  "1767225600",
  "٢٠٢٦-٠١-٣١",
];
for (const text of refused)
  test(`refuses ${text || "nothing"} as a date`, () => assert.equal(parseIsoDate(text), null));

test("a date pattern reads what it wrote, to the second", () => {
  const compiled = compileDatePattern("dd.MM.yyyy HH:mm:ss");
  assert.equal(compiled.kind, "ok");
  if (compiled.kind !== "ok") return;
  fc.assert(
    fc.property(fc.date(years), (date) => {
      const text = compiled.pattern.format(date.getTime());
      assert.ok(text !== null);
      assert.equal(compiled.pattern.parse(text), Math.floor(date.getTime() / 1000) * 1000);
    }),
    propertyRuns,
  );
});
