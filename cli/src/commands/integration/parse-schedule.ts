import { wrongUse } from "../../wrong-use.ts";

/**
 * A schedule as it is typed: `manual`, `every <minutes>`, `daily <time>`, `weekly <days> <time>`, `cron <expression>`. The
 * server checks times, days and expressions.
 *
 * @throws ProductError `cli.wrong_use`
 */
export function parseSchedule(text: string | undefined, timeZone: string | undefined): object | undefined {
  if (text === undefined) {
    if (timeZone !== undefined) throw wrongUse("--time-zone belongs to --schedule; give both.");
    return undefined;
  }
  const [kind = "", ...words] = text.trim().split(/\s+/);
  const [first = "", second = ""] = words;
  const zone = timeZone === undefined ? {} : { timeZone };
  if (kind === "cron" && words.length > 0) return { kind: "cron", expression: words.join(" "), ...zone };
  if (kind === "daily" && words.length === 1) return { kind: "daily", at: first, ...zone };
  if (kind === "weekly" && words.length === 2) return { kind: "weekly", days: first.split(","), at: second, ...zone };
  const withoutZone =
    kind === "manual" && words.length === 0
      ? { kind: "manual" }
      : kind === "every" && words.length === 1 && /^\d+$/.test(first)
        ? { kind: "interval", minutes: Number(first) }
        : undefined;
  if (withoutZone === undefined) {
    throw wrongUse(
      `"${text}" is no schedule. Write manual, every 60, daily 02:00, weekly mon,fri 02:00 or cron 0 2 * * *.`,
    );
  }
  if (timeZone !== undefined) throw wrongUse(`A schedule "${kind}" has no time zone.`);
  return withoutZone;
}
