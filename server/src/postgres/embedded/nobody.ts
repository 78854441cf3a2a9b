import { readFile } from "node:fs/promises";
import type { SystemUser } from "./launch-plan.ts";

/** The user `nobody` of this system, whose number differs between distributions; undefined where there is none. */
export async function findNobody(): Promise<SystemUser | undefined> {
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(accounts) ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
