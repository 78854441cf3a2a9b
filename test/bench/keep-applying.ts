import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { lowerPriority } from "@rollcall/server/postgres/embedded/lower-priority.ts";
import type { FloorTarget } from "./measure-floor.ts";
import { type Api, launch } from "./product-api.ts";
import { startProcess } from "./start-process.ts";

export type Applying = AsyncDisposable & {
  /** Throws what went wrong with the runs, if anything did. */
  readonly check: () => void;
  /** What the runs did so far. */
  readonly summary: () => string;
  /** Whether a whole run and its undo are over. */
  readonly hasUndone: () => boolean;
};

/** Syncs `users` of a sandbox and undoes it, again and again, until disposed. Resolves when the first run is under way. */
export async function keepApplying(api: Api, users: number): Promise<Applying> {
  const sandbox = startProcess("sandbox/src/main.ts", [
    ...["--users", String(users), "--population", "plain", "--rate-limits", "false", "--port", "0", "--json"],
  ]);
  // A vendor computes on machines of its own.
  await lowerPriority(sandbox.pid);
  const integration = await launch(api, JSON.parse(await sandbox.line()) as FloorTarget);
  const finished: Run[] = [];
  let isWanted = true;
  let failure: unknown;
  const work = async () => {
    while (isWanted) {
      const last = finished.at(-1);
      const isSync = last === undefined || last.kind === "undo";
      const path = isSync ? `/integrations/${integration.id}/runs` : `/runs/${last.id}/undo`;
      finished.push(await finish(api, await api<Run>("POST", path)));
    }
  };
  const working = work().catch((cause: unknown) => {
    failure = cause;
  });
  return {
    check: () => {
      if (failure !== undefined) throw new Error("The runs beside the requests failed.", { cause: failure });
    },
    summary: () =>
      `runs over ${users} users that ended: ${finished.map(describe).join(", ") || "none"}; one is under way`,
    hasUndone: () => finished.some(({ kind }) => kind === "undo"),
    [Symbol.asyncDispose]: async () => {
      isWanted = false;
      await working;
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

function describe({ kind, status, startedAt, finishedAt }: Run): string {
  const milliseconds = Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? "");
  return `${kind} ${status} after ${(milliseconds / 1_000).toFixed(0)} s`;
}

async function finish(api: Api, { id }: Run): Promise<Run> {
  for (;;) {
    const run = await api<Run>("GET", `/runs/${id}`);
    if (run.finishedAt !== null) return run;
    await sleep(500);
  }
}
