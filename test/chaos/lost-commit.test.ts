import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { verifyHistory } from "@rollcall/server/features/audit/verify-history-queries.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { changedVendor, newcomer, type Story, undoLast, withReview } from "./episodes.ts";
import { assertAlike } from "./integration-snapshot.ts";
import { begin, type Life, liveThrough, newDomain, openLife, snapshotOf } from "./life.ts";
import { type LosingProxy, type Loss, startLosingProxy } from "./losing-proxy.ts";
import { openProduct, type RunningProduct } from "./running-product.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const userCount = 300;

/** The transactions of a run, told by a statement that only they hold. */
const transactions: readonly (readonly [name: string, holds: RegExp])[] = [
  ["claim", /attempt = attempt \+ 1/],
  ["batch", /set stage = \$3.*fetching/s],
  ["plan", /insert into change \(run_id/],
  ["apply", /stage = 'finished'/],
];
const everyCommit: readonly Loss[] = transactions.flatMap(([, of]) => [
  { of, when: "before" as const },
  { of, when: "after" as const },
]);

test("C16 a connection lost at each commit of a run, before and after it was done: nothing is half applied or done twice", async () => {
  await using world = await openWorld();
  await survives(world, newcomer, everyCommit);
  await survives(world, changedVendor, everyCommit);
  assert.deepEqual(await verifyHistory(world.product.database), { runs: [], edits: [] });
});

test("C16 a connection lost at the commit of an undo: it is done once", async () => {
  await using world = await openWorld();
  const undo = everyCommit.filter(({ of }) => of.source.includes("attempt") || of.source.includes("finished"));
  await survives(world, undoLast, undo);
  assert.deepEqual(await verifyHistory(world.product.database), { runs: [], edits: [] });
});

test("C16 a connection lost at the commit of an approval: it is done or it is not, and the run says which", async () => {
  await using world = await openWorld();
  const { product, proxy } = world;
  const lives: Life[] = [];
  await using stack = new AsyncDisposableStack();
  for (const when of ["before", "after"] as const) {
    const life = stack.use(await openLife(product, newDomain(), 100));
    lives.push(life);
    for (const episode of [...withReview.past, withReview.episode]) await liveThrough(product, life, episode);
    const runId = life.runs.at(-1) ?? "";
    const approve = () => product.api("POST", `/runs/${runId}/approve`, { reason: "They have left." });
    proxy.lose([{ of: /decision_reason = /, when }]);
    const lost = await approve();
    assert.equal(lost.status, 503, JSON.stringify(lost.body));
    const { body: run } = await product.api<Run>("GET", `/runs/${runId}`);
    assert.equal(run.plan, when === "before" ? "open" : "approved");
    assert.equal((await approve()).status, when === "before" ? 200 : 409);
  }
  const [one, other] = await Promise.all(lives.map((life) => snapshotOf(product, life)));
  assert.ok(one && other);
  assertAlike(other, one, "lost after the commit");
});

type World = AsyncDisposable & { readonly product: RunningProduct; readonly proxy: LosingProxy };

async function openWorld(): Promise<World> {
  await using starting = new AsyncDisposableStack();
  const folder = starting.use(await temporaryFolder());
  const { connectionString } = starting.use(await createTestDatabase());
  const proxy = starting.use(await startLosingProxy(connectionString));
  const product = starting.use(
    await openProduct({
      environment: { ROLLCALL_DATA_DIR: folder.path, DATABASE_URL: proxy.connectionString },
      connectionString: async () => connectionString,
    }),
  );
  const open = starting.move();
  return { product, proxy, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** Loses one commit after the other in one run, which ends like an undisturbed one. */
async function survives({ product, proxy }: World, { past, episode }: Story, losses: readonly Loss[]): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const open = async (): Promise<Life> => {
    const life = stack.use(await openLife(product, newDomain(), userCount));
    for (const earlier of past) await liveThrough(product, life, earlier);
    await episode.before?.(life.vendor);
    return life;
  };
  const clean = await open();
  await product.waitFor(await begin(product, clean, episode));
  const life = await open();
  proxy.lose(losses);
  await product.waitFor(await begin(product, life, episode));
  assert.deepEqual(proxy.toCome(), []);
  assertAlike(await snapshotOf(product, life), await snapshotOf(product, clean), "with lost connections");
}
