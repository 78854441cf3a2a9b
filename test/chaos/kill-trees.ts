import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyHistory } from "@rollcall/server/features/audit/verify-history-queries.ts";
import { maybeOne, one } from "@rollcall/server/postgres/query.ts";
import fc from "fast-check";
import { embeddedAddress } from "./embedded-address.ts";
import { changedVendor, newcomer, type Story } from "./episodes.ts";
import { assertAlike } from "./integration-snapshot.ts";
import { begin, type Life, liveThrough, newDomain, openLife, snapshotOf } from "./life.ts";
import { openProduct, type RunningProduct } from "./running-product.ts";
import { temporaryFolder } from "./temporary-folder.ts";

type TreeKills = { readonly userCount: number; readonly kills: number; readonly seed: number };

/**
 * Kills the product with all its processes, the embedded database among them, at random moments of a run, and starts it again on the same
 * folder. Each run ends like an undisturbed one.
 *
 * @returns in which stage each run was killed
 */
export async function killTrees({ userCount, kills, seed }: TreeKills): Promise<readonly string[]> {
  await using folder = await temporaryFolder();
  const start = () =>
    openProduct({
      environment: { ROLLCALL_DATA_DIR: folder.path },
      connectionString: async () => (await embeddedAddress(folder.path)).connectionString,
    });
  await using lives = new AsyncDisposableStack();
  const open = async (product: RunningProduct, { past, episode }: Story): Promise<Life> => {
    const life = lives.use(await openLife(product, newDomain(), userCount));
    for (const earlier of past) await liveThrough(product, life, earlier);
    await episode.before?.(life.vendor);
    return life;
  };

  let product = await start();
  try {
    const stories: readonly Story[] = [newcomer, changedVendor];
    const clean = [];
    for (const story of stories) {
      const life = await open(product, story);
      const runId = await begin(product, life, story.episode);
      await product.waitFor(runId);
      clean.push({ snapshot: await snapshotOf(product, life), milliseconds: await durationOf(product, runId) });
    }
    const stages: string[] = [];
    for (const [index, moment] of momentsOf(kills, seed).entries()) {
      const story = stories[index % stories.length] ?? newcomer;
      const { snapshot, milliseconds } = clean[index % stories.length] ?? { milliseconds: 0 };
      assert.ok(snapshot);
      const life = await open(product, story);
      const runId = await begin(product, life, story.episode);
      while ((await stageOf(product, runId)) === "waiting") await sleep(2);
      await sleep(moment * milliseconds);
      stages.push(await stageOf(product, runId));
      await product.process.killTree();
      await product[Symbol.asyncDispose]();
      product = await start();
      await product.waitFor(runId);
      assertAlike(await snapshotOf(product, life), snapshot, `kill ${index + 1}, ${stages.at(-1)}`);
    }
    assert.deepEqual(await verifyHistory(product.database), { runs: [], edits: [] });
    return stages;
  } finally {
    await product[Symbol.asyncDispose]();
  }
}

/** Parts of a run's time, from its start to just after its end. */
function momentsOf(count: number, seed: number): readonly number[] {
  const [moments = []] = fc.sample(
    fc.array(fc.double({ min: 0, max: 1.05, noNaN: true, noDefaultInfinity: true }), {
      minLength: count,
      maxLength: count,
    }),
    { numRuns: 1, seed },
  );
  return moments;
}

async function stageOf({ database }: RunningProduct, runId: string): Promise<string> {
  return (await maybeOne<{ stage: string }>(database, "select stage from run where id = $1", [runId]))?.stage ?? "";
}

async function durationOf({ database }: RunningProduct, runId: string): Promise<number> {
  const { milliseconds } = await one<{ milliseconds: number }>(
    database,
    "select extract(epoch from finished_at - started_at)::float8 * 1000 as milliseconds from run where id = $1",
    [runId],
  );
  return milliseconds;
}
