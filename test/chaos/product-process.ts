import { type ChildProcess, fork } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startFlags } from "../start-flags.ts";

/** The product as a process of its own, to be killed. */
export type ProductProcess = AsyncDisposable & {
  readonly pid: number;
  /** Null for a worker, which answers nobody. */
  readonly url: string | null;
  /** SIGKILL, to this process alone. */
  readonly kill: () => Promise<void>;
  /** SIGKILL, to this process and every process that it started, its database too. */
  readonly killTree: () => Promise<void>;
};

const program = fileURLToPath(new URL("../../server/start.js", import.meta.url));

/**
 * Starts the product and waits until it is ready. It stops with this process, whose channel it watches.
 *
 * @throws when it ends before it is ready
 */
export async function startProduct(environment: Readonly<Record<string, string>>): Promise<ProductProcess> {
  const env: NodeJS.ProcessEnv = { ...process.env, PORT: "0", LOG_LEVEL: "silent", ...environment };
  // What the test runner tells its own children would make this one report as a test.
  delete env.NODE_TEST_CONTEXT;
  const child = fork(program, [], { env, execArgv: startFlags(), stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const { url } = await readiness(child, gone);
  const pid = child.pid ?? 0;
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
  };
  return {
    pid,
    url,
    kill,
    killTree: async () => {
      const pids = await descendants(pid);
      for (const each of [pid, ...pids]) killIfAlive(each);
      await gone;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** Whether the processes below another one can be found: only Linux tells. */
export const knowsProcessTrees = process.platform === "linux";

async function readiness(child: ChildProcess, gone: Promise<void>): Promise<{ url: string | null }> {
  const ready = new Promise<{ url: string | null }>((resolve) =>
    child.once("message", (message: { url: string | null }) => resolve(message)),
  );
  const ended = gone.then(() => {
    throw new Error("The product ended before it was ready.");
  });
  return await Promise.race([ready, ended]);
}

async function descendants(root: number): Promise<readonly number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    const stat = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, "utf8").catch(() => "") : "";
    // proc(5): pid (comm) state ppid; comm may hold anything, parentheses too.
    const parent = /\) \S (\d+)/.exec(stat.slice(stat.lastIndexOf(")")))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const found: number[] = [];
  const below = (pid: number): void => {
    for (const [child, parent] of parents) {
      if (parent === pid) {
        found.push(child);
        below(child);
      }
    }
  };
  below(root);
  return found;
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended between being found and being killed.
  }
}
