/**
 * Which wall-clock minutes a schedule names, time zones apart. Wall-clock times are numbers: what `Date.UTC` gives for the
 * date and time on the wall.
 */
export type CalendarPattern = {
  /** Ascending: 0–59, 0–23, 1–31, 1–12, and 0–6 with Sunday first. */
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly monthDays: readonly number[];
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
  /** True when a day counts already if only one of `monthDays` and `weekdays` names it, as in crontab(5). */
  readonly eitherDay: boolean;
};

export const everyHour = numbers(0, 23);
export const everyMonthDay = numbers(1, 31);
export const everyMonth = numbers(1, 12);
export const everyWeekday = numbers(0, 6);

export const minuteLength = 60_000;
export const dayLength = 86_400_000;

/** `from` to `to`, both included. */
export function numbers(from: number, to: number, step = 1): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** The first wall-clock minute of the pattern at or after `from`; undefined when there is none, as for 30 February. */
export function nextWallTime(pattern: CalendarPattern, from: number): number | undefined {
  const start = Math.ceil(from / minuteLength) * minuteLength;
  let day = Math.floor(start / dayLength) * dayLength;
  const end = day + longestWait;
  while (day < end) {
    const date = new Date(day);
    if (!pattern.months.includes(date.getUTCMonth() + 1)) {
      day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
      continue;
    }
    const time = namesDay(pattern, date) ? nextTimeOfDay(pattern, start - day) : undefined;
    if (time !== undefined) {
      return day + time;
    }
    day += dayLength;
  }
  return undefined;
}

// 29 February on a given weekday is 28 years away, and 40 across 2100, which is no leap year.
const longestWait = 41 * 366 * dayLength;

function namesDay(pattern: CalendarPattern, date: Date): boolean {
  const monthDay = pattern.monthDays.includes(date.getUTCDate());
  const weekday = pattern.weekdays.includes(date.getUTCDay());
  return pattern.eitherDay ? monthDay || weekday : monthDay && weekday;
}

/** `from` is in milliseconds since midnight, at or before it for a day that is still to come. */
function nextTimeOfDay(pattern: CalendarPattern, from: number): number | undefined {
  for (const hour of pattern.hours) {
    for (const minute of pattern.minutes) {
      const time = (hour * 60 + minute) * minuteLength;
      if (time >= from) {
        return time;
      }
    }
  }
  return undefined;
}
