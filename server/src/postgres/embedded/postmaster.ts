import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ProductError } from "@rollcall/core/errors.ts";
import type { LaunchPlan } from "./launch-plan.ts";
import { runProgram, startProgram } from "./run-program.ts";

/** How a postmaster ended. */
export type PostgresExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A running server process of PostgreSQL. */
export type Postmaster = {
  readonly pid: number;
  readonly exited: Promise<PostgresExit>;
  /** Ends sessions, writes everything down and stops. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts the server and waits until it accepts connections, through crash recovery if need be.
 *
 * @throws ProductError `database.cannot_start` with the server's last words when it ends instead
 */
export async function startPostmaster(
  plan: LaunchPlan,
  args: readonly string[],
  log: (line: string) => void,
): Promise<Postmaster> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const attempt = await tryStart(plan, args, log);
    if (attempt.kind === "running") {
      return attempt.postmaster;
    }
    if (!passingTroubles.some((trouble) => trouble.test(attempt.lastWords)) || Date.now() > deadline) {
      throw new ProductError(
        "database.cannot_start",
        `The embedded PostgreSQL in ${plan.clusterFolder} did not start: ${attempt.lastWords.slice(-800)}`,
      );
    }
    await sleep(200);
  }
}

/** What a killed server may meet at its next start, and not at the one after. */
const passingTroubles: readonly RegExp[] = [
  // Its sessions need a moment to notice; until then it refuses to start.
  /pre-existing shared memory block/,
  // Those sessions abort, and of an unlogged table that was just made they remove everything but an empty file; the recovery makes
  // the rest anew and then finds the file in its way. The next recovery sees both and removes it.
  /could not create file "base\/.*": File exists/,
];

type Attempt =
  | { readonly kind: "running"; readonly postmaster: Postmaster }
  | { readonly kind: "ended"; readonly lastWords: string };

async function tryStart(plan: LaunchPlan, args: readonly string[], log: (line: string) => void): Promise<Attempt> {
  const child = startProgram(plan, plan.binaries.postgres, ["-D", plan.clusterFolder, ...args]);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    lines.splice(0, lines.length - 20);
    log(line);
  });
  const exited = new Promise<PostgresExit>((resolve) => {
    child.once("error", (error) => {
      lines.push(error.message);
      resolve({ code: -1, signal: null });
    });
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  while (!ended && child.pid !== undefined) {
    if (await isReady(plan.clusterFolder, child.pid)) {
      // The server does not keep this process from ending; an orphan is dealt with at the next start.
      child.unref();
      if ("unref" in child.stderr && typeof child.stderr.unref === "function") {
        child.stderr.unref();
      }
      const { pid } = child;
      return {
        kind: "running",
        postmaster: {
          pid,
          exited,
          stop: async () => {
            // Its number may be another program's by now.
            if (!ended) {
              child.ref();
              await stopChild(plan, pid, exited);
            }
          },
        },
      };
    }
    await sleep(10);
  }
  await exited;
  if (!reader.terminal && !child.stderr.readableEnded) {
    await Promise.race([once(reader, "close"), sleep(500)]);
  }
  return { kind: "ended", lastWords: lines.join("\n") };
}

/** Line 8 of postmaster.pid is the server's own word on its state (PostgreSQL, src/include/utils/pidfile.h). */
async function isReady(clusterFolder: string, pid: number): Promise<boolean> {
  const lines = await readPidFile(clusterFolder);
  return lines?.[0] === String(pid) && lines[7] === "ready";
}

/** The lines of postmaster.pid: 1 process, 4 port, 5 socket folder, 8 state; undefined when there is no such file. */
export async function readPidFile(clusterFolder: string): Promise<readonly string[] | undefined> {
  const text = await readFile(join(clusterFolder, "postmaster.pid"), "utf8").catch(() => undefined);
  return text?.split("\n").map((line) => line.trim());
}

async function stopChild(plan: LaunchPlan, pid: number, exited: Promise<unknown>): Promise<void> {
  await signalUntilEnded(plan, pid, async (ms) => {
    const waited = new AbortController();
    const ended = await Promise.race([
      exited.then(() => true),
      sleep(ms, false, { signal: waited.signal }).catch(() => false),
    ]);
    waited.abort();
    return ended;
  });
}

/**
 * Ends a postmaster: asked to (fast shutdown), then told to (immediate shutdown, recovery at the next start), then killed.
 * `endedWithin` waits that long and tells whether it has ended.
 */
export async function signalUntilEnded(
  plan: LaunchPlan,
  pid: number,
  endedWithin: (ms: number) => Promise<boolean>,
): Promise<void> {
  for (const { signal, mode, waitMs } of shutdowns) {
    if (process.platform === "win32") {
      await runProgram(plan, plan.binaries.pgCtl, ["stop", "-D", plan.clusterFolder, "-m", mode, "-W"]);
    } else {
      sendSignal(pid, signal);
    }
    if (await endedWithin(waitMs)) {
      return;
    }
  }
  throw new ProductError("database.cannot_start", `The embedded PostgreSQL, process ${pid}, cannot be stopped.`);
}

// PostgreSQL, "Shutting Down the Server": SIGINT is the fast shutdown, SIGQUIT the immediate one.
const shutdowns = [
  { signal: "SIGINT", mode: "fast", waitMs: 60_000 },
  { signal: "SIGQUIT", mode: "immediate", waitMs: 10_000 },
  { signal: "SIGKILL", mode: "immediate", waitMs: 10_000 },
] as const;

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended by itself meanwhile.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) {
      throw error;
    }
  }
}
