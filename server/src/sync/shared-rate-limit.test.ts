import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { one } from "../postgres/query.ts";
import { sharedRateLimit } from "./shared-rate-limit.ts";

describe("a budget shared over the database", { concurrency: 3 }, () => {
  let testDatabase: TestDatabase;
  before(async () => {
    testDatabase = await createTestDatabase({ max: 10 });
  });
  after(() => testDatabase.close());

  test("D18 sharers together never get more than the limit in a minute, and all of it while work waits", async () => {
    const limits = Array.from({ length: 5 }, () => sharedRateLimit(testDatabase.database, "shared", 120));
    const waiting = new AbortController();
    let granted = 0;
    const work = limits.map(async (limit) => {
      for (;;) {
        await limit.acquire(waiting.signal);
        granted += 1;
      }
    });
    const settled = Promise.allSettled(work);
    // All at once, and then nothing more for the rest of the minute.
    for (let look = 0; look < 200 && granted < 108; look++) await sleep(50);
    await sleep(500);
    waiting.abort();
    await settled;
    assert.ok(granted >= 108 && granted <= 120, `${granted} of 120 were granted`);
  });

  test("D18 many sessions that ask one question each leave the rest of the budget to others", async () => {
    const { database } = testDatabase;
    for (let session = 0; session < 100; session++) {
      const limit = sharedRateLimit(database, "sessions", 1800);
      await limit.acquire();
      await limit.giveBack();
    }
    const { used } = await one<{ used: number }>(
      database,
      "select sum(permissions)::integer as used from rate_grant where bucket = 'sessions'",
    );
    assert.equal(used, 100);
  });

  test("D18 what a block holds beyond its second is given back before the next is taken", async () => {
    const { database } = testDatabase;
    const limit = sharedRateLimit(database, "idle", 1800);
    for (let round = 0; round < 3; round++) {
      await limit.acquire();
      if (round < 2) await sleep(1_050);
    }
    await limit.giveBack();
    const { used } = await one<{ used: number }>(
      database,
      "select sum(permissions)::integer as used from rate_grant where bucket = 'idle'",
    );
    assert.equal(used, 3);
  });

  test("a caller that is aborted while it waits leaves the others their turn", async () => {
    const limit = sharedRateLimit(testDatabase.database, "abort", 1);
    await limit.acquire();
    await assert.rejects(limit.acquire(AbortSignal.timeout(60)), { name: "AbortError" });
    await limit.giveBack();
  });
});
