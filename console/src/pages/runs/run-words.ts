import { type Change, type Run, type RunCounts, type RunError, runStatuses } from "@rollcall/core/contract/runs.ts";
import { formatDuration } from "../../ui/format-time.ts";
import { statusLabel, statusTone, type Tone } from "../../ui/StatusBadge.tsx";

/** The words of a run for people: every state as it is shown, and the sentence that says what it means. */

type StatusWords = { readonly label: string; readonly tone: Tone; readonly meaning: string };

const meanings: Readonly<Record<Run["status"], string>> = {
  queued: "The run starts as soon as a worker is free.",
  running: "The run is under way. Nothing in the inventory changes before its plan stands.",
  completed: "Everything was read and applied.",
  completed_with_errors: "Everything was read. Some records or values did not fit and were left as they were.",
  incomplete: "Not everything could be read. What was read is applied; nobody is deactivated for being absent.",
  needs_review: "Creations and updates are applied. The deactivations wait for a decision.",
  empty: "The vendor has no users.",
  failed: "The run stopped. Nothing in the inventory changed.",
  cancelled: "The run was cancelled before its plan stood. Nobody is deactivated for being absent.",
  timed_out: "The run did not end within 24 hours and was given up.",
};

/** A run's state in words. A plan that was decided about is no longer waiting, and a preview has applied nothing. */
export function statusWords(run: Pick<Run, "status" | "dryRun" | "plan" | "guard" | "kind" | "reader">): StatusWords {
  const { status } = run;
  if (status === "queued" && run.reader === "runner") {
    return {
      label: statusLabel(status),
      tone: statusTone(status),
      meaning: "The run starts as soon as one of your local runners takes it.",
    };
  }
  const words = { label: statusLabel(status), tone: statusTone(status), meaning: meanings[status] };
  if (run.dryRun && run.plan !== "none") return { ...words, ...previewWords[run.plan] };
  if (run.guard !== null) return { ...words, ...reviewWords[run.plan] };
  if (run.kind === "undo" && status === "completed_with_errors") {
    return {
      ...words,
      meaning: "The run was taken back, except for what has changed since; the problems list what was kept.",
    };
  }
  return run.plan === "undone" ? { ...words, meaning: "What the run did was taken back." } : words;
}

/** What differs from the ordinary words of a preview's state, once its plan is decided about or closed. */
const previewWords: Readonly<Record<Exclude<Run["plan"], "none">, Partial<StatusWords>>> = {
  open: { meaning: "A preview. Nothing of it is written unless you approve it." },
  applied: { meaning: "A preview that was applied." },
  approved: { label: "Approved", tone: "good", meaning: "A preview that was approved: exactly this plan was applied." },
  rejected: { label: "Rejected", tone: "idle", meaning: "A preview that was rejected. Nothing of it was written." },
  stale: {
    label: "Out of date",
    tone: "idle",
    meaning: "A preview that is out of date, because the inventory or the vendor has moved. Nothing of it was written.",
  },
  expired: {
    label: "Expired",
    tone: "idle",
    meaning: "A preview that waited too long for a decision. Nothing of it was written.",
  },
  undone: { label: "Undone", tone: "idle", meaning: "A preview that was approved, applied and taken back again." },
};

/** The same for a run whose deactivations the guard held back. */
const reviewWords: Readonly<Record<Run["plan"], Partial<StatusWords>>> = {
  none: {},
  open: {},
  applied: {},
  approved: { meaning: "Everything was read and applied; the deactivations after they were approved." },
  rejected: { label: "Reviewed", tone: "idle", meaning: "The deactivations were rejected. Nobody was deactivated." },
  stale: {
    label: "Out of date",
    tone: "idle",
    meaning:
      "The withheld deactivations are out of date, because the inventory or the vendor has moved. A newer run decides.",
  },
  expired: {
    label: "Expired",
    tone: "idle",
    meaning: "The withheld deactivations waited too long for a decision. Run again to decide.",
  },
  undone: { label: "Undone", tone: "idle", meaning: "What the run did was taken back." },
};

export const statusOptions = runStatuses.map((value) => ({ value, label: statusLabel(value) }));

const triggers: Readonly<Record<Run["trigger"], string>> = {
  manual: "Started by hand",
  schedule: "By schedule",
  "catch-up": "Caught up after downtime",
  undo: "Undo",
  retry: "Retry of failed records",
};

export function triggerWords({ trigger, requestedBy }: Pick<Run, "trigger" | "requestedBy">): string {
  return requestedBy === null ? triggers[trigger] : `${triggers[trigger]} (${requestedBy})`;
}

/** What kind of run it is, where that is not the ordinary one. */
export function kindWords({ kind, dryRun, trigger }: Pick<Run, "kind" | "dryRun" | "trigger">): string | null {
  if (kind === "undo") return "Undo";
  if (dryRun) return "Preview";
  return trigger === "retry" ? "Retry" : null;
}

/** The stages of a run in their order. */
export function stagesOf({
  reader,
}: Pick<Run, "reader">): readonly { readonly stage: Run["stage"]; readonly label: string }[] {
  return [
    { stage: "waiting", label: reader === "runner" ? "Waiting for a runner" : "Waiting for a worker" },
    { stage: "fetching", label: "Reading from the vendor" },
    { stage: "planning", label: "Working out what would change" },
    { stage: "applying", label: "Applying" },
    { stage: "finished", label: "Finished" },
  ];
}

export const changeKindWords: Readonly<Record<Change["kind"], { readonly label: string; readonly tone: Tone }>> = {
  create: { label: "Create", tone: "good" },
  update: { label: "Update", tone: "info" },
  reactivate: { label: "Reactivate", tone: "good" },
  deactivate: { label: "Deactivate", tone: "warn" },
  restore: { label: "Restore", tone: "info" },
  archive: { label: "Archive", tone: "idle" },
  edit: { label: "Edit by hand", tone: "info" },
};

const reasons: Readonly<Record<string, string>> = {
  missing: "No longer at the vendor",
  "inactive at source": "Inactive at the vendor",
  back: "Back at the vendor",
  linked: "Found by a sync key, and followed by the id at the vendor from now on",
  "by hand": "By hand",
  undo: "Taken back by an undo",
};

/** A reason that this console does not know is shown as it came. */
export function reasonWords(reason: string): string {
  return reasons[reason] ?? reason;
}

const withheldReasons: Readonly<Record<string, string>> = {
  guard: "Waits for approval: so many deactivations in one run need a person's decision",
  coverage: "Not done: the vendor's list was not read completely, so absence proves nothing",
  protected: "Never done: the person is protected",
};

export function withheldWords(withheld: string): string {
  return withheldReasons[withheld] ?? withheld;
}

const guardRules: Readonly<Record<string, string>> = {
  "per-run": "Too many in one run",
  window: "Too many within a few days",
  "to-zero": "Nobody would be left",
};

export function guardRuleWords(rule: string): string {
  return guardRules[rule] ?? rule;
}

export const errorKindWords: Readonly<
  Record<RunError["kind"], { readonly label: string; readonly tone: Tone; readonly meaning: string }>
> = {
  rejected: { label: "Rejected", tone: "bad", meaning: "Nothing of the record was written." },
  field: {
    label: "Value left out",
    tone: "warn",
    meaning: "The record was written without this value; the field stayed as it was.",
  },
  disputed: {
    label: "Disputed",
    tone: "warn",
    meaning: "Nothing was guessed: the record was left alone until somebody says who it is.",
  },
  skipped: { label: "Left as it is", tone: "idle", meaning: "The record was left alone on purpose." },
};

export const countWords: Readonly<Record<keyof RunCounts, { readonly label: string; readonly meaning: string }>> = {
  fetched: { label: "Read", meaning: "Records read from the vendor" },
  created: { label: "Created", meaning: "New in the inventory" },
  updated: { label: "Updated", meaning: "Values changed" },
  unchanged: { label: "Unchanged", meaning: "Nothing to do" },
  skippedByPreference: { label: "Left out by preference", meaning: "The integration only creates, or only updates" },
  skippedByFilter: { label: "Left out by filter", meaning: "The filter of the integration leaves them out" },
  disputed: { label: "Disputed", meaning: "Nobody knows for certain who they are" },
  rejected: { label: "Rejected", meaning: "A mandatory value or the id is missing or wrong" },
  deactivated: { label: "Deactivated", meaning: "Gone from the vendor or inactive there" },
  reactivated: { label: "Reactivated", meaning: "Back at the vendor" },
  withheld: { label: "Withheld", meaning: "Deactivations that were not done" },
};

/** How long a finished run took; null while it runs, or when it never started. */
export function tookWords({ startedAt, finishedAt }: Pick<Run, "startedAt" | "finishedAt">): string | null {
  if (startedAt === null || finishedAt === null) return null;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return seconds < 1 ? "less than a second" : formatDuration(seconds);
}
