import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { verifyHistory } from "@rollcall/server/features/audit/verify-history-queries.ts";
import { startEmbeddedPostgres } from "@rollcall/server/postgres/embedded/start-embedded-postgres.ts";
import { embeddedAddress } from "./embedded-address.ts";
import { changedVendor, newcomer, type Story } from "./episodes.ts";
import { assertAlike } from "./integration-snapshot.ts";
import { begin, type Life, liveThrough, newDomain, openLife, snapshotOf } from "./life.ts";
import { openProduct, type RunningProduct } from "./running-product.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { type KillPoint, watchSteps } from "./watched-steps.ts";

/** As many as one process works on at once (queue/engine.ts). */
const firstRunPoints: readonly KillPoint[] = [
  { step: "run: fetching, running, plan none", nth: 3 },
  { step: "run: planning, running, plan none", nth: 1 },
  { step: "change: insert", nth: 1 },
  { step: "person: insert", nth: 1 },
];
const changedPoints: readonly KillPoint[] = [
  { step: "run: waiting, running, plan none", nth: 1 },
  { step: "run: applying, running, plan none", nth: 1 },
  { step: "saas_user: update", nth: 1 },
  { step: "run: finished, completed_with_errors, plan applied", nth: 1 },
];

const userCount = 300;

test("C11 the product starts its database again after a kill -9 in any phase, and every run ends as if nothing had been", async () => {
  await using folder = await temporaryFolder();
  const environment = { ROLLCALL_DATA_DIR: folder.path };
  const address = async () => await embeddedAddress(folder.path);
  await using product = await openProduct({
    environment,
    connectionString: async () => (await address()).connectionString,
  });
  const strike = async () => void process.kill((await address()).pid, "SIGKILL");
  await disturb(product, newcomer, firstRunPoints, strike);
  await disturb(product, changedVendor, changedPoints, strike);
  assert.deepEqual(await verifyHistory(product.database), { runs: [], edits: [] });
});

test("C16 a database that is restarted in any phase of a run: the run goes on from where it was", async () => {
  await using folder = await temporaryFolder();
  await using postgres = await startEmbeddedPostgres({ dataDir: join(folder.path, "database") });
  const { connectionString } = postgres;
  await using product = await openProduct({
    environment: { ROLLCALL_DATA_DIR: join(folder.path, "product"), DATABASE_URL: connectionString },
    connectionString: async () => connectionString,
  });
  await disturb(product, newcomer, firstRunPoints, () => postgres.restart());
  await disturb(product, changedVendor, changedPoints, () => postgres.restart());
  assert.deepEqual(await verifyHistory(product.database), { runs: [], edits: [] });
});

/** Has one run of a story stand still at each point, strikes, and sees each end like an undisturbed one. */
async function disturb(
  product: RunningProduct,
  { past, episode }: Story,
  points: readonly KillPoint[],
  strike: () => Promise<void>,
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const open = async (): Promise<Life> => {
    const life = stack.use(await openLife(product, newDomain(), userCount));
    for (const earlier of past) await liveThrough(product, life, earlier);
    await episode.before?.(life.vendor);
    return life;
  };
  const clean = await open();
  await product.waitFor(await begin(product, clean, episode));
  const expected = await snapshotOf(product, clean);

  const lives: Life[] = [];
  for (const _point of points) lives.push(await open());
  const steps = await watchSteps(product.database);
  const ids = lives.map(({ integrationId }) => integrationId);
  for (const [index, point] of points.entries()) await steps.stopAt(ids[index] ?? "", point);
  for (const life of lives) await begin(product, life, episode);
  assert.deepEqual(await steps.reached(ids), new Set());
  await strike();
  for (const [index, life] of lives.entries()) {
    await product.waitFor(life.runs.at(-1) ?? "");
    assertAlike(await snapshotOf(product, life), expected, `struck in “${points[index]?.step}”`);
  }
  await steps.end();
}
