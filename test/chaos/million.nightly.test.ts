import assert from "node:assert/strict";
import { test } from "node:test";
import { recordMeasured } from "../record-measured.ts";
import { knowsMemory, measureMemory } from "./measure-memory.ts";

test("B10 1,000,000 users: resident memory of the process that runs it grows by less than 200 MB", async (t) => {
  if (!knowsMemory) {
    t.skip("this system does not tell how much memory a process has in use");
    return;
  }
  const measured = await measureMemory(1_000_000);
  const most = Math.max(...measured.map(({ growthMegabytes }) => growthMegabytes));
  await recordMeasured("B10", `1,000,000 users: ${most.toFixed(0)} MB at most, over a first and an unchanged run`);
  for (const { growthMegabytes, seconds } of measured) {
    t.diagnostic(`${growthMegabytes.toFixed(0)} MB, ${seconds.toFixed(1)} s`);
    assert.ok(growthMegabytes < 200, `${growthMegabytes.toFixed(0)} MB`);
  }
});
