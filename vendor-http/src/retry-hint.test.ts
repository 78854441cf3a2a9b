import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseHttpDate } from "./http-date.ts";
import { type Headers, readRetryHint } from "./retry-hint.ts";

const now = Date.UTC(1994, 10, 6, 8, 49, 7); // 30 s before the date of RFC 9110 §5.6.7
const epoch = now / 1000;

const forms: readonly (readonly [string, number, Headers, number | null])[] = [
  ["Retry-After in seconds", 429, { "retry-after": "30" }, 30_000],
  ["Retry-After with a fraction", 429, { "retry-after": "1.5" }, 1500],
  ["Retry-After of zero", 429, { "retry-after": "0" }, 0],
  ["Retry-After as a date", 429, { "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT" }, 30_000],
  ["Retry-After as an RFC 850 date", 429, { "retry-after": "Sunday, 06-Nov-94 08:49:37 GMT" }, 30_000],
  ["Retry-After as an asctime date", 429, { "retry-after": "Sun Nov  6 08:49:37 1994" }, 30_000],
  ["Retry-After as a date that is over", 429, { "retry-after": "Sun, 06 Nov 1994 08:00:00 GMT" }, 0],
  [
    "a date, by the vendor's own clock",
    503,
    { "retry-after": "Sun, 06 Nov 2011 08:49:37 GMT", date: "Sun, 06 Nov 2011 08:49:35 GMT" },
    2000,
  ],
  ["Retry-After on a 503", 503, { "retry-after": "7" }, 7000],
  ["Retry-After that means nothing", 429, { "retry-after": "soon" }, null],
  ["a negative Retry-After", 429, { "retry-after": "-5" }, null],
  [
    "Retry-After before all others",
    429,
    { "retry-after": "3", "ratelimit-reset": "9", "x-ratelimit-reset": "8" },
    3000,
  ],
  ["another header when Retry-After means nothing", 429, { "retry-after": "soon", "x-ratelimit-reset": "8" }, 8000],
  ["ratelimit-reset", 429, { "ratelimit-limit": "10", "ratelimit-remaining": "0", "ratelimit-reset": "12" }, 12_000],
  ["ratelimit as a list", 429, { ratelimit: '"minute";r=0;t=12, "day";r=50;t=5000' }, 12_000],
  ["ratelimit in its older form", 429, { ratelimit: "limit=10, remaining=0, reset=9" }, 9000],
  ["a ratelimit that is not used up", 429, { ratelimit: '"minute";r=3;t=12' }, null],
  ["x-ratelimit-reset in seconds", 429, { "x-ratelimit-reset": "20" }, 20_000],
  [
    "x-ratelimit-reset as seconds since 1970",
    429,
    { "x-ratelimit-reset": String(1_700_000_020), date: "Tue, 14 Nov 2023 22:13:20 GMT" },
    20_000,
  ],
  [
    "x-ratelimit-reset as milliseconds since 1970",
    429,
    { "x-ratelimit-reset": String(1_700_000_020_500), date: "Tue, 14 Nov 2023 22:13:20 GMT" },
    20_500,
  ],
  ["x-ratelimit-reset as a date", 429, { "x-ratelimit-reset": "Sun, 06 Nov 1994 08:49:37 GMT" }, 30_000],
  ["x-rate-limit-reset", 429, { "x-rate-limit-reset": "4" }, 4000],
  ["x-ratelimit-reset-after", 429, { "x-ratelimit-reset-after": "0.5", "x-ratelimit-reset": "99" }, 500],
  ["a quota that is not used up", 429, { "x-ratelimit-remaining": "5", "x-ratelimit-reset": "20" }, null],
  ["a quota's reset on a server error", 500, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "20" }, null],
  ["no header", 429, {}, null],
];

describe("readRetryHint", () => {
  for (const [what, status, headers, expected] of forms) {
    test(`reads ${what}`, () => assert.equal(readRetryHint(status, headers, now), expected));
  }
});

test("parseHttpDate reads the three forms and nothing else", () => {
  assert.equal(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), (epoch + 30) * 1000);
  for (const text of [
    "",
    "12",
    "2024-01-01",
    "Sun, 06 Nov 1994 08:49:37 +0200",
    "Sun, 06 Foo 1994 08:49:37 GMT",
    "tomorrow",
  ]) {
    assert.equal(parseHttpDate(text), null, text);
  }
});
