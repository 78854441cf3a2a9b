import { existsSync } from "node:fs";
import { chown, lchown, lstat, readdir, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { SystemUser } from "./launch-plan.ts";

/** PostgreSQL's data folder below `dataDir`: `postgres`, which is a link when it had to be kept elsewhere. */
export async function clusterFolderOf(dataDir: string): Promise<string> {
  const folder = join(await realpath(resolve(dataDir)), "postgres");
  return existsSync(folder) ? await realpath(folder) : folder;
}

/** Gives a folder and all below to `owner`, if its top does not belong to them already. An absent folder is left absent. */
export async function chownTree(folder: string, owner: SystemUser): Promise<void> {
  const top = await lstat(folder).catch(() => undefined);
  if (top === undefined || top.uid === owner.uid) {
    return;
  }
  for (const entry of await readdir(folder, { recursive: true })) {
    await lchown(join(folder, entry), owner.uid, owner.gid);
  }
  // The top comes last, so that an interrupted change is taken up again.
  await chown(folder, owner.uid, owner.gid);
}
