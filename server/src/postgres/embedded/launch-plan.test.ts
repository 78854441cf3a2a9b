import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, chmod, chown, constants, cp, lstat, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { fastTemporaryFolder } from "@rollcall/server/test/start-test-postgres.ts";
import { openDatabase } from "../database.ts";
import { one } from "../query.ts";
import { embeddedPackageFolder } from "./binaries.ts";
import { chooseLaunchPlan, type Installation, type LaunchKind } from "./launch-plan.ts";
import { findNobody } from "./nobody.ts";
import { planInUserNamespace } from "./plan-in-user-namespace.ts";
import { startEmbeddedPostgres } from "./start-embedded-postgres.ts";

const isRoot = process.getuid?.() === 0;
const onlyRoot = { skip: isRoot ? false : "only root has to become somebody else" };

describe("how PostgreSQL is launched", () => {
  test("root uses a user namespace where there may be one, and its files stay its own", onlyRoot, async (t) => {
    await withFolder(async (folder) => {
      if (!(await hasUserNamespaces(folder))) {
        t.skip("no user namespaces here");
        return;
      }
      assert.equal(await count(folder, undefined), "user-namespace 1");
      assert.equal((await stat(join(folder, "data", "postgres"))).uid, 0);
    });
  });

  test("root forced to nobody runs as nobody on data in its own folder", onlyRoot, async () => {
    await withFolder(async (folder) => {
      // What is needed to pass through to the data is given; the rest stays closed.
      await chmod(folder, 0o711);
      assert.equal(await count(folder, "nobody"), "nobody 1");
      assert.equal(await count(folder, "nobody"), "nobody 2");
      assert.equal((await stat(join(folder, "data"))).mode & 0o777, 0o711);
      assert.equal((await stat(join(folder, "data", "postgres"))).uid, (await findNobody())?.uid);
    });
  });

  test(
    "programs without links and data that nobody can reach are moved, and the data stays one over changes",
    onlyRoot,
    async (t) => {
      await withFolder(async (folder) => {
        const packageFolder = join(folder, "package");
        await copyPackageWithoutLinks(packageFolder);
        const sharedFolder = await mkdtemp(join(await fastTemporaryFolder(), "rollcall-shared-"));
        await chmod(sharedFolder, 0o755);
        const installation = { packageFolder, sharedFolder };
        try {
          const namespaces = await hasUserNamespaces(folder);
          const first = namespaces ? "user-namespace" : "nobody";
          assert.equal(await count(folder, first, installation), `${first} 1`);
          assert.equal(await count(folder, "nobody", installation), "nobody 2");
          assert.equal((await lstat(join(folder, "data", "postgres"))).isSymbolicLink(), true);
          assert.equal((await stat(folder)).mode & 0o777, 0o700);
          assert.equal(await count(folder, first, installation), `${first} 3`);
          assert.equal(await count(folder, "nobody", installation), "nobody 4");
          if (!namespaces) {
            t.diagnostic("no user namespaces here: the change between the two ways was not tried");
          }
        } finally {
          await rm(sharedFolder, { recursive: true });
        }
      });
    },
  );

  test("an ordinary user runs it directly, with a package it may not write to", async (t) => {
    await withFolder(async (folder) => {
      if (!isRoot) {
        assert.equal(await count(folder, undefined), "direct 1");
        return;
      }
      const nobody = await findNobody();
      if (nobody === undefined || !(await othersCanRead(import.meta.filename, process.execPath))) {
        t.skip("an ordinary user cannot read this folder");
        return;
      }
      await chmod(folder, 0o755);
      const dataDir = join(folder, "data");
      await mkdir(dataDir);
      await chown(dataDir, nobody.uid, nobody.gid);
      const packageFolder = join(folder, "package");
      await copyPackageWithoutLinks(packageFolder);
      const script = `
        import { startEmbeddedPostgres } from ${JSON.stringify(new URL("./start-embedded-postgres.ts", import.meta.url).href)};
        const options = ${JSON.stringify({ dataDir, fsync: false, installation: { packageFolder } })};
        const postgres = await startEmbeddedPostgres(options);
        process.stdout.write(process.getuid() + " " + postgres.launchKind);
        await postgres.stop();`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        ...nobody,
        cwd: "/",
        stdio: ["ignore", "pipe", "inherit"],
      });
      let output = "";
      child.stdout.on("data", (text) => {
        output += text;
      });
      await once(child, "close");
      assert.equal(output, `${nobody.uid} direct`);
    });
  });

  test("where no way works the message has every reason and names DATABASE_URL", async () => {
    await withFolder(async (folder) => {
      const packageFolder = join(folder, "package");
      await mkdir(join(packageFolder, "native", "bin"), { recursive: true });
      await writeFile(join(packageFolder, "package.json"), '{"version":"0"}');
      const script = "#!/bin/sh\necho 'no C library here' >&2\nexit 1\n";
      await writeFile(join(packageFolder, "native", "bin", "postgres"), script, { mode: 0o755 });
      const installation: Installation = {
        dataDir: join(folder, "data"),
        packageFolder,
        sharedFolder: join(folder, "shared"),
      };
      const message = isRoot
        ? /user-namespace: .*; nobody: .*Set DATABASE_URL to a PostgreSQL/s
        : /direct: no C library here.*Set DATABASE_URL to a PostgreSQL/s;
      await assert.rejects(chooseLaunchPlan(installation), { code: "database.cannot_start", message });
    });
  });
});

/** Starts, counts the starts in a table, stops; tells how it ran and the count. */
async function count(folder: string, only: LaunchKind | undefined, installation: Partial<Installation> = {}) {
  const forced = only === undefined ? {} : { only };
  const postgres = await startEmbeddedPostgres({
    dataDir: join(folder, "data"),
    fsync: false,
    installation,
    ...forced,
  });
  const database = openDatabase({ connectionString: postgres.connectionString, max: 1 });
  await database.query("create table if not exists start ()");
  await database.query("insert into start default values");
  const { n } = await one<{ n: number }>(database, "select count(*)::int as n from start");
  await database.close();
  await postgres.stop();
  return `${postgres.launchKind} ${n}`;
}

async function hasUserNamespaces(folder: string): Promise<boolean> {
  const installation = { dataDir: join(folder, "probe"), packageFolder: embeddedPackageFolder(), sharedFolder: folder };
  return (await planInUserNamespace(installation)).kind === "usable";
}

async function copyPackageWithoutLinks(to: string): Promise<void> {
  await cp(embeddedPackageFolder(), to, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: async (source) => !(await lstat(source)).isSymbolicLink(),
  });
}

async function othersCanRead(...files: readonly string[]): Promise<boolean> {
  for (const file of files) {
    for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
      if (((await stat(folder)).mode & 0o001) === 0) {
        return false;
      }
    }
    await access(file);
  }
  return true;
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(await fastTemporaryFolder(), "rollcall-pg-test-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
