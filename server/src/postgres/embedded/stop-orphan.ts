import { realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LaunchPlan } from "./launch-plan.ts";
import { readPidFile, signalUntilEnded } from "./postmaster.ts";
import { describeProcess, hasNumber, isAlive } from "./process-identity.ts";
import { removeTemporarySocketFolder } from "./socket-folder.ts";

/**
 * Stops the server that an earlier owner of the folder left running when it was killed. Call only as owner of the folder.
 * A number in postmaster.pid that now belongs to some other program, or to a zombie, would keep PostgreSQL from starting; such a file
 * is removed.
 */
export async function stopOrphan(plan: LaunchPlan, log: (line: string) => void): Promise<void> {
  const lines = await readPidFile(plan.clusterFolder);
  const pid = Number(lines?.[0]);
  if (lines === undefined || !Number.isInteger(pid) || pid <= 0) {
    return;
  }
  if (isAlive(pid)) {
    if (await isPostmasterOf(pid, plan.clusterFolder)) {
      log(`stopping the server that an earlier start left behind (process ${pid})`);
      await signalUntilEnded(plan, pid, (ms) => endedWithin(pid, ms));
    } else {
      log(`postmaster.pid names process ${pid}, which is another program now; removing the file`);
      await removeLockFiles(plan, lines);
    }
  }
  if (!isAlive(pid) && hasNumber(pid)) {
    log(`process ${pid} has ended and its parent has not taken note; removing postmaster.pid`);
    await removeLockFiles(plan, lines);
  }
  await removeTemporarySocketFolder(lines[4] ?? "");
}

/** Both files by which PostgreSQL tells that a server runs: that of the data folder and that of the socket. */
async function removeLockFiles({ clusterFolder }: LaunchPlan, [, , , port = "", socketFolder = ""]: readonly string[]) {
  await rm(join(clusterFolder, "postmaster.pid"), { force: true });
  if (socketFolder !== "") await rm(join(socketFolder, `.s.PGSQL.${port}.lock`), { force: true });
}

/** A postmaster works in its data folder, and has it on its command line as we start it. */
async function isPostmasterOf(pid: number, clusterFolder: string): Promise<boolean> {
  const { folder, command } = await describeProcess(pid);
  if (folder !== undefined) {
    return folder === (await realpath(clusterFolder));
  }
  return process.platform === "win32" || command?.includes(clusterFolder) === true;
}

async function endedWithin(pid: number, ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      return false;
    }
    await sleep(20);
  }
  return true;
}
