import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openBinaries } from "./binaries.ts";
import { clusterFolderOf } from "./cluster-folder.ts";
import type { Installation, PlanOutcome } from "./launch-plan.ts";
import { runProgram } from "./run-program.ts";

/** An ordinary user runs PostgreSQL as itself. */
export async function planDirect({ dataDir, packageFolder }: Installation): Promise<PlanOutcome> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const binaries = await openBinaries(packageFolder, join(dataDir, "postgres-lib"));
  const clusterFolder = await clusterFolderOf(dataDir);
  const plan = { kind: "direct", binaries, clusterFolder, prefix: [], runAs: undefined } as const;
  const { code, output } = await runProgram(plan, binaries.postgres, ["--version"]);
  return code === 0 ? { kind: "usable", plan } : { kind: "unusable", reason: output };
}
