import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyHistory } from "@rollcall/server/features/audit/verify-history-queries.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { assertAlike, type IntegrationSnapshot } from "./integration-snapshot.ts";
import { begin, type Episode, type Life, liveThrough, newDomain, openLife, pagesAsked, snapshotOf } from "./life.ts";
import { startProduct } from "./product-process.ts";
import { type KillPoint, untilQuiet, type WatchedSteps, watchSteps } from "./watched-steps.ts";

export type Sweep = {
  readonly userCount: number;
  /** What every integration lives through undisturbed. */
  readonly past: readonly Episode[];
  readonly episode: Episode;
};

export type SweepReport = { readonly points: readonly KillPoint[]; readonly longestTakeoverSeconds: number };

/** Workers at once, and runs that each of them works on at once (queue/engine.ts). */
const workers = 5;
const atOnce = workers * 4;

/**
 * One integration goes through the episode undisturbed, which tells every step that there is. Then, for each of these steps, an
 * integration of its own is stopped in the middle of it and its worker killed, many of them at once, and other workers take over. In the
 * end each must be like the undisturbed one, and no page may have been fetched again that was staged.
 */
export async function sweepKills(sweep: Sweep): Promise<SweepReport> {
  await using rollcall = await startTestRollcall({ role: "server" });
  await using steps = await watchSteps(rollcall.database);
  const scene: Scene = { ...sweep, rollcall, steps };

  await using clean = await openLife(rollcall, newDomain(), sweep.userCount);
  const points = await undisturbed(scene, clean);
  const expected = await snapshotOf(rollcall, clean);
  const pages = pagesAsked(clean);
  let longestTakeoverSeconds = 0;
  for (let from = 0; from < points.length; from += atOnce) {
    const takeover = await killWave(scene, points.slice(from, from + atOnce), { expected, pages });
    longestTakeoverSeconds = Math.max(longestTakeoverSeconds, takeover);
  }
  assert.deepEqual(await verifyHistory(rollcall.database), { runs: [], edits: [] });
  return { points, longestTakeoverSeconds };
}

type Scene = Sweep & { readonly rollcall: TestRollcall; readonly steps: WatchedSteps };
type Clean = { readonly expected: IntegrationSnapshot; readonly pages: number };

/** Every step of the episode's run, each with how often it was taken. */
async function undisturbed({ rollcall, steps, past, episode }: Scene, life: Life): Promise<readonly KillPoint[]> {
  await using team = await startWorkers(rollcall, 1);
  for (const earlier of past) await liveThrough(rollcall, life, earlier);
  await episode.before?.(life.vendor);
  await steps.taken(life.integrationId);
  life.vendor.sandbox.resetCounters();
  await rollcall.waitFor(await begin(rollcall, life, episode));
  await team.stop();
  return asKillPoints(await steps.taken(life.integrationId));
}

function asKillPoints(taken: readonly string[]): readonly KillPoint[] {
  return taken.map((step, index) => ({ step, nth: taken.slice(0, index + 1).filter((one) => one === step).length }));
}

/** What is staged is also written when a second has passed, so that a slower run takes these steps more often; problems once at least. */
const isTimed = ({ step, nth }: KillPoint): boolean =>
  step.startsWith("run: fetching") || (step.startsWith("run_error: insert") && nth > 1);

/** @returns how long it took until the last run was taken over by workers that were there, in seconds */
async function killWave(scene: Scene, wave: readonly KillPoint[], clean: Clean): Promise<number> {
  const { rollcall, steps, past, episode, userCount } = scene;
  await using stack = new AsyncDisposableStack();
  const lives: Life[] = [];
  for (const _point of wave) lives.push(stack.use(await openLife(rollcall, newDomain(), userCount)));
  await using team = await startWorkers(rollcall, workers);
  for (const earlier of past) await Promise.all(lives.map((life) => liveThrough(rollcall, life, earlier)));
  for (const life of lives) await episode.before?.(life.vendor);

  const ids = lives.map(({ integrationId }) => integrationId);
  for (const [index, point] of wave.entries()) await steps.stopAt(ids[index] ?? "", point);
  await Promise.all(lives.map((life) => begin(rollcall, life, episode)));
  const missed = await steps.reached(ids);
  const caught = lives.filter(({ integrationId }) => !missed.has(integrationId));
  for (const [index, point] of wave.entries()) {
    if (missed.has(ids[index] ?? "")) assert.ok(isTimed(point), `never came to ${point.nth} of “${point.step}”`);
  }
  await team.kill();
  await steps.release();
  await untilQuiet(rollcall.database);
  const saved = await savedOf(scene, caught);
  for (const { vendor } of caught) vendor.sandbox.resetCounters();

  await using others = await startWorkers(rollcall, workers);
  const thereAgain = performance.now();
  await untilTakenOver(scene, saved);
  const takeoverSeconds = (performance.now() - thereAgain) / 1000;
  for (const [index, life] of caught.entries()) {
    const point = wave[ids.indexOf(life.integrationId)];
    const where = `killed in “${point?.step}”, time ${point?.nth}`;
    const { attempt } = await rollcall.waitFor(life.runs.at(-1) ?? "");
    const asked = pagesAsked(life);
    const missing = clean.pages - (saved[index]?.pages ?? 0);
    // A machine that stands still for long has a run taken over once more.
    const once = attempt === (saved[index]?.attempt ?? 0) + 1;
    assert.ok(
      once ? asked === missing : asked >= missing,
      `${where}: ${asked} pages asked for, ${missing} were missing`,
    );
    assertAlike(await snapshotOf(rollcall, life), clean.expected, where);
  }
  await others.stop();
  assert.ok(takeoverSeconds < 60, `the last run was taken over after ${takeoverSeconds.toFixed(1)} s`);
  return takeoverSeconds;
}

async function startWorkers({ environment }: TestRollcall, count: number) {
  await using starting = new AsyncDisposableStack();
  const start = () => startProduct({ ...environment, ROLLCALL_ROLE: "worker" });
  const team = await Promise.all(Array.from({ length: count }, start));
  for (const worker of team) starting.use(worker);
  const started = starting.move();
  const stop = () => started.disposeAsync();
  const kill = async () => void (await Promise.all(team.map((worker) => worker.kill())));
  return { stop, kill, [Symbol.asyncDispose]: stop };
}

type Saved = { readonly run: string; readonly attempt: number; readonly pages: number };

/** What each killed run had saved: from where another worker goes on. */
async function savedOf({ rollcall }: Scene, lives: readonly Life[]): Promise<readonly Saved[]> {
  return await rows<Saved>(
    rollcall.database,
    `select r.id as run, r.attempt, coalesce((r.checkpoint ->> 'pages')::integer, 0) as pages
     from unnest($1::uuid[]) with ordinality w (id, place) join run r on r.id = w.id order by w.place`,
    [lives.map(({ runs }) => runs.at(-1))],
  );
}

async function untilTakenOver({ rollcall }: Scene, saved: readonly Saved[]): Promise<void> {
  for (;;) {
    const { waiting } = await one<{ waiting: number }>(
      rollcall.database,
      `select count(*)::integer as waiting from run r join unnest($1::uuid[], $2::integer[]) w (id, attempt) on w.id = r.id
       where r.attempt = w.attempt`,
      [saved.map(({ run }) => run), saved.map(({ attempt }) => attempt)],
    );
    if (waiting === 0) return;
    await sleep(50);
  }
}
