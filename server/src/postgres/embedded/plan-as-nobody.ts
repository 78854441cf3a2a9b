import { createHash } from "node:crypto";
import { chmod, cp, lstat, mkdir, realpath, rename, rm, stat, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Binaries, copyBinaries, openBinaries } from "./binaries.ts";
import { chownTree, clusterFolderOf } from "./cluster-folder.ts";
import type { Installation, LaunchPlan, PlanOutcome, SystemUser } from "./launch-plan.ts";
import { findNobody } from "./nobody.ts";
import { runProgram } from "./run-program.ts";

/**
 * Root runs PostgreSQL as the user `nobody`. Programs and data that nobody cannot reach where they are move to the shared
 * folder: the programs as a copy, the data for good, with a link at its old place.
 */
export async function planAsNobody(installation: Installation): Promise<PlanOutcome> {
  const nobody = await findNobody();
  if (nobody === undefined) {
    return { kind: "unusable", reason: "/etc/passwd has no user nobody" };
  }
  try {
    await mkdir(installation.dataDir, { recursive: true, mode: 0o700 });
    const binaries = await reachableBinaries(installation, nobody);
    const clusterFolder = await reachableCluster(installation, binaries, nobody);
    const plan = planFor(binaries, clusterFolder, nobody);
    const { code, output } = await runProgram(plan, binaries.postgres, ["--version"]);
    return code === 0 ? { kind: "usable", plan } : { kind: "unusable", reason: output };
  } catch (error) {
    // A read-only or full disk, a folder that even root may not change: this way is closed, and the caller says so.
    return { kind: "unusable", reason: error instanceof Error ? error.message : String(error) };
  }
}

function planFor(binaries: Binaries, clusterFolder: string, nobody: SystemUser): LaunchPlan {
  return { kind: "nobody", binaries, clusterFolder, prefix: [], runAs: nobody };
}

async function reachableBinaries(installation: Installation, nobody: SystemUser): Promise<Binaries> {
  const { packageFolder, sharedFolder } = installation;
  const version = (binaries: Binaries) => `postgres-${binaries.version}`;
  const installed = await openBinaries(packageFolder, join(sharedFolder, "postgres-lib"));
  const { code } = await runProgram(planFor(installed, "", nobody), installed.postgres, ["--version"]);
  return code === 0 ? installed : await copyBinaries(installed, join(sharedFolder, version(installed)));
}

async function reachableCluster(
  { dataDir, sharedFolder }: Installation,
  binaries: Binaries,
  nobody: SystemUser,
): Promise<string> {
  const present = await clusterFolderOf(dataDir);
  const canEnter = async (folder: string): Promise<boolean> =>
    (await runProgram(planFor(binaries, "", nobody), "sh", ["-c", 'cd "$0"', folder])).code === 0;

  await letOthersPass(dirname(present), canEnter);
  if (await canEnter(dirname(present))) {
    await chownTree(present, nobody);
    return present;
  }
  const moved = join(sharedFolder, `data-${shortName(await realpath(dataDir))}`, "postgres");
  await mkdir(dirname(moved), { recursive: true, mode: 0o711 });
  await moveCluster(present, moved, nobody);
  return moved;
}

/** Data stays in its own folder when the right to pass through, not to list, is all that nobody lacks there. */
async function letOthersPass(folder: string, canEnter: (folder: string) => Promise<boolean>): Promise<void> {
  if (!(await canEnter(folder)) && (await canEnter(dirname(folder)))) {
    await chmod(folder, (await stat(folder)).mode | 0o011);
  }
}

function shortName(folder: string): string {
  return createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 12);
}

/** Copies first and links last: interrupted anywhere, the next start finds the old folder or the link. */
async function moveCluster(from: string, to: string, owner: SystemUser): Promise<void> {
  const present = await lstat(from).catch(() => undefined);
  const old = `${from}.moved`;
  if (present !== undefined) {
    const unfinished = `${to}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await cp(from, unfinished, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await chownTree(unfinished, owner);
    await rm(to, { recursive: true, force: true });
    await rename(unfinished, to);
    await rename(from, old);
  }
  await symlink(to, from);
  await rm(old, { recursive: true, force: true });
}
