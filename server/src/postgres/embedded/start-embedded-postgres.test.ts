import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fastTemporaryFolder } from "@rollcall/server/test/start-test-postgres.ts";
import { openDatabase } from "../database.ts";
import { one } from "../query.ts";
import { isAlive } from "./process-identity.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./start-embedded-postgres.ts";

describe("startEmbeddedPostgres", () => {
  test("makes a database, keeps it over a stop, and listens on no port", async () => {
    await withFolder(async (dataDir) => {
      await remember(dataDir, "kept");
      const postgres = await startEmbeddedPostgres({ dataDir, fsync: false, settings: { work_mem: "5MB" } });
      assert.equal(await recall(postgres), "kept");
      const settings = await ask(
        postgres,
        `select current_setting('listen_addresses') as addresses, current_setting('work_mem') as work_mem,
          current_setting('jit') as jit, current_setting('server_encoding') as encoding, 'É' ~* 'é' as unicode,
          current_setting('data_checksums') as checksums`,
      );
      const expected = { work_mem: "5MB", jit: "off", encoding: "UTF8", unicode: true, checksums: "on" };
      if (process.platform === "win32") {
        assert.deepEqual(settings, { addresses: "127.0.0.1", ...expected });
      } else {
        assert.deepEqual(settings, { addresses: "", ...expected });
        assert.equal((await stat(postgres.address.host)).mode & 0o777, 0o700);
      }
      await postgres.stop();
      await postgres.stop();
      assert.equal(isAlive(postgres.pid()), false);
    });
  });

  test("asks for the password", async () => {
    await withFolder(async (dataDir) => {
      const postgres = await startEmbeddedPostgres({ dataDir, fsync: false });
      const stranger = openDatabase({ ...postgres.address, password: "guess" });
      await assert.rejects(stranger.query("select 1"), { code: "database.cannot_start" });
      await stranger.close();
      await postgres.stop();
    });
  });

  test("refuses a folder in use, also while the other still starts", async () => {
    await withFolder(async (dataDir) => {
      const starts = [1, 2, 3].map(() => startEmbeddedPostgres({ dataDir, fsync: false }));
      const results = await Promise.allSettled(starts);
      const started = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      assert.equal(started.length, 1);
      const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
      assert.deepEqual(refused, ["database.folder_in_use", "database.folder_in_use"]);
      await started[0]?.stop();
    });
  });

  test("refuses a folder that another process owns; after its kill -9 opens with everything committed", async () => {
    await withFolder(async (dataDir) => {
      const owner = await startOwner(dataDir);
      await assert.rejects(startEmbeddedPostgres({ dataDir }), {
        code: "database.folder_in_use",
        message: new RegExp(`${dataDir}.*process ${owner.process.pid}`),
      });
      if (process.platform === "linux") {
        assert.equal((await readFile(`/proc/${owner.postmaster}/environ`, "utf8")).includes("a secret"), false);
      }
      owner.process.kill("SIGKILL");
      await once(owner.process, "exit");
      assert.equal(isAlive(owner.postmaster), true);

      const postgres = await startEmbeddedPostgres({ dataDir, fsync: false });
      assert.equal(await recall(postgres), "committed");
      assert.equal(isAlive(owner.postmaster), false);
      await postgres.stop();
    });
  });

  test("tells when the server is killed, and starts it again at the same address", async () => {
    await withFolder(async (dataDir) => {
      const postgres = await startEmbeddedPostgres({ dataDir });
      const database = openDatabase({ ...postgres.address, max: 1 });
      await database.query("create table memory as select 'kept' as word");
      process.kill(postgres.pid(), "SIGKILL");
      assert.deepEqual(await postgres.exited(), { code: null, signal: "SIGKILL" });
      // A session may answer once more before it notices.
      const untilRefused = async (): Promise<never> => {
        for (;;) {
          await database.query("select 1");
        }
      };
      await assert.rejects(untilRefused(), { code: "database.unreachable" });
      await postgres.restart();
      assert.deepEqual(await one(database, "select word from memory"), { word: "kept" });
      await database.close();
      await postgres.stop();
      await assert.rejects(postgres.restart(), /was stopped/);
    });
  });

  test("a restart of a running server changes the process and nothing else", async () => {
    await withFolder(async (dataDir) => {
      const postgres = await startEmbeddedPostgres({ dataDir, fsync: false });
      const before = postgres.pid();
      await Promise.all([postgres.restart(), postgres.restart()]);
      assert.notEqual(postgres.pid(), before);
      assert.equal(isAlive(before), false);
      await postgres.stop();
    });
  });

  test("a postmaster.pid whose number is another program's now does no harm, nor to that program", async () => {
    await withFolder(async (dataDir) => {
      await remember(dataDir, "kept");
      const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      await once(other, "spawn");
      await writeFile(join(dataDir, "postgres", "postmaster.pid"), `${other.pid}\n${dataDir}/postgres\n1\n5432\n\n\n`);
      const postgres = await startEmbeddedPostgres({ dataDir, fsync: false });
      assert.equal(await recall(postgres), "kept");
      await postgres.stop();
      assert.equal(other.exitCode, null);
      other.kill();
      await once(other, "exit");
    });
  });

  test("a first start that was interrupted is done again", async () => {
    await withFolder(async (dataDir) => {
      await mkdir(join(dataDir, "postgres.new", "base"), { recursive: true });
      await writeFile(join(dataDir, "postgres.new", "PG_VERSION"), "18\n");
      await remember(dataDir, "kept");
    });
  });

  test("a folder name that is too long for a socket works", async () => {
    await withFolder(async (folder) => {
      const dataDir = join(folder, "a-long-name-é".repeat(8), "b".repeat(100));
      const postgres = await startEmbeddedPostgres({ dataDir, fsync: false });
      const socket = postgres.address.host;
      assert.ok(process.platform === "win32" || !socket.startsWith(folder));
      assert.deepEqual(await ask(postgres, "select 1 as n"), { n: 1 });
      await postgres.stop();
      assert.equal(existsSync(socket), false);
    });
  });

  test("refuses data of another major version", async () => {
    await withFolder(async (dataDir) => {
      await mkdir(join(dataDir, "postgres"));
      await writeFile(join(dataDir, "postgres", "PG_VERSION"), "17\n");
      await assert.rejects(startEmbeddedPostgres({ dataDir }), {
        code: "database.cannot_start",
        message: /made by PostgreSQL 17.*DATABASE_URL/s,
      });
    });
  });

  test("says with the server's own words why it does not start, and gives the folder free", async () => {
    await withFolder(async (dataDir) => {
      const failing = () => startEmbeddedPostgres({ dataDir, fsync: false, settings: { shared_buffers: "nonsense" } });
      const refusal = { code: "database.cannot_start", message: /invalid value for parameter "shared_buffers"/ };
      await assert.rejects(failing(), refusal);
      await assert.rejects(failing(), refusal);
    });
  });
});

async function remember(dataDir: string, word: string): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir, fsync: false });
  await ask(postgres, `create table memory as select '${word}' as word`, 0);
  await postgres.stop();
}

async function recall(postgres: EmbeddedPostgres): Promise<unknown> {
  return ((await ask(postgres, "select word from memory")) as { word: string }).word;
}

async function ask(postgres: EmbeddedPostgres, text: string, rows = 1): Promise<unknown> {
  const database = openDatabase({ connectionString: postgres.connectionString, max: 1 });
  const result = await database.query(text);
  await database.close();
  assert.equal(result.rows.length, rows);
  return result.rows[0];
}

/** A process that owns `dataDir`, has committed a row, and holds a session open. */
async function startOwner(dataDir: string): Promise<{ process: ChildProcess; postmaster: number }> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL("./start-embedded-postgres.ts", import.meta.url).href)};
    import { fastTemporaryFolder } from "@rollcall/server/test/start-test-postgres.ts";
import { openDatabase } from ${JSON.stringify(new URL("../database.ts", import.meta.url).href)};
    const postgres = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    const database = openDatabase({ ...postgres.address });
    await database.query("create table memory as select 'committed' as word");
    process.stdout.write(String(postgres.pid()));
    setInterval(() => database.query("select 1"), 50);`;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, ROLLCALL_ENCRYPTION_KEYS: "a secret" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [text] = await once(owner.stdout, "data");
  return { process: owner, postmaster: Number(String(text)) };
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(await fastTemporaryFolder(), "rollcall-pg-test-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
