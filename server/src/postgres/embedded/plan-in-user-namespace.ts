import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openBinaries } from "./binaries.ts";
import { chownTree, clusterFolderOf } from "./cluster-folder.ts";
import type { Installation, LaunchPlan, PlanOutcome } from "./launch-plan.ts";
import { findNobody } from "./nobody.ts";
import { runProgram } from "./run-program.ts";

/**
 * Root runs PostgreSQL in a user namespace in which root is called nobody. PostgreSQL is content, and outside every file still
 * belongs to root, so this works below folders that only root can enter and needs neither a new user nor a change of owner.
 */
export async function planInUserNamespace({ dataDir, packageFolder }: Installation): Promise<PlanOutcome> {
  // The number must have a name in /etc/passwd: initdb looks it up.
  const nobody = await findNobody();
  if (nobody === undefined) {
    return { kind: "unusable", reason: "/etc/passwd has no user nobody" };
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const binaries = await openBinaries(packageFolder, join(dataDir, "postgres-lib"));
  const plan: LaunchPlan = {
    kind: "user-namespace",
    binaries,
    clusterFolder: await clusterFolderOf(dataDir),
    prefix: ["unshare", "--user", `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`],
    runAs: undefined,
  };
  // Inside, root's power over other people's files is gone: a data folder that belongs to somebody else shows here.
  const attempt = '"$0" --version && : >"$1/.probe" && rm "$1/.probe"';
  const { code, output } = await runProgram(plan, "sh", ["-c", attempt, binaries.postgres, dataDir]);
  if (code !== 0) {
    return { kind: "unusable", reason: output };
  }
  // An earlier start may have run as nobody.
  await chownTree(plan.clusterFolder, { uid: 0, gid: 0 });
  return { kind: "usable", plan };
}
