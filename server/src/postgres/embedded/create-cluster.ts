import { randomBytes } from "node:crypto";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ProductError } from "@rollcall/core/errors.ts";
import type { LaunchPlan } from "./launch-plan.ts";
import { runProgram } from "./run-program.ts";

/** The superuser of the embedded database, and the name of the product's database. */
export const embeddedName = "rollcall";

/** The major version whose data folders the packaged programs can open. */
const majorVersion = "18";

/**
 * Makes PostgreSQL's data folder unless it exists, and returns the password of its superuser. The folder appears under its
 * name only when it is whole, with the password in it, so that a copy of the folder is a whole database.
 *
 * @throws ProductError `database.cannot_start` when the folder is of another major version or initdb fails
 */
export async function ensureCluster(plan: LaunchPlan, options: { readonly fsync: boolean }): Promise<string> {
  const version = await readIfPresent(join(plan.clusterFolder, "PG_VERSION"));
  if (version === undefined) {
    await createCluster(plan, options);
  } else if (version.trim() !== majorVersion) {
    throw new ProductError(
      "database.cannot_start",
      `The data folder ${plan.clusterFolder} was made by PostgreSQL ${version.trim()}, this program carries ${majorVersion}. ` +
        "Start the version of Rollcall that made it, export, and import into a new folder; or set DATABASE_URL.",
    );
  }
  return await readPassword(plan.clusterFolder);
}

async function createCluster(plan: LaunchPlan, { fsync }: { readonly fsync: boolean }): Promise<void> {
  const unfinished = `${plan.clusterFolder}.new`;
  const passwordFile = `${plan.clusterFolder}.password`;
  const password = randomBytes(24).toString("base64url");
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (plan.runAs !== undefined) {
    await chown(unfinished, plan.runAs.uid, plan.runAs.gid);
    await chown(passwordFile, plan.runAs.uid, plan.runAs.gid);
  }
  const { code, output } = await runProgram(plan, plan.binaries.initdb, [
    `--pgdata=${unfinished}`,
    `--username=${embeddedName}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
    ...(fsync ? [] : ["--no-sync"]),
  ]);
  if (code !== 0) {
    throw new ProductError(
      "database.cannot_start",
      `The database could not be created in ${plan.clusterFolder}: ${output.slice(-500)}. ` +
        "Check the free space and the rights of the folder, or set DATABASE_URL.",
    );
  }
  await rename(passwordFile, join(unfinished, passwordFileName));
  await rename(unfinished, plan.clusterFolder);
}

const passwordFileName = "rollcall.password";

async function readPassword(clusterFolder: string): Promise<string> {
  const password = await readIfPresent(join(clusterFolder, passwordFileName));
  if (password === undefined) {
    throw new ProductError(
      "database.cannot_start",
      `The file ${passwordFileName} is missing in ${clusterFolder}. Restore it from a backup of the folder.`,
    );
  }
  return password;
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
