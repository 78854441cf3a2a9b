import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@rollcall/server/postgres/database.ts";
import { startEmbeddedPostgres } from "@rollcall/server/postgres/embedded/start-embedded-postgres.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import type { IntegrationSnapshot } from "./integration-snapshot.ts";
import { begin, newDomain, openLife, snapshotOf } from "./life.ts";
import { openProduct, type RunningProduct } from "./running-product.ts";
import { folderFor, mountSmallDisk } from "./small-disk.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const userCount = 3_000;
/** What such a run needs lies between; each stops it in another place. */
const roomKilobytes = [64, 2_048, 4_096, 6_144, 8_192];

test("C16 a full disk: the run fails and says so, nothing is half applied, and with room again it goes through", async (t) => {
  await using disk = await mountSmallDisk(256);
  if (disk === undefined) {
    t.skip("this user may not mount a small file system");
    return;
  }
  await using folder = await temporaryFolder();
  await using postgres = await startEmbeddedPostgres({ dataDir: join(folder.path, "database") });
  const place = await folderFor(disk.path, postgres.clusterFolder);
  {
    await using admin = openDatabase({ connectionString: postgres.connectionString, max: 1 });
    await admin.query(`create tablespace small location '${place}'`);
    await admin.query("create database tight tablespace small");
  }
  const connectionString = postgres.connectionString.replace(/\/rollcall$/, "/tight");
  await using product = await openProduct({
    environment: { ROLLCALL_DATA_DIR: join(folder.path, "product"), DATABASE_URL: connectionString },
    connectionString: async () => connectionString,
  });
  await using clean = await openLife(product, newDomain(), userCount);
  await product.waitFor(await begin(product, clean, {}));
  const expected = inventoryOf(await snapshotOf(product, clean));

  const ends: string[] = [];
  for (const kilobytes of roomKilobytes) {
    await using life = await openLife(product, newDomain(), userCount);
    const before = await inventorySize(product);
    await disk.leave(kilobytes * 1024);
    const runId = await begin(product, life, {});
    // Where there is not even room to write down the end, the run waits for some.
    await Promise.race([product.waitFor(runId), sleep(60_000, undefined, { ref: false })]);
    await disk.leave(Number.POSITIVE_INFINITY);
    const { status, error, stage } = await product.waitFor(runId);
    ends.push(`${kilobytes} KB: ${status}`);
    assert.equal(stage, "finished");
    if (status === "failed") {
      assert.equal(error?.code, "database.disk_full");
      assert.match(String(error?.nextStep), /space/);
      assert.deepEqual(await inventorySize(product), before, `${kilobytes} KB: something was half applied`);
      const again = await product.waitFor(await begin(product, life, {}));
      assert.equal(again.status, "completed_with_errors", JSON.stringify(again.error));
    }
    const found = inventoryOf(await snapshotOf(product, life));
    assert.deepEqual(
      [found.find((line) => !expected.includes(line)), expected.find((line) => !found.includes(line))],
      [undefined, undefined],
      `${kilobytes} KB: ${status}`,
    );
    assert.equal(found.length, expected.length);
  }
  // What a failed run has staged goes with the next sweep of the workers.
  while ((await countStages(product)) > 0) await sleep(500);
  t.diagnostic(ends.join(", "));
  assert.ok(ends.some((end) => end.endsWith("failed")));
});

/** Whom and what the successful run made, be it an integration's first run or its second. */
function inventoryOf({ people, saasUsers, links }: IntegrationSnapshot): readonly string[] {
  return [...people, ...saasUsers, ...links].map((line) => line.replaceAll(/run \d/g, "run"));
}

async function countStages({ database }: RunningProduct): Promise<number> {
  const text = `select count(*)::integer as stages from pg_class where relnamespace = 'stage'::regnamespace and relkind = 'r'`;
  return (await one<{ stages: number }>(database, text)).stages;
}

async function inventorySize({ database }: RunningProduct) {
  return await one(
    database,
    `select (select count(*)::integer from person) as people, (select count(*)::integer from saas_user) as "saasUsers",
            (select count(*)::integer from link) as links, (select count(*)::integer from change) as changes`,
  );
}
