import assert from "node:assert/strict";
import { test } from "node:test";
import { killSides } from "./killed-sides.ts";

test("runner and server killed three times at random during each of two runs: the result is exact", async (t) => {
  const report = await killSides({ userCount: 1_000, perPage: 20, kills: 3, random: Math.random, hurry: true });
  t.diagnostic(JSON.stringify(report));
  assert.ok(report.runners + report.servers >= 3);
});
