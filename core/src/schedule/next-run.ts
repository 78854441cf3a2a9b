import { type Schedule, weekdays } from "../contract/integrations.ts";
import {
  type CalendarPattern,
  dayLength,
  everyHour,
  everyMonth,
  everyMonthDay,
  everyWeekday,
  minuteLength,
  nextWallTime,
} from "./calendar-pattern.ts";
import { jitterMinutes } from "./jitter.ts";
import { parseCron } from "./parse-cron.ts";
import { instantOf, openTimeZone, type TimeZone, transitionBetween } from "./time-zone.ts";

/**
 * The next `count` times a schedule is due, strictly after `after`, ascending; none for `manual`.
 *
 * Daylight saving neither drops nor doubles a run: a time the clocks skip is due at the instant they are set, a time they
 * show twice is due the first time. A cron expression whose hour is `*` follows the passing hours instead, as cron(8) does.
 * Intervals count from midnight UTC.
 *
 * `jitterSeed`, the integration's id, moves daily and weekly runs by a fixed 0 to `jitterLimit` minutes, so that the
 * integrations of one installation do not all start at the same minute.
 *
 * @throws RangeError for a schedule that `scheduleProblems` objects to
 */
export function nextRuns(
  schedule: Schedule,
  after: Date,
  count: number,
  options: { readonly jitterSeed?: string } = {},
): Date[] {
  const jitter = options.jitterSeed === undefined ? 0 : jitterMinutes(options.jitterSeed) * minuteLength;
  switch (schedule.kind) {
    case "manual":
      return [];
    case "interval":
      return take(intervalRuns(schedule.minutes, after.getTime()), count);
    case "daily":
      return take(onceEach(atTime(schedule.at), zoneOf(schedule), after.getTime() - jitter), count, jitter);
    case "weekly": {
      const days = schedule.days.map((day) => (weekdays.indexOf(day) + 1) % 7).sort();
      return take(
        onceEach({ ...atTime(schedule.at), weekdays: days }, zoneOf(schedule), after.getTime() - jitter),
        count,
        jitter,
      );
    }
    case "cron": {
      const pattern = patternOf(schedule.expression);
      const due = pattern.hours.length === everyHour.length ? everyPassing : onceEach;
      return take(due(pattern, zoneOf(schedule), after.getTime()), count);
    }
  }
}

function take(instants: Generator<number>, count: number, shift = 0): Date[] {
  return [...instants.take(count)].map((instant) => new Date(instant + shift));
}

function atTime(time: string): CalendarPattern {
  const [hour, minute] = time.split(":").map(Number);
  return {
    minutes: [minute ?? 0],
    hours: [hour ?? 0],
    monthDays: everyMonthDay,
    months: everyMonth,
    weekdays: everyWeekday,
    eitherDay: false,
  };
}

function zoneOf(schedule: { readonly timeZone: string }): TimeZone {
  const zone = openTimeZone(schedule.timeZone);
  if (zone === undefined) {
    throw new RangeError(`There is no time zone ${schedule.timeZone}.`);
  }
  return zone;
}

function patternOf(expression: string): CalendarPattern {
  const parsed = parseCron(expression);
  if (parsed.kind === "refused") {
    throw new RangeError(parsed.message);
  }
  return parsed.pattern;
}

function* intervalRuns(minutes: number, after: number): Generator<number> {
  const length = minutes * minuteLength;
  for (let due = (Math.floor(after / length) + 1) * length; ; due += length) {
    yield due;
  }
}

/** Every wall-clock time of the pattern exactly once, whatever the clocks do. */
function* onceEach(pattern: CalendarPattern, zone: TimeZone, after: number): Generator<number> {
  // No wall-clock time before this one can be due after `after`, on whichever side of a change of clocks it lies.
  let wall = after + Math.min(zone.offsetAt(after), zone.offsetAt(after + dayLength));
  let last = after;
  for (;;) {
    const next = nextWallTime(pattern, wall);
    if (next === undefined) {
      return;
    }
    // Two times that the clocks skip are due at the same instant: one run.
    const due = instantOf(zone, next);
    if (due > last) {
      yield due;
      last = due;
    }
    wall = next + minuteLength;
  }
}

/** Every instant at which the wall clock shows a time of the pattern. */
function* everyPassing(pattern: CalendarPattern, zone: TimeZone, after: number): Generator<number> {
  let from = after + 1;
  for (;;) {
    const offset = zone.offsetAt(from);
    const wall = nextWallTime(pattern, from + offset);
    if (wall === undefined) {
      return;
    }
    const due = wall - offset;
    if (zone.offsetAt(due) === offset) {
      yield due;
      from = due + 1;
    } else {
      from = transitionBetween(zone, from, due);
    }
  }
}
