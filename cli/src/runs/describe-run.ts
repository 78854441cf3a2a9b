import type { Run, RunCounts } from "@rollcall/core/contract/runs.ts";
import { formatPairs } from "../terminal/table.ts";
import { instant } from "../terminal/text.ts";
import { runEnding } from "./run-ending.ts";

/** All of a run that matters, with the next command. */
export function describeRun(run: Run): string {
  const heading = `${run.dryRun ? "Preview" : run.kind === "undo" ? "Undo" : "Run"} of ${run.integrationName}`;
  const pairs = formatPairs([
    [heading, runEnding(run.status).says],
    ["Id", run.id],
    ["Undoes", run.ofRunId],
    ["Asked for by", run.requestedBy ?? run.trigger],
    ["Stage", run.finishedAt === null ? run.stage : ""],
    ["Queued", instant(run.queuedAt)],
    ["Started", instant(run.startedAt)],
    ["Finished", instant(run.finishedAt)],
    ["Attempts", run.attempt > 1 ? run.attempt : ""],
    ["Cancelled at", instant(run.cancelRequestedAt)],
    ["Progress", run.finishedAt === null ? progressText(run) : ""],
    ["Coverage", run.coverage === null ? "" : run.coverage.complete ? "complete" : gapsText(run.coverage.gaps)],
    ["Counts", countsText(run.counts)],
    ["Guard", guardText(run)],
    ["Plan", planText(run)],
    ["Decision", decisionText(run)],
    ["Error", run.error === null ? "" : `${run.error.message}\n${run.error.nextStep}`],
  ]);
  const next = nextCommands(run);
  return next.length === 0 ? pairs : `${pairs}\n\n${next.join("\n")}`;
}

/** `3 pages, 300 of 1000 records, 50 a second, 14 s left`; what is not known is left out. */
export function progressText({ progress }: Run): string {
  const { pages, records, expected, ratePerSecond, secondsLeft } = progress;
  return [
    `${pages} ${pages === 1 ? "page" : "pages"}`,
    `${records}${expected === null ? "" : ` of ${expected}`} records`,
    ...(ratePerSecond === null ? [] : [`${ratePerSecond} a second`]),
    ...(secondsLeft === null ? [] : [`${durationText(secondsLeft)} left`]),
  ].join(", ");
}

/** What happened, in numbers; kinds that did not occur are left out. */
export function countsText(counts: RunCounts): string {
  const shown = Object.entries(countNames).flatMap(([name, words]) => {
    const count = counts[name as keyof RunCounts];
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return shown.length === 0 ? "" : shown.join(", ");
}

const countNames: Readonly<Record<keyof RunCounts, string>> = {
  fetched: "fetched",
  created: "created",
  updated: "updated",
  unchanged: "unchanged",
  deactivated: "deactivated",
  reactivated: "reactivated",
  withheld: "withheld",
  disputed: "disputed",
  rejected: "rejected",
  skippedByPreference: "skipped by preference",
  skippedByFilter: "skipped by filter",
};

function nextCommands({ id, status, plan, finishedAt, counts }: Run): readonly string[] {
  if (finishedAt === null) return [`rollcall run cancel ${id}    stops it within one page`];
  return [
    ...(plan === "open"
      ? [
          `rollcall run changes ${id}    shows the plan`,
          `rollcall run approve ${id} --reason "…"    applies it`,
          `rollcall run reject ${id}    drops it`,
        ]
      : []),
    ...(status === "completed_with_errors" || counts.rejected + counts.disputed > 0
      ? [`rollcall run errors ${id}    shows what did not fit`]
      : []),
  ];
}

function gapsText(gaps: NonNullable<Run["coverage"]>["gaps"]): string {
  return ["incomplete", ...gaps.map(({ detail, nextStep }) => `${detail} ${nextStep}`)].join("\n");
}

function guardText({ guard }: Run): string {
  if (guard === null) return "";
  const counts = `${guard.wouldDeactivate} of ${guard.knownActive} known active records would be deactivated`;
  return [counts, ...guard.reasons.map(({ detail }) => detail)].join("\n");
}

function planText({ plan, planExpiresAt }: Run): string {
  if (plan === "none") return "";
  return plan === "open" && planExpiresAt !== null ? `open until ${instant(planExpiresAt)}` : plan;
}

function decisionText({ decision }: Run): string {
  if (decision === null) return "";
  const reason = decision.reason === null ? "" : `: ${decision.reason}`;
  return `${decision.by ?? "unknown"}, ${instant(decision.at)}${reason}`;
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
