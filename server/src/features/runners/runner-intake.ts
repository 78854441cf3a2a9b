import type { EndReading, RunnerWork, Upload, UploadAnswer } from "@rollcall/core/contract/runners.ts";

/** The runner behind a call, as its token says. */
export type RunnerIdentity = { readonly id: string; readonly name: string; readonly allIntegrations: boolean };

/**
 * What runners do with runs; implemented in sync and given by main. A run that is not the runner's own is not there for it:
 * `run.not_found`. One that it had and has no more: `run.superseded`.
 */
export type RunnerIntake = {
  /** Gives the runner a run that waits or was left by a silent runner; null when there is none. */
  readonly claim: (runner: RunnerIdentity) => Promise<RunnerWork | null>;
  /** Judges and stages an upload. @throws ProductError `runner.out_of_step`, `runner.upload_refused` */
  readonly accept: (runner: RunnerIdentity, runId: string, upload: Upload) => Promise<UploadAnswer>;
  /** Shows that the runner lives; tells whether the run was cancelled. */
  readonly beat: (runner: RunnerIdentity, runId: string, lease: string) => Promise<{ readonly cancel: boolean }>;
  /** Has the joined streams read anew, because their rows are on another machine. */
  readonly restartJoins: (
    runner: RunnerIdentity,
    runId: string,
    lease: string,
  ) => Promise<Pick<RunnerWork, "generation" | "reading" | "unavailable">>;
  /** The runner has read everything, gives the run back, or cannot read it. @throws ProductError `runner.out_of_step` */
  readonly end: (runner: RunnerIdentity, runId: string, ending: EndReading) => Promise<void>;
};
