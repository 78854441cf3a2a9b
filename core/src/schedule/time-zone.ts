import { dayLength } from "./calendar-pattern.ts";

/** An IANA time zone. Offsets are milliseconds east of UTC; instants are milliseconds since 1970. */
export type TimeZone = { readonly offsetAt: (instant: number) => number };

/** Opens a zone by its IANA name (`Europe/Berlin`, `UTC`); undefined when there is none of that name. */
export function openTimeZone(name: string): TimeZone | undefined {
  const known = opened.get(name);
  if (known !== undefined) {
    return known;
  }
  const format = formatFor(name);
  if (format === undefined) {
    return undefined;
  }
  const zone = { offsetAt: (instant: number) => wallTime(format, instant) - wholeSeconds(instant) };
  opened.set(name, zone);
  return zone;
}

// To make a format takes longer than everything that is then asked of it. Names that are none are not kept, so that this holds
// at most the world's zones in their spellings.
const opened = new Map<string, TimeZone>();

/**
 * The one instant at which a wall clock of the zone shows `wall`: the first one when clocks are set back and it shows the
 * time twice; when clocks are set forward past it, the instant they are set.
 */
export function instantOf(zone: TimeZone, wall: number): number {
  const [before, after] = [zone.offsetAt(wall - dayLength), zone.offsetAt(wall + dayLength)];
  const shown = [wall - before, wall - after].filter((instant) => instant + zone.offsetAt(instant) === wall);
  return shown.length > 0 ? Math.min(...shown) : transitionBetween(zone, wall - dayLength, wall + dayLength);
}

/** An instant in (`from`, `to`] at which the zone leaves the offset it has at `from`; its offset at `to` must be another. */
export function transitionBetween(zone: TimeZone, from: number, to: number): number {
  const offset = zone.offsetAt(from);
  let [before, after] = [wholeSeconds(from), wholeSeconds(to)];
  while (after - before > 1000) {
    const middle = wholeSeconds((before + after) / 2);
    if (zone.offsetAt(middle) === offset) {
      before = middle;
    } else {
      after = middle;
    }
  }
  return after;
}

function formatFor(name: string): Intl.DateTimeFormat | undefined {
  // Intl also takes offsets such as +01:00. They know no daylight saving, so they are not what anybody means here.
  if (!/^[A-Za-z]/.test(name)) {
    return undefined;
  }
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

function wallTime(format: Intl.DateTimeFormat, instant: number): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of format.formatToParts(instant)) {
    parts[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function wholeSeconds(instant: number): number {
  return Math.floor(instant / 1000) * 1000;
}
