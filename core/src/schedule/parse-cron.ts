import { type CalendarPattern, nextWallTime, numbers } from "./calendar-pattern.ts";

/** What an expression means, or what is wrong with it in a sentence for the person who typed it. */
type ParsedCron =
  | { readonly kind: "pattern"; readonly pattern: CalendarPattern }
  | { readonly kind: "refused"; readonly message: string };

/**
 * Reads a cron expression of five fields: minute, hour, day of month, month, day of week; with lists, ranges, steps and
 * English names of months and weekdays, as in crontab(5). Sunday is 0 and 7.
 */
export function parseCron(expression: string): ParsedCron {
  const words = expression.trim().split(/\s+/);
  if (words.length !== fields.length) {
    return refused(`A cron expression has 5 fields (minute hour day-of-month month day-of-week), not ${words.length}.`);
  }
  const lists: (readonly number[])[] = [];
  for (const [index, field] of fields.entries()) {
    const list = parseField(field, words[index] ?? "");
    if (typeof list === "string") {
      return refused(list);
    }
    lists.push(list);
  }
  const [minutes = [], hours = [], monthDays = [], months = [], weekdays = []] = lists;
  const pattern = {
    minutes,
    hours,
    monthDays,
    months,
    weekdays: ascending(weekdays.map((day) => day % 7)),
    eitherDay: isRestricted(words[2]) && isRestricted(words[4]),
  };
  if (nextWallTime(pattern, 0) === undefined) {
    return refused("This never happens: none of the months has such a day.");
  }
  return { kind: "pattern", pattern };
}

type Field = { readonly name: string; readonly min: number; readonly max: number; readonly names?: readonly string[] };

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, names: monthNames },
  { name: "day of week", min: 0, max: 7, names: weekdayNames },
];

function refused(message: string): ParsedCron {
  return { kind: "refused", message };
}

function isRestricted(word = ""): boolean {
  return !word.startsWith("*");
}

function ascending(list: readonly number[]): readonly number[] {
  return [...new Set(list)].sort((a, b) => a - b);
}

/** The field's numbers, or the sentence about what is wrong. */
function parseField(field: Field, word: string): readonly number[] | string {
  const all: number[] = [];
  for (const item of word.split(",")) {
    const part = parseItem(field, item);
    if (typeof part === "string") {
      return part;
    }
    all.push(...part);
  }
  return ascending(all);
}

function parseItem(field: Field, item: string): readonly number[] | string {
  const shape = /^(?:(\*)|([0-9a-z]{1,3})(?:-([0-9a-z]{1,3}))?)(?:\/(\d{1,2}))?$/i.exec(item);
  if (shape === null) {
    return `${about(field, item)} is not *, a number, a range such as 1-5, or one of these with a step such as */15.`;
  }
  const [, star, first = "", last, stepText] = shape;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0) {
    return `${about(field, item)} has a step of 0.`;
  }
  if (star !== undefined) {
    return numbers(field.min, field.name === "day of week" ? 6 : field.max, step);
  }
  const from = numberOf(field, first);
  const to = last === undefined ? from : numberOf(field, last, from);
  if (from === undefined || to === undefined) {
    const names = field.names === undefined ? "" : `, or a name such as ${field.names[1]}`;
    return `${about(field, item)} is outside ${field.min} to ${field.max}${names}.`;
  }
  if (to < from) {
    return `${about(field, item)} runs backwards; write two ranges with a comma.`;
  }
  if (last === undefined && stepText !== undefined) {
    return `${about(field, item)} has a step without a range; write ${first}-${field.max}/${step}.`;
  }
  return numbers(from, to, step);
}

function about(field: Field, item: string): string {
  return item === ""
    ? `Nothing stands for the ${field.name}, or beside a comma: it`
    : `"${item}" for the ${field.name}`;
}

/** As the end of a range, `sun` is day 7, so that fri-sun is what it says. */
function numberOf(field: Field, text: string, rangeStart?: number): number | undefined {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) {
    const value = named + field.min;
    return rangeStart !== undefined && value === 0 ? 7 : value;
  }
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : undefined;
}
