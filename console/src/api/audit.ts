import type { AuditEvent, HistoryCheck } from "@rollcall/core/contract/access.ts";
import { callApi, type QueryValues } from "./client.ts";
import { listOptions } from "./list-options.ts";

/** `from` and `until` are dates of the reader's zone, the last one included. */
export function auditOptions({ from, until, ...query }: QueryValues = {}) {
  return listOptions<AuditEvent>("/audit", { ...query, from: startOf(from), until: startOf(until, 1) });
}

/** Compares the history of every run with what was sealed when it was applied; takes a while with a long history. */
export const checkHistory = () => callApi<HistoryCheck>("GET", "/audit/history-check");

/** The instant at which a date begins in the reader's zone, or so many days later; undefined for what is no date. */
function startOf(date: string | number | undefined, daysLater = 0): string | undefined {
  const [year, month, day] = String(date ?? "")
    .split("-")
    .map(Number);
  const start = new Date(year ?? Number.NaN, (month ?? Number.NaN) - 1, (day ?? Number.NaN) + daysLater);
  return Number.isNaN(start.getTime()) ? undefined : start.toISOString();
}
