import { spawn } from "node:child_process";

/** How a process ended: its exit code or the signal that ended it, in words, and all that it wrote. */
export type ProcessEnd = { readonly end: string; readonly output: string };

export type ProcessOptions = {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which it is killed with SIGKILL. */
  readonly timeout?: number;
};

/** Runs Node.js, this very one, with the arguments, to its end. */
export async function runNode(args: readonly string[], options: ProcessOptions): Promise<ProcessEnd> {
  const child = spawn(process.execPath, args, { ...options, killSignal: "SIGKILL", stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
    });
  }
  const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
  child.on("close", (code, signal) => resolve({ end: signal ?? String(code), output }));
  return await promise;
}
