import type { Run } from "@rollcall/core/contract/runs.ts";

/** What the runs of one day did. `users` is how many there are by the last complete run of each integration; null before the first. */
export type TrendDay = {
  /** `2026-11-24`, in UTC. */
  readonly day: string;
  readonly users: number | null;
  readonly created: number;
  readonly deactivated: number;
};

/**
 * One entry for each day from the first finished run on, previews left out; a day without runs keeps the number of users. At most `days`, and
 * at least `atLeast` once there is a run.
 */
export function dailyTrend(runs: readonly Run[], now: number, days = 14, atLeast = 1): readonly TrendDay[] {
  const finished = runs
    .filter(({ kind, dryRun, finishedAt }) => kind === "sync" && !dryRun && finishedAt !== null)
    .toSorted((a, b) => (a.finishedAt ?? "").localeCompare(b.finishedAt ?? ""));
  const first = finished[0]?.finishedAt?.slice(0, 10);
  if (first === undefined) return [];
  const users = new Map<string, number>();
  const trend: TrendDay[] = [];
  const today = startOfDay(now);
  const wanted = Math.min(Date.parse(first), today - (atLeast - 1) * dayLength);
  const start = Math.max(wanted, today - (days - 1) * dayLength);
  const before = finished.filter(({ finishedAt }) => Date.parse(finishedAt ?? "") < start);
  for (const run of before) rememberUsers(users, run);
  for (let time = start; time <= now; time += dayLength) {
    const day = new Date(time).toISOString().slice(0, 10);
    const ofDay = finished.filter(({ finishedAt }) => finishedAt?.startsWith(day) === true);
    for (const run of ofDay) rememberUsers(users, run);
    trend.push({
      day,
      users: users.size === 0 ? null : sum([...users.values()]),
      created: sum(ofDay.map(({ counts }) => counts.created)),
      deactivated: sum(ofDay.map(({ counts }) => counts.deactivated)),
    });
  }
  return trend;
}

const dayLength = 24 * 3600 * 1000;

function startOfDay(time: number): number {
  return Math.floor(time / dayLength) * dayLength;
}

/** Only a run that read everybody says how many there are. */
function rememberUsers(users: Map<string, number>, { integrationId, coverage, counts }: Run): void {
  if (coverage?.complete === true) users.set(integrationId, counts.fetched);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
