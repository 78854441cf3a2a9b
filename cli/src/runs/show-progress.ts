import type { Run } from "@rollcall/core/contract/runs.ts";
import { SingleBar } from "cli-progress";
import type { Session } from "../session.ts";
import { progressText } from "./describe-run.ts";

/** Shows a run as it goes on; `stop` leaves the terminal clean. */
export type Progress = { readonly show: (run: Run) => void; readonly stop: () => void };

const quietMilliseconds = 10_000;

/** A bar on a terminal; elsewhere a line for each stage and every ten seconds; nothing with --json. */
export function showProgress({ out, errorOutput }: Session, now: () => number = Date.now): Progress {
  if (out.json) return { show: () => undefined, stop: () => undefined };
  return errorOutput.isTTY ? bar(errorOutput) : lines(out.note, now);
}

const stageNames: Readonly<Record<Run["stage"], string>> = {
  waiting: "waiting for a worker",
  fetching: "fetching",
  planning: "planning",
  applying: "applying",
  finished: "finished",
};

function bar(stream: NodeJS.WriteStream): Progress {
  const single = new SingleBar({
    stream,
    format: (_options, { progress, total }, { text }: { text?: string }) =>
      total === 0 ? (text ?? "") : `[${"█".repeat(Math.round(progress * 20)).padEnd(20, "░")}] ${text ?? ""}`,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    linewrap: false,
  });
  single.start(0, 0, { text: "" });
  return {
    show: (run) => {
      single.setTotal(run.stage === "fetching" ? (run.progress.expected ?? 0) : 0);
      single.update(run.progress.records, { text: lineOf(run) });
    },
    stop: () => single.stop(),
  };
}

function lines(note: (line: string) => void, now: () => number): Progress {
  let stage: Run["stage"] | undefined;
  let records = -1;
  let at = 0;
  return {
    show: (run) => {
      const moved = run.progress.records !== records && now() - at >= quietMilliseconds;
      if (run.stage === "finished" || (run.stage === stage && !moved)) return;
      stage = run.stage;
      records = run.progress.records;
      at = now();
      note(lineOf(run));
    },
    stop: () => undefined,
  };
}

function lineOf(run: Run): string {
  const stage = stageNames[run.stage];
  return run.stage === "waiting" ? stage : `${stage}: ${progressText(run)}`;
}
