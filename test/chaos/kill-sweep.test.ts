import assert from "node:assert/strict";
import { test } from "node:test";
import { changedVendor, newcomer, undoLast, withReview } from "./episodes.ts";
import { sweepKills } from "./sweep-kills.ts";

/** Enough for two batches of every stream (sync/fetch-into-stage.ts). */
const userCount = 2_100;

test("C11 C12 a first run whose worker is killed in any of its steps ends as if it had not been killed", async (t) => {
  const { points, longestTakeoverSeconds } = await sweepKills({ userCount, ...newcomer });
  t.diagnostic(`${points.length} steps, taken over after at most ${longestTakeoverSeconds.toFixed(1)} s`);
  assert.ok(points.filter(({ step }) => step.startsWith("run: fetching")).length >= 4);
});

test("C11 C12 a run with updates, deactivations and reactivations, killed in any of its steps, ends so too", async (t) => {
  const { points, longestTakeoverSeconds } = await sweepKills({ userCount: 300, ...changedVendor });
  t.diagnostic(`${points.length} steps, taken over after at most ${longestTakeoverSeconds.toFixed(1)} s`);
  for (const step of ["person: update", "person: insert", "saas_user: update", "link: update"]) {
    assert.ok(
      points.some((point) => point.step === step),
      step,
    );
  }
});

test("C11 a run that needs review tells people once, wherever its worker is killed", async (t) => {
  const { points } = await sweepKills({ userCount: 200, ...withReview });
  t.diagnostic(`${points.length} steps`);
  assert.ok(points.some(({ step }) => step === "message: insert"));
});

test("C11 an undo whose worker is killed in any of its steps restores everything, once", async (t) => {
  const { points } = await sweepKills({ userCount: 200, ...undoLast });
  t.diagnostic(`${points.length} steps`);
});
