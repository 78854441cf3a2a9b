import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startFlags } from "../start-flags.ts";

export type ChildProcess = AsyncDisposable & {
  readonly pid: number;
  /** The next line of its standard output. */
  readonly line: () => Promise<string>;
};

/** Starts the product as `npm start` does, with Node's flags, as a process of its own. */
export function startProduct(environment: NodeJS.ProcessEnv): ChildProcess {
  return startProcess("server/start.js", [], environment, startFlags());
}

/** Starts a file of the repository as a process and session of its own, as on a machine of its own; it stops with this one. */
export function startProcess(
  file: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  flags: string[] = [],
): ChildProcess {
  const child = fork(fileURLToPath(new URL(`../../${file}`, import.meta.url)), args, {
    env: { ...process.env, ...environment },
    execArgv: flags,
    detached: true,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const gone = new Promise<void>((done) => child.once("exit", () => done()));
  if (child.stdout === null || child.pid === undefined) throw new Error(`${file} cannot be started`);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid,
    line: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${file} ended before it was ready`);
      return value;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await gone;
    },
  };
}
