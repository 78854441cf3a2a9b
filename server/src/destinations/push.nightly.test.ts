import { test } from "node:test";
import { assertPushCost } from "@rollcall/server/test/assert-push-cost.ts";

test("10,000 people are pushed once, then the hundredth of them that changed", async () => {
  await assertPushCost(10_000);
});
