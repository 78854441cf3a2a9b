import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { guardPlan } from "./guard-plan.ts";
import type { GuardLimits } from "./plan.ts";

const defaults: GuardLimits = {
  enabled: true,
  maxPercent: 10,
  minCount: 5,
  windowPercent: 20,
  confirmRuns: 1,
  windowDeactivated: 0,
  goneLists: [],
};

describe("the guard", () => {
  const cases: readonly [
    why: string,
    knownActive: number,
    deactivations: number,
    rules: readonly string[],
    before?: number,
  ][] = [
    ["lets nothing through unseen when nothing goes", 100, 0, []],
    ["lets five of a hundred go", 100, 5, []],
    ["lets ten percent go", 100, 10, []],
    ["stops above ten percent", 100, 11, ["per-run"]],
    ["lets five of forty go", 40, 5, []],
    ["stops the sixth of forty", 40, 6, ["per-run"]],
    ["does not spare small populations: two of nine are above 20 %", 9, 2, ["window"]],
    ["stops a population of three going to zero", 3, 3, ["window", "to-zero"]],
    ["stops a population going to zero", 50, 50, ["per-run", "window", "to-zero"]],
    ["counts what went within the window: ten of a hundred before and ten now are 20 %", 90, 9, [], 10],
    ["stops when the window is used up", 90, 9, ["window"], 12],
  ];
  for (const [why, knownActive, deactivations, rules, windowDeactivated = 0] of cases) {
    test(why, () => {
      const reasons = guardPlan({ ...defaults, windowDeactivated }, knownActive, deactivations);
      assert.deepEqual(
        reasons.map((reason) => reason.rule),
        rules,
      );
    });
  }

  test("lets everything go when it is switched off", () => {
    assert.deepEqual(guardPlan({ ...defaults, enabled: false }, 10, 10), []);
  });

  test("stops whoever is missing while a list is gone that was read before, and names the list", () => {
    const [reason, ...others] = guardPlan({ ...defaults, goneLists: ["502"] }, 100, 1);
    assert.deepEqual([reason?.rule, others], ["list-gone", []]);
    assert.match(reason?.detail ?? "", /\(502\)/);
    assert.deepEqual(guardPlan({ ...defaults, goneLists: ["502"] }, 100, 0), []);
    const many = Array.from({ length: 7 }, (_, index) => String(index));
    assert.match(guardPlan({ ...defaults, goneLists: many }, 100, 1)[0]?.detail ?? "", /\(0, 1, 2, 3, 4 and 2 more\)/);
  });

  test("law: a higher limit never stops what a lower one lets go", () => {
    const size = fc.nat(2000);
    fc.assert(
      fc.property(size, size, fc.nat(100), fc.nat(100), fc.nat(50), (known, gone, percent, more, window) => {
        const low = { ...defaults, maxPercent: percent, windowPercent: percent, windowDeactivated: window };
        const high = {
          ...low,
          maxPercent: percent + more,
          windowPercent: percent + more,
          minCount: low.minCount + more,
        };
        const stopped = (limits: GuardLimits) => guardPlan(limits, known, Math.min(gone, known)).length > 0;
        return stopped(low) || !stopped(high);
      }),
    );
  });
});
