/**
 * Dates as text, in UTC, without the guesses of `Date.parse`. Only years 0001 to 9999, which ISO 8601 text and
 * PostgreSQL both hold. Times are milliseconds since 1970-01-01T00:00:00Z.
 */
export type IsoDate = { readonly time: number; readonly dateOnly: boolean };

export type DateParts = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
};

export const dayLength = 86_400_000;

const isoForm =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|([+-])(\d{2})(?::?(\d{2}))?))?$/;

/**
 * Reads ISO 8601: a date alone (midnight UTC), or date and time with Z or an offset. A time without a zone is
 * refused, since it names no instant. Fractions are cut to milliseconds. Null when it is anything else.
 */
export function parseIsoDate(text: string): IsoDate | null {
  const found = isoForm.exec(text);
  if (found === null) return null;
  const part = (index: number) => Number(found[index] ?? 0);
  const local = timeOf({
    year: part(1),
    month: part(2),
    day: part(3),
    hour: part(4),
    minute: part(5),
    second: part(6),
  });
  if (local === null || part(10) > 23 || part(11) > 59) return null;
  const milliseconds = Number((found[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const offset = (part(10) * 60 + part(11)) * 60_000 * (found[9] === "-" ? -1 : 1);
  const time = local + milliseconds - offset;
  return isWithinYears(time) ? { time, dateOnly: found[4] === undefined } : null;
}

/** `2026-01-31T10:20:30.000Z`; null for a time outside the years 0001 to 9999 or not a number. */
export function isoText(time: number): string | null {
  const parts = datePartsOf(time);
  if (parts === null) return null;
  const date = `${digits(parts.year, 4)}-${digits(parts.month, 2)}-${digits(parts.day, 2)}`;
  const clock = `${digits(parts.hour, 2)}:${digits(parts.minute, 2)}:${digits(parts.second, 2)}`;
  return `${date}T${clock}.${digits(modulo(Math.floor(time), 1000), 3)}Z`;
}

/** The time of a UTC calendar date and clock; null when there is no such day or time (no leap seconds, no 24:00). */
export function timeOf(parts: DateParts): number | null {
  const { year, month, day, hour, minute, second } = parts;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  return ((daysFromCivil(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000;
}

/** The UTC calendar date and clock of a time; null outside the years 0001 to 9999. */
export function datePartsOf(time: number): DateParts | null {
  if (!isWithinYears(time)) return null;
  const seconds = Math.floor(time / 1000);
  const days = Math.floor(seconds / 86_400);
  const ofDay = seconds - days * 86_400;
  const clock = { hour: Math.floor(ofDay / 3600), minute: Math.floor(ofDay / 60) % 60, second: ofDay % 60 };
  return { ...civilFromDays(days), ...clock };
}

export function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

const firstTime = daysFromCivil(1, 1, 1) * dayLength;
const endTime = daysFromCivil(10_000, 1, 1) * dayLength;

function isWithinYears(time: number): boolean {
  return time >= firstTime && time < endTime;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

// Both from Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March, eras have 400 years.
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
