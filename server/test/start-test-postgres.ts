import { spawn } from "node:child_process";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@rollcall/server/postgres/embedded/start-embedded-postgres.ts";

/** A throw-away server for tests: fsync off, gone with its folder when stopped, or when this process dies. */
export type TestPostgres = AsyncDisposable & {
  /** Of a superuser; the value for `ROLLCALL_TEST_DATABASE_URL` of the processes that are to share the server. */
  readonly connectionString: string;
  readonly stop: () => Promise<void>;
};

export async function startTestPostgres(): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(await fastTemporaryFolder(), "rollcall-test-"));
  const postgres = await startEmbeddedPostgres({
    dataDir,
    fsync: false,
    settings: { max_connections: "200", shared_buffers: "128MB", max_wal_size: "512MB" },
  });
  const endWatch = watchOver(postgres.pid(), dataDir);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= postgres
      .stop()
      .then(endWatch)
      .then(() => rm(dataDir, { recursive: true, force: true }));
    return stopped;
  };
  return { connectionString: postgres.connectionString, stop, [Symbol.asyncDispose]: stop };
}

/**
 * A folder for throw-away databases: memory where there is plenty, else the system's own. In memory a fresh database takes 10 ms, on a disk that others use as well up to half a second.
 * Containers often have a /dev/shm of 64 MB.
 */
export async function fastTemporaryFolder(): Promise<string> {
  const memory = "/dev/shm";
  const space = process.platform === "linux" ? await statfs(memory).catch(() => undefined) : undefined;
  return space !== undefined && space.bavail * space.bsize > 4 * 1024 ** 3 ? memory : tmpdir();
}

/**
 * A test process that is killed would leave its server running for good. A shell waits for the end of a pipe that only this
 * process holds open, then stops the server and removes its folder.
 */
function watchOver(pid: number, folder: string): () => void {
  if (process.platform === "win32") {
    return () => undefined;
  }
  const script =
    'read -r word; [ "$word" = done ] && exit; kill -INT "$0"; while kill -0 "$0"; do sleep 0.1; done; rm -rf "$1"';
  const watcher = spawn("sh", ["-c", script, String(pid), folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.unref();
  if ("unref" in watcher.stdin && typeof watcher.stdin.unref === "function") {
    watcher.stdin.unref();
  }
  return () => void watcher.stdin.end("done\n");
}
