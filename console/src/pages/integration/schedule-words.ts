import { type Schedule, weekdays } from "@rollcall/core/contract/integrations.ts";

export const weekdayNames = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
} as const satisfies Record<(typeof weekdays)[number], string>;

/** A schedule in words: `Every day at 02:00 (Europe/Berlin)`. */
export function scheduleWords(schedule: Schedule): string {
  switch (schedule.kind) {
    case "daily":
      return `Every day at ${schedule.at} (${schedule.timeZone})`;
    case "interval":
      return `Every ${intervalWords(schedule.minutes)}`;
    case "weekly": {
      const days = weekdays.filter((day) => schedule.days.includes(day)).map((day) => weekdayNames[day]);
      return `Every ${days.join(", ")} at ${schedule.at} (${schedule.timeZone})`;
    }
    case "cron":
      return `By the cron expression ${schedule.expression} (${schedule.timeZone})`;
    case "manual":
      return "Only when somebody starts it";
  }
}

export function intervalWords(minutes: number): string {
  if (minutes < 60) return `${minutes} minutes`;
  return minutes === 60 ? "hour" : `${minutes / 60} hours`;
}
