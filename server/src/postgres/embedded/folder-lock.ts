import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ProductError } from "@rollcall/core/errors.ts";
import { z } from "zod";
import { lookUpProcess, type ProcessIdentity, thisProcess } from "./process-identity.ts";

/** The right of this process to a data folder, until released. */
export type FolderLock = AsyncDisposable & { readonly release: () => Promise<void> };

type LockOptions = {
  /** How often the owner shows that it lives; only owners on other machines or in other containers are judged by it. */
  readonly heartbeatMs?: number;
};

/**
 * Makes this process the owner of `folder`, taking over from an owner that has ended however it ended.
 *
 * The owner is written in `owner.<n>`. A new owner creates the next number, which only one can, and the highest number is
 * never deleted: so a slow competitor that judged an older owner cannot end up owning the folder beside a newer one.
 *
 * @throws ProductError `database.folder_in_use` when another living process owns it, or this one already does
 */
export async function lockFolder(folder: string, options: LockOptions = {}): Promise<FolderLock> {
  const heartbeatMs = options.heartbeatMs ?? 5_000;
  const self = await thisProcess();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (;;) {
    const highest = (await ownerNumbers(folder)).at(-1) ?? 0;
    if (highest > 0) {
      await refuseLivingOwner(folder, join(folder, `owner.${highest}`), heartbeatMs);
    }
    const file = join(folder, `owner.${highest + 1}`);
    if ((await create(file, self)) && (await isHighest(folder, highest + 1))) {
      return holdLock(file, heartbeatMs);
    }
  }
}

const ownerRecord = z.object({
  pid: z.number(),
  host: z.string(),
  started: z.string().optional(),
  released: z.boolean().optional(),
});

async function ownerNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names
    .map((name) => Number(/^owner\.(\d+)$/.exec(name)?.[1] ?? 0))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

/** False when somebody else created this number first. */
async function create(file: string, self: ProcessIdentity): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(self), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

/** Removes the numbers below; steps back when there is one above, which means that ours was created too late. */
async function isHighest(folder: string, ours: number): Promise<boolean> {
  const numbers = await ownerNumbers(folder);
  if (numbers.some((number) => number > ours)) {
    await rm(join(folder, `owner.${ours}`), { force: true });
    return false;
  }
  for (const number of numbers.filter((number) => number < ours)) {
    await rm(join(folder, `owner.${number}`), { force: true });
  }
  return true;
}

async function refuseLivingOwner(folder: string, file: string, heartbeatMs: number): Promise<void> {
  const owner = await readOwner(file);
  if (owner === undefined || owner.released === true) {
    return;
  }
  const state = await lookUpProcess({ pid: owner.pid, host: owner.host, started: owner.started });
  if (state === "running") {
    const who = owner.pid === process.pid ? "this process itself" : `process ${owner.pid}`;
    throw inUse(folder, who, owner.pid);
  }
  if (state === "elsewhere" && (await stillBeats(file, heartbeatMs))) {
    throw inUse(folder, `process ${owner.pid} on another machine or in another container (${owner.host})`, owner.pid);
  }
}

function inUse(folder: string, who: string, pid: number): ProductError {
  return new ProductError(
    "database.folder_in_use",
    `The data folder ${folder} is in use by another running Rollcall: ${who}. ` +
      "Stop that one, or give this one its own folder with ROLLCALL_DATA_DIR.",
    { details: { folder, pid } },
  );
}

/** Undefined when the owner died between creating the file and writing its one line, or has just given way to a newer one. */
async function readOwner(file: string): Promise<z.infer<typeof ownerRecord> | undefined> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text !== "") {
      return ownerRecord.parse(JSON.parse(text));
    }
    await sleep(25);
  }
  return undefined;
}

/** Clocks of two machines differ, so the file's time is compared with itself only. */
async function stillBeats(file: string, heartbeatMs: number): Promise<boolean> {
  const before = await modified(file);
  await sleep(heartbeatMs * 2.5);
  return (await modified(file)) !== before;
}

async function modified(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
}

function holdLock(file: string, heartbeatMs: number): FolderLock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A missed beat needs no care: the next one follows, and a folder that was deleted has no owner to show.
    utimes(file, now, now).catch(() => undefined);
  }, heartbeatMs);
  heartbeat.unref();

  let released: Promise<void> | undefined;
  const release = (): Promise<void> => {
    clearInterval(heartbeat);
    released ??= markReleased(file);
    return released;
  };
  return { release, [Symbol.asyncDispose]: release };
}

async function markReleased(file: string): Promise<void> {
  const note = join(file, "..", `.${basename(file)}.released`);
  try {
    await writeFile(note, JSON.stringify({ pid: process.pid, host: "", released: true }), { mode: 0o600 });
    await rename(note, file);
  } catch (error) {
    // The folder itself was removed while we owned it (a throw-away database): nothing is left to release.
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
      throw error;
    }
  }
}
