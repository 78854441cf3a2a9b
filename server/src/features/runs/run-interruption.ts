/**
 * Why a run has to stop although nothing is wrong with it: the reason of the abort signal that a run works under.
 * `cancelled`: somebody asked for it, the run ends as cancelled. `stopped`: this process ends or another worker has the
 * run; its state stays as it is and it goes on elsewhere.
 */
export class RunInterruption extends Error {
  override readonly name = "RunInterruption";
  readonly kind: "cancelled" | "stopped";

  constructor(kind: RunInterruption["kind"]) {
    super(kind === "cancelled" ? "The run was cancelled." : "This worker gives the run up.");
    this.kind = kind;
  }
}

/** Whether the signal fired because somebody cancelled the run. */
export function isCancelled(signal: AbortSignal): boolean {
  return signal.reason instanceof RunInterruption && signal.reason.kind === "cancelled";
}
