import { test } from "node:test";
import { recordMeasured } from "../record-measured.ts";
import { killTrees } from "./kill-trees.ts";
import { knowsProcessTrees } from "./product-process.ts";

test("C11 30 times kill -9 of the whole process tree at random moments of a 10,000-user run change nothing", async (t) => {
  if (!knowsProcessTrees) {
    t.skip("this system does not tell which processes belong together");
    return;
  }
  const stages = await killTrees({ userCount: 10_000, kills: 30, seed: 30 });
  await recordMeasured(
    "C11",
    `30 kills of the whole process tree of 10,000-user runs, while ${[...new Set(stages)].join(", ")}: exact`,
  );
  t.diagnostic(`killed while ${stages.join(", ")}`);
});
