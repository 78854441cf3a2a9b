import { parseHttpDate } from "./http-date.ts";

/** Header names in lower case; a repeated header joined by ", ". */
export type Headers = Readonly<Record<string, string>>;

/**
 * How many milliseconds the vendor asks to wait, or `null` when it does not say. `Retry-After` wins (RFC 9110 §10.2.3: seconds
 * or a date); else, on a 429 only, the time at which the quota is restored: `ratelimit` and `ratelimit-reset`
 * (draft-ietf-httpapi-ratelimit-headers, seconds) and `x-ratelimit-reset` (seconds, or an instant as most vendors send it).
 * Instants are compared with the `Date` of the same answer, so that our clock need not agree with the vendor's.
 */
export function readRetryHint(status: number, headers: Headers, now: number): number | null {
  const vendorNow = parseHttpDate(headers.date ?? "") ?? now;
  const asked = readRetryAfter(headers["retry-after"], vendorNow);
  if (asked !== null || status !== 429) return asked;
  return readRateLimit(headers) ?? readReset(headers, "ratelimit", vendorNow) ?? readXRateLimit(headers, vendorNow);
}

function readRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const seconds = readSeconds(value);
  if (seconds !== null) return seconds * 1000;
  const date = parseHttpDate(value);
  return date === null ? null : Math.max(0, date - now);
}

/** The list form, `"default";r=0;t=30`, or the older `limit=10, remaining=0, reset=30`: the longest wait of an empty quota. */
function readRateLimit(headers: Headers): number | null {
  const value = headers.ratelimit;
  if (value === undefined) return null;
  const old = /(?:^|[,\s])remaining=(\d+).*?(?:^|[,\s])reset=(\d+)/i.exec(value);
  if (old !== null) return Number(old[1]) > 0 ? null : Number(old[2]) * 1000;
  const waits = value.split(",").flatMap((item) => {
    const remaining = /;\s*r=(\d+)/i.exec(item)?.[1];
    const reset = /;\s*t=(\d+)/i.exec(item)?.[1];
    return reset === undefined || Number(remaining ?? 0) > 0 ? [] : [Number(reset) * 1000];
  });
  return waits.length === 0 ? null : Math.max(...waits);
}

function readXRateLimit(headers: Headers, now: number): number | null {
  const after = readSeconds(headers["x-ratelimit-reset-after"] ?? "");
  if (after !== null) return after * 1000;
  return readReset(headers, "x-ratelimit", now) ?? readReset(headers, "x-rate-limit", now);
}

/** A quota that is not used up is not the one that was refused, so its reset says nothing. */
function readReset(headers: Headers, prefix: string, now: number): number | null {
  const remaining = readSeconds(headers[`${prefix}-remaining`] ?? "0");
  if (remaining !== null && remaining > 0) return null;
  const value = headers[`${prefix}-reset`];
  if (value === undefined) return null;
  const date = parseHttpDate(value);
  if (date !== null) return Math.max(0, date - now);
  const number = readSeconds(value);
  if (number === null) return null;
  // 10^9 s is the year 2001 as an instant and 31 years as a span; 10^12 the same in milliseconds.
  if (number >= 1e12) return Math.max(0, number - now);
  if (number >= 1e9) return Math.max(0, number * 1000 - now);
  return number * 1000;
}

function readSeconds(value: string): number | null {
  return /^\s*\d{1,15}(?:\.\d{1,9})?\s*$/.test(value) ? Number(value) : null;
}
