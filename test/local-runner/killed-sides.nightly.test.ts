import assert from "node:assert/strict";
import { test } from "node:test";
import { compareInstallations } from "./compare-installations.ts";
import { killSides } from "./killed-sides.ts";
import { story } from "./story.ts";

test("runner and server killed 20 times at random during each of two runs of 10,000 users: the result is exact", async (t) => {
  const report = await killSides({ userCount: 10_000, perPage: 20, kills: 20, random: Math.random, hurry: false });
  t.diagnostic(JSON.stringify(report));
  assert.ok(report.runners + report.servers >= 20);
});

test("10,000 users, read by the server and by a runner, give the same rows, history and counters", async () => {
  await compareInstallations({ users: 10_000, population: "odd", seed: 12, sites: 5 }, { deactivate: true }, story);
});
