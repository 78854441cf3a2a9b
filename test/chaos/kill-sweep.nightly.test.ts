import { test } from "node:test";
import { recordMeasured } from "../record-measured.ts";
import { changedVendor, newcomer } from "./episodes.ts";
import { sweepKills } from "./sweep-kills.ts";

const userCount = 10_000;

test("C11 C12 a first run of 10,000 users, killed in every one of its steps, ends as if it had not been killed", async (t) => {
  const { points, longestTakeoverSeconds } = await sweepKills({ userCount, ...newcomer });
  t.diagnostic(`${points.length} steps, taken over after at most ${longestTakeoverSeconds.toFixed(1)} s`);
});

test("C11 C12 a run over 10,000 known users, killed in every one of its steps, ends so too", async (t) => {
  const { points, longestTakeoverSeconds } = await sweepKills({ userCount, ...changedVendor });
  const sentence = `${points.length} steps, taken over after at most ${longestTakeoverSeconds.toFixed(1)} s`;
  t.diagnostic(sentence);
  await recordMeasured("C12", `10,000 users: ${sentence}`);
});
