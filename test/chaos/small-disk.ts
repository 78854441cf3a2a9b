import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, open, rm, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of a few megabytes that can be filled up. */
export type SmallDisk = AsyncDisposable & {
  readonly path: string;
  /** Leaves so many bytes free; called again it leaves others. */
  readonly leave: (bytes: number) => Promise<void>;
};

/** Undefined where this process may not mount one. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const path = await mkdtemp(join(tmpdir(), "rollcall-disk-"));
  if ((await run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path])) !== 0) {
    await rm(path, { recursive: true });
    return undefined;
  }
  const ballast = join(path, "ballast");
  return {
    path,
    leave: async (bytes) => {
      await rm(ballast, { force: true });
      const { bavail, bsize } = await statfs(path);
      const size = Math.max(0, bavail * bsize - bytes);
      await using file = await open(ballast, "w");
      const block = Buffer.alloc(64 * 1024);
      for (let written = 0; written < size; written += block.length) {
        await file.write(block, 0, Math.min(block.length, size - written));
      }
    },
    [Symbol.asyncDispose]: async () => {
      await run("umount", ["--lazy", path]);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** A folder for files of the server that owns `like`. */
export async function folderFor(parent: string, like: string): Promise<string> {
  const folder = join(parent, "tablespace");
  const { uid, gid } = await stat(like);
  await mkdir(folder, { mode: 0o700 });
  await chown(folder, uid, gid);
  await chmod(parent, 0o711);
  return folder;
}

async function run(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: "ignore" });
  return await Promise.race([
    once(child, "exit").then(([code]) => Number(code ?? 1)),
    once(child, "error").then(() => 1),
  ]);
}
