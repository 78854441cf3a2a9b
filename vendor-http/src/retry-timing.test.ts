import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { backoffMs, decideRetry, isTransientStatus, defaultRetryPolicy as policy } from "./retry-timing.ts";

const numRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 1000);
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("backoffMs", () => {
  test("D17 jitter is full: from nothing up to the whole step, which doubles up to the cap", () => {
    for (const [attempts, step] of [
      [1, 500],
      [2, 1000],
      [3, 2000],
      [6, 16_000],
      [7, 30_000],
      [60, 30_000],
    ] as const) {
      assert.equal(
        backoffMs(policy, attempts, () => 0),
        0,
      );
      assert.equal(
        backoffMs(policy, attempts, () => 0.5),
        step / 2,
      );
      assert.equal(
        backoffMs(policy, attempts, () => 1),
        step,
      );
    }
  });
});

describe("decideRetry", () => {
  test("D17 never waits less than asked, more than ten minutes, past the budget or after the last attempt", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 40 * 60_000 }),
        fc.option(fc.integer({ min: 0, max: 20 * 60_000 })),
        random,
        (attempts, elapsedMs, hintMs, r) => {
          const decision = decideRetry(policy, { attempts, elapsedMs, hintMs }, () => r);
          if (decision.kind === "wait") {
            assert.ok(attempts < policy.maxAttempts);
            assert.ok(decision.ms >= (hintMs ?? 0));
            assert.ok(decision.ms <= 10 * 60_000);
            assert.ok(elapsedMs + decision.ms <= policy.budgetMs);
            assert.ok(decision.ms <= Math.max(hintMs ?? 0, 30_000));
          } else if (decision.why === "attempts") assert.ok(attempts >= policy.maxAttempts);
          else if (decision.why === "wait-too-long") assert.ok((hintMs ?? 0) > policy.maxWaitMs);
          else assert.ok(elapsedMs + Math.max(hintMs ?? 0, 30_000) > policy.budgetMs);
        },
      ),
      { numRuns },
    );
  });

  test("D17 ten minutes are waited for, a millisecond more is not", () => {
    const failed = { attempts: 1, elapsedMs: 0 };
    assert.deepEqual(
      decideRetry(policy, { ...failed, hintMs: 600_000 }, () => 0),
      { kind: "wait", ms: 600_000 },
    );
    assert.deepEqual(
      decideRetry(policy, { ...failed, hintMs: 600_001 }, () => 0),
      { kind: "give-up", why: "wait-too-long" },
    );
  });
});

test("what may pass is repeated; refusals and mistakes are not", () => {
  for (const status of [408, 425, 429, 500, 502, 503, 504, 520]) assert.ok(isTransientStatus(status), String(status));
  for (const status of [400, 401, 403, 404, 405, 409, 410, 422]) assert.ok(!isTransientStatus(status), String(status));
});
