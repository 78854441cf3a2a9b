import type { AlarmTrigger } from "@rollcall/core/contract/notifications.ts";

/** What a message says: plain sentences, which every channel shows in its own way. */
export type MessageText = { readonly title: string; readonly reason: string; readonly nextStep: string };

export type RunFacts = {
  readonly error: { readonly message: string; readonly nextStep: string } | null;
  readonly gaps: readonly { readonly detail: string; readonly nextStep: string }[];
  readonly guard: { readonly reasons: readonly { readonly detail: string }[]; readonly wouldDeactivate: number } | null;
};

/** A run that did not end well. */
export function runText(
  trigger: "failed" | "incomplete" | "timed_out" | "needs_review",
  name: string,
  { error, gaps, guard }: RunFacts,
): MessageText {
  switch (trigger) {
    case "failed":
      return {
        title: `${name}: the run failed`,
        reason: error?.message ?? "The run failed.",
        nextStep: error?.nextStep ?? "Open the run and look at its error.",
      };
    case "timed_out":
      return {
        title: `${name}: the run did not complete within 24 hours`,
        reason: error?.message ?? "The run was given up after 24 hours and its lock released.",
        nextStep: error?.nextStep ?? "Open the run and look at how far it came.",
      };
    case "incomplete":
      return {
        title: `${name}: the vendor's list was incomplete`,
        reason: `${sentences(gaps.map(({ detail }) => detail)) || "Not everybody could be read."} Nobody was deactivated.`,
        nextStep: gaps[0]?.nextStep ?? "Open the run and look at its gaps.",
      };
    case "needs_review":
      return {
        title: `${name}: ${countOf(guard?.wouldDeactivate ?? 0, "deactivation")} held back for your decision`,
        reason: sentences((guard?.reasons ?? []).map(({ detail }) => detail)) || "The guard held deactivations back.",
        nextStep: "Open the run, look at the list, then approve or reject exactly this plan.",
      };
  }
}

export function didNotStartText(name: string, dueAt: Date | null, why: "not-fired" | "waiting"): MessageText {
  const due = dueAt === null ? "The scheduled run" : `The run that was due at ${utc(dueAt)}`;
  return {
    title: `${name}: the scheduled run did not start`,
    reason: why === "not-fired" ? `${due} was not started.` : `${due} waits, and no worker takes it.`,
    nextStep: "Check that at least one Rollcall process with the role worker or all is running, and read its log.",
  };
}

export function staleText(name: string, lastComplete: Date | null): MessageText {
  return {
    title: `${name}: no complete run for three times its interval`,
    reason:
      lastComplete === null
        ? "No run has ever been complete, so what the inventory shows may be out of date."
        : `The last complete run began at ${utc(lastComplete)}, so what the inventory shows may be out of date.`,
    nextStep: "Open the integration and look at why its latest runs did not complete.",
  };
}

export function credentialText(name: string, expiresOn: string, daysLeft: number): MessageText {
  const when = daysLeft < 0 ? `expired on ${expiresOn}` : `expires on ${expiresOn}${inDays(daysLeft)}`;
  return {
    title: `Credential ${name} ${daysLeft < 0 ? "has expired" : `expires${inDays(daysLeft)}`}`,
    reason: `The credential ${name} ${when}. Runs of the integrations that use it fail once the vendor refuses it.`,
    nextStep: "Make a new client secret at the vendor, enter it in the credential with its expiry date, and test it.",
  };
}

export function schedulerText(minutes: number): MessageText {
  return {
    title: "The scheduler does not run",
    reason: `No Rollcall process has looked at the schedules for ${countOf(minutes, "minute")}; no run starts by itself.`,
    nextStep: "Check that at least one Rollcall process with the role worker or all is running, and read its log.",
  };
}

export function pushStoppedText(name: string, reason: string, nextStep: string): MessageText {
  return {
    title: `${name}: pushing stopped`,
    reason: `${reason} Nothing is lost: what runs applied waits to be pushed.`,
    nextStep,
  };
}

const recoveredFrom: Readonly<Record<AlarmTrigger, string>> = {
  failed: "the run failed",
  incomplete: "the vendor's list was incomplete",
  timed_out: "a run did not complete within 24 hours",
  did_not_start: "a scheduled run did not start",
  needs_review: "deactivations were held back",
  stale: "there was no complete run for a long time",
  credential_expiring: "the credential was about to expire",
  scheduler_dead: "the scheduler did not run",
  push_stopped: "pushing had stopped",
};

export function recoveredText(name: string, triggers: readonly AlarmTrigger[], why: string): MessageText {
  return {
    title: `${name}: recovered`,
    reason: `${why} Before that, ${triggers.map((trigger) => recoveredFrom[trigger]).join(", and ")}.`,
    nextStep: "Nothing to do.",
  };
}

function inDays(days: number): string {
  return days === 0 ? " today" : days === 1 ? " tomorrow" : ` in ${days} days`;
}

function utc(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The first few, each ended by a full stop. */
function sentences(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).map((text) => (/[.!?]$/.test(text) ? text : `${text}.`));
  return [...shown, ...(texts.length > 3 ? [`And ${texts.length - 3} more.`] : [])].join(" ");
}
