import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { lockFolder } from "./folder-lock.ts";
import { lookUpProcess, thisProcess } from "./process-identity.ts";

const inUse = { code: "database.folder_in_use" };

describe("lockFolder", () => {
  test("refuses a second owner, naming process and folder, until released", async () => {
    await withFolder(async (folder) => {
      const first = await lockFolder(folder);
      await assert.rejects(lockFolder(folder), (error: Error) => {
        assert.match(error.message, /this process itself/);
        assert.ok(error.message.includes(folder));
        return true;
      });
      await first.release();
      await first.release();
      await (await lockFolder(folder)).release();
      assert.equal((await readdir(folder)).length, 1);
    });
  });

  test("of many that start at once over a dead owner, one becomes the owner", async () => {
    await withFolder(async (folder) => {
      await writeFile(join(folder, "owner.7"), JSON.stringify({ ...(await thisProcess()), started: "long ago" }));
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
      const owners = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      assert.equal(owners.length, 1);
      await owners[0]?.release();
    });
  });

  test("takes over from an owner whose number another process has now", async () => {
    await withFolder(async (folder) => {
      const reused = { ...(await thisProcess()), started: "before the reboot" };
      assert.equal(await lookUpProcess(reused), "gone");
      await writeFile(join(folder, "owner.1"), JSON.stringify(reused));
      await (await lockFolder(folder)).release();
    });
  });

  test("takes over from an owner that died before it wrote its name", async () => {
    await withFolder(async (folder) => {
      await writeFile(join(folder, "owner.1"), "");
      await (await lockFolder(folder)).release();
    });
  });

  test("refuses an owner in another container as long as it shows that it lives", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "owner.3");
      await writeFile(file, JSON.stringify({ pid: 1, host: "elsewhere", started: "1" }));
      let seconds = 1_000;
      let lastBeat: Promise<unknown> = Promise.resolve();
      const beat = setInterval(() => {
        lastBeat = lastBeat.then(() => utimes(file, ++seconds, seconds).catch(() => undefined));
      }, 5);
      await assert.rejects(lockFolder(folder, { heartbeatMs: 1_000 }), inUse);
      clearInterval(beat);
      await lastBeat;
      await (await lockFolder(folder, { heartbeatMs: 100 })).release();
    });
  });

  test("the owner shows that it lives", async () => {
    await withFolder(async (folder) => {
      const owner = await lockFolder(folder, { heartbeatMs: 5 });
      const file = join(folder, "owner.1");
      await utimes(file, 1, 1);
      const { stat } = await import("node:fs/promises");
      while ((await stat(file)).mtimeMs === 1_000) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await owner.release();
    });
  });
});

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-lock-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
