import type { Run } from "@rollcall/core/contract/runs.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Style } from "../terminal/output.ts";

type Ending = { readonly says: string; readonly style: Style; readonly exitCode: ExitCode };

/** What a run's status means to whoever waits for it: words, colour, and the exit code of `--wait`. */
export function runEnding(status: Run["status"]): Ending {
  return endings[status];
}

const { done, failed, needsReview } = exitCodes;

const endings: Readonly<Record<Run["status"], Ending>> = {
  queued: { says: "waits for a worker", style: "dim", exitCode: done },
  running: { says: "is under way", style: "dim", exitCode: done },
  completed: { says: "completed", style: "green", exitCode: done },
  completed_with_errors: {
    says: "completed, but some records did not fit",
    style: "yellow",
    exitCode: done,
  },
  incomplete: {
    says: "ended incomplete: the listing has gaps, so nobody was deactivated for being absent",
    style: "yellow",
    exitCode: failed,
  },
  needs_review: { says: "needs review: deactivations wait for a decision", style: "yellow", exitCode: needsReview },
  empty: { says: "found no users at the vendor, and there were none before", style: "green", exitCode: done },
  failed: { says: "failed", style: "red", exitCode: failed },
  cancelled: { says: "was cancelled", style: "yellow", exitCode: failed },
  timed_out: { says: "did not complete within 24 hours", style: "red", exitCode: failed },
};
