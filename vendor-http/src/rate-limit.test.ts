import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { frozenClock, instantClock } from "../test/instant-clock.ts";
import { noLimit, pausingAfterRefusal, slidingWindowLimit } from "./rate-limit.ts";

const numRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 100);

describe("slidingWindowLimit", () => {
  test("never more than L in any 60 seconds, at least 90 % of L while work waits, first come first served", async () => {
    const work = fc.record({
      perMinute: fc.integer({ min: 1, max: 40 }),
      idle: fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 8 }),
      burst: fc.integer({ min: 1, max: 120 }),
    });
    await fc.assert(
      fc.asyncProperty(work, async ({ perMinute, idle, burst }) => {
        const clock = instantClock();
        const limit = slidingWindowLimit({ perMinute, clock });
        const grants: number[] = [];
        // Some requests that come one at a time, then a crowd.
        for (const ms of idle) {
          clock.advance(ms);
          await limit.acquire();
          grants.push(clock.now());
        }
        const crowdCame = clock.now();
        const order: number[] = [];
        await Promise.all(
          Array.from({ length: burst }, async (_, number) => {
            await limit.acquire();
            order.push(number);
            grants.push(clock.now());
          }),
        );
        assert.deepEqual(
          order,
          [...order].sort((a, b) => a - b),
        );
        // The window from each grant, its end included, is the worst one.
        for (const from of grants) {
          const inWindow = grants.filter((at) => at >= from && at <= from + 60_000).length;
          assert.ok(inWindow <= perMinute, `${inWindow} in 60 s at a limit of ${perMinute}`);
        }
        // Who had to wait came after L others within 60 s / 0.9: nobody waits while a tenth of the limit is unused.
        for (const at of grants.filter((time) => time > crowdCame)) {
          const before = grants.filter((other) => other < at && other >= at - 60_000 / 0.9).length;
          assert.ok(before >= perMinute, `only ${before} before a wait at a limit of ${perMinute}`);
        }
      }),
      { numRuns },
    );
  });

  test("after a refusal nobody gets permission until the pause is over", async () => {
    const clock = instantClock();
    const limit = slidingWindowLimit({ perMinute: 10, clock });
    const start = clock.now();
    await limit.acquire();
    await limit.slowDown?.(5000);
    await limit.acquire();
    assert.equal(clock.now() - start, 5000);
  });

  test("one that is aborted while it waits leaves with the signal's reason and takes no permission", async () => {
    const clock = frozenClock();
    const limit = slidingWindowLimit({ perMinute: 1, clock });
    await limit.acquire();
    const first = new AbortController();
    const second = new AbortController();
    const waiting = [limit.acquire(first.signal), limit.acquire(second.signal)];
    const settled = Promise.allSettled(waiting);
    await clock.asleep(1);
    second.abort(new Error("second left"));
    first.abort(new Error("first left"));
    assert.deepEqual(
      (await settled).map((result) => result.status === "rejected" && String(result.reason)),
      ["Error: first left", "Error: second left"],
    );
  });

  test("a limit that is not a whole number from 1 is refused", () => {
    for (const perMinute of [0, -1, 1.5, Number.NaN])
      assert.throws(() => slidingWindowLimit({ perMinute }), RangeError);
  });
});

test("a pause is kept also where there is no limit, and passed on to a shared one", async () => {
  const clock = instantClock();
  const told: number[] = [];
  const limit = pausingAfterRefusal({ ...noLimit, slowDown: (ms) => void told.push(ms) }, clock);
  await limit.acquire();
  await limit.slowDown(3000);
  await limit.acquire();
  assert.deepEqual(clock.slept, [3000]);
  assert.deepEqual(told, [3000]);
});
