import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { promisify } from "node:util";

/** A process that cannot be mistaken for a later one with the same number. */
export type ProcessIdentity = {
  readonly pid: number;
  /** The machine, and the container inside it, in which `pid` means something. */
  readonly host: string;
  /** When the process started, in words of the system; undefined where the system does not tell. */
  readonly started: string | undefined;
};

export async function thisProcess(): Promise<ProcessIdentity> {
  return { pid: process.pid, host: thisHost(), started: await startOf(process.pid) };
}

/** Whether the very process runs now; `elsewhere` when its number belongs to another machine or container. */
export async function lookUpProcess(identity: ProcessIdentity): Promise<"running" | "gone" | "elsewhere"> {
  if (identity.host !== thisHost()) {
    return "elsewhere";
  }
  if (!isAlive(identity.pid)) {
    return "gone";
  }
  return (await startOf(identity.pid)) === identity.started ? "running" : "gone";
}

/** Whether some process has this number. A zombie has ended. */
export function isAlive(pid: number): boolean {
  return hasNumber(pid) && linuxStat(pid)?.[0] !== "Z";
}

/** Whether the number is taken, be it by a zombie that nobody has taken note of yet. */
export function hasNumber(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The folder a process works in and its command line, as far as the system tells: the evidence of whose postmaster it is. */
export async function describeProcess(pid: number): Promise<{ readonly folder?: string; readonly command?: string }> {
  if (process.platform === "linux") {
    return { folder: readOrElse(() => readlinkSync(`/proc/${pid}/cwd`), "") };
  }
  return { command: await ps(pid, "command") };
}

function thisHost(): string {
  const namespace = readOrElse(() => readlinkSync("/proc/self/ns/pid"), "");
  return `${hostname()} ${namespace}`.trim();
}

async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const boot = readOrElse(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(), "");
    // proc(5): starttime is field 22 of /proc/pid/stat, in clock ticks since boot; the state is field 3.
    return `${boot} ${linuxStat(pid)?.[19] ?? ""}`;
  }
  return process.platform === "win32" ? undefined : await ps(pid, "lstart");
}

/** The fields of /proc/pid/stat from the third on: the second, the name, may itself hold spaces and parentheses. */
function linuxStat(pid: number): readonly string[] | undefined {
  const text = readOrElse(() => readFileSync(`/proc/${pid}/stat`, "utf8"), "");
  return text === "" ? undefined : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

async function ps(pid: number, column: string): Promise<string> {
  try {
    return (await promisify(execFile)("ps", ["-o", `${column}=`, "-p", String(pid)])).stdout.trim();
  } catch {
    return "";
  }
}

/** Absent files are an answer here: the process ended, or the system is not Linux. */
function readOrElse(read: () => string, otherwise: string): string {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
