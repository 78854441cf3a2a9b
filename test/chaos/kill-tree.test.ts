import { test } from "node:test";
import { killTrees } from "./kill-trees.ts";
import { knowsProcessTrees } from "./product-process.ts";

test("C11 a few kill -9 of the whole process tree at random moments change nothing", async (t) => {
  if (!knowsProcessTrees) {
    t.skip("this system does not tell which processes belong together");
    return;
  }
  const stages = await killTrees({ userCount: 1_000, kills: 3, seed: 11 });
  t.diagnostic(`killed while ${stages.join(", ")}`);
});
