import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";
import type { FloorTarget } from "./measure-floor.ts";
import { type Api, launch } from "./product-api.ts";
import { startProcess } from "./start-process.ts";

export type Applying = AsyncDisposable & {
  /** Throws what went wrong with the runs, if anything did. */
  readonly check: () => void;
  /** What the runs did so far. */
  readonly summary: () => string;
};

/** Syncs `users` of a sandbox and undoes it, again and again, until disposed. Resolves when the first run is under way. */
export async function keepApplying(api: Api, users: number): Promise<Applying> {
  const sandbox = startProcess("sandbox/src/main.ts", [
    ...["--users", String(users), "--population", "plain", "--rate-limits", "false", "--port", "0", "--json"],
  ]);
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
      `runs over ${users} users that ended: ${finished.map(({ kind, status }) => `${kind} ${status}`).join(", ") || "none"}; one is under way`,
    [Symbol.asyncDispose]: async () => {
      isWanted = false;
      await working;
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

async function finish(api: Api, { id }: Run): Promise<Run> {
  for (;;) {
    const run = await api<Run>("GET", `/runs/${id}`);
    if (run.finishedAt !== null) return run;
    await sleep(500);
  }
}
