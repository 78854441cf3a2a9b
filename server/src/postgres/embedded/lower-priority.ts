import { readFile, writeFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const niceness = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * Lets a process of this machine compute only while others leave it time. With it goes its session, unless that is this process's own:
 * Linux can share the processor between sessions first, and priorities count within one only (sched(7), "The autogroup feature"). Every
 * process of a PostgreSQL server is a session of its own.
 *
 * @throws the system's error where it refuses
 */
export async function lowerPriority(pid: number): Promise<void> {
  setPriority(pid, niceness);
  const [own, group] = await Promise.all([nameOfGroup("self"), nameOfGroup(pid)]);
  if (group === undefined || group === own) return;
  for (let tries = 1; ; tries += 1) {
    try {
      return await writeFile(autogroup(pid), String(niceness));
    } catch (error) {
      // From all users but root, together, it takes ten changes a second.
      const isTooOften = error instanceof Error && "code" in error && error.code === "EAGAIN";
      if (!isTooOften || tries === mostTries) throw error;
      await sleep(100 + Math.random() * 50);
    }
  }
}

const mostTries = 40;

const autogroup = (pid: number | "self"): string => `/proc/${pid}/autogroup`;

/** Undefined where there are none. */
async function nameOfGroup(pid: number | "self"): Promise<string | undefined> {
  const text = await readFile(autogroup(pid), "utf8").catch(() => "");
  return /^\S+/.exec(text)?.[0];
}
