import { type ChildProcessByStdio, spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import type { Readable } from "node:stream";
import type { LaunchPlan } from "./launch-plan.ts";

type Running = ChildProcessByStdio<null, null, Readable>;

/** Starts a program of PostgreSQL as the plan says, in a process group of its own: Ctrl-C at a terminal is for us to answer. */
export function startProgram(plan: LaunchPlan, program: string, args: readonly string[]): Running {
  const [command = program, ...rest] = [...plan.prefix, program, ...args];
  return spawn(command, rest, {
    // The current folder may be one that the other user cannot enter.
    ...(process.platform === "win32" ? {} : { cwd: "/", detached: true }),
    ...(plan.runAs ?? {}),
    env: environmentOf(plan),
    stdio: ["ignore", "ignore", "pipe"],
    windowsHide: true,
  });
}

/** Runs a program to its end. `output` is the end of what it complained about; a program that cannot start has code -1. */
export async function runProgram(plan: LaunchPlan, program: string, args: readonly string[]) {
  const child = startProgram(plan, program, args);
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-2_000);
  });
  return await new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
    child.once("error", (error) => resolve({ code: -1, output: error.message }));
    child.once("close", (code, signal) => {
      resolve({ code: code ?? -1, output: output.trim() || `${program} ended with ${signal ?? code}` });
    });
  });
}

/** Only what PostgreSQL needs: our environment holds secrets, and a process's environment can be read by its user. */
function environmentOf({ binaries }: LaunchPlan): NodeJS.ProcessEnv {
  const kept = ["PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot", "SystemDrive", "USERPROFILE", "APPDATA", "LOCALAPPDATA"];
  const environment: NodeJS.ProcessEnv = { LC_ALL: "C" };
  for (const name of kept) {
    if (process.env[name] !== undefined) {
      environment[name] = process.env[name];
    }
  }
  if (binaries.libraryFolder !== undefined) {
    // A library that is loaded through a link looks for the ones it needs beside the link.
    const libraries = [binaries.libraryFolder, join(binaries.folder, "lib")].join(delimiter);
    environment[process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH"] = libraries;
  }
  return environment;
}
