import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { get, rejection, withBoth } from "../test/call-vendor.ts";
import { type Handler, never, sendJson } from "../test/fake-vendor.ts";
import { frozenClock, instantClock } from "../test/instant-clock.ts";
import { slidingWindowLimit } from "./rate-limit.ts";
import type { VendorLogEntry } from "./vendor-client.ts";
import type { VendorRequest } from "./vendor-request.ts";

const _html = "<html><body>Log in</body></html>";

describe("retries", () => {
  test("D17 what passes after failures is an answer; the waits grow and are counted", async () => {
    const clock = instantClock();
    const statuses = [503, 500, 429];
    const handler: Handler = (_, response) => sendJson(response, {}, statuses.shift() ?? 200);
    await withBoth(handler, { clock, random: () => 0.5 }, async (client, vendor) => {
      assert.equal((await get(client, vendor)).status, 200);
      assert.deepEqual(clock.slept, [250, 500, 1000]);
      const { requests, retries, waitedMs } = client.statistics();
      assert.deepEqual({ requests, retries, waitedMs }, { requests: 4, retries: 3, waitedMs: 1750 });
    });
  });

  const start = Date.UTC(2026, 0, 1);
  const waits: readonly (readonly [number, Record<string, string>, number])[] = [
    [429, { "retry-after": "2" }, 2000],
    [503, { "retry-after": "2" }, 2000],
    [429, { "retry-after": new Date(start + 3000).toUTCString() }, 3000],
    [429, { "ratelimit-reset": "4" }, 4000],
    [429, { "x-ratelimit-reset": String(start / 1000 + 5) }, 5000],
    [429, { "retry-after": "600" }, 600_000],
  ];
  for (const [status, headers, expected] of waits) {
    test(`${status} with ${JSON.stringify(headers)} is repeated after ${expected} ms`, async () => {
      const clock = instantClock(start);
      let count = 0;
      const handler: Handler = (_, response) => sendJson(response, {}, count++ === 0 ? status : 200, headers);
      await withBoth(handler, { clock, random: () => 0 }, async (client, vendor) => {
        await get(client, vendor);
        assert.deepEqual(clock.slept, [expected]);
      });
    });
  }

  test("D17 a vendor that asks for more than ten minutes is not waited for", async () => {
    const handler: Handler = ({ url }, response) =>
      sendJson(response, {}, url === "/429" ? 429 : 503, { "retry-after": "601" });
    await withBoth(handler, {}, async (client, vendor) => {
      assert.equal((await rejection(get(client, vendor, "/503"))).code, "vendor.unavailable");
      assert.equal((await rejection(get(client, vendor, "/429"))).code, "vendor.rate_limited");
      assert.equal(vendor.seen.length, 2);
    });
  });

  test("D17 only GET is repeated by itself; POST when told so, or as far as it was surely not processed", async () => {
    const handler: Handler = ({ url }, response) => sendJson(response, {}, Number(url?.slice(1)));
    await withBoth(handler, { retry: { maxAttempts: 3 } }, async (client, vendor) => {
      const post = async (path: string, idempotent?: VendorRequest["idempotent"]): Promise<unknown> => {
        const told = idempotent === undefined ? {} : { idempotent };
        return (
          await rejection(client.requestJson({ method: "POST", url: vendor.origin + path, signal: never, ...told }))
        ).details.attempts;
      };
      assert.equal(await post("/503"), 1);
      assert.equal(await post("/429"), 1);
      assert.equal(await post("/503", true), 3);
      assert.equal(await post("/503", "unless-processed"), 1);
      assert.equal(await post("/429", "unless-processed"), 3);
      const once = { method: "GET", url: `${vendor.origin}/503`, signal: never, idempotent: false } as const;
      assert.equal((await rejection(client.requestJson(once))).details.attempts, 1);
    });
  });

  test("a 429 holds back the other requests of the client as well", async () => {
    const clock = frozenClock();
    const handler: Handler = (_, response) => sendJson(response, {}, 429, { "retry-after": "20" });
    await withBoth(handler, { clock, maxConcurrent: 1 }, async (client, vendor) => {
      const controller = new AbortController();
      const requests = [1, 2, 3].map(() => get(client, vendor, "/", controller.signal));
      const settled = Promise.allSettled(requests);
      await clock.asleep(2); // the first one before it tries again, the second one before it tries at all
      controller.abort();
      await settled;
      assert.equal(vendor.seen.length, 1);
    });
  });

  test("every attempt takes its turn of the rate limit", async () => {
    const clock = instantClock();
    const handler: Handler = (_, response) => sendJson(response, {}, 500);
    const rateLimit = slidingWindowLimit({ perMinute: 1, clock });
    await withBoth(handler, { clock, rateLimit, retry: { maxAttempts: 3 } }, async (client, vendor) => {
      const begun = clock.now();
      await rejection(get(client, vendor));
      assert.ok(clock.now() - begun > 120_000);
    });
  });

  test("tells the log what happened, without the query", async () => {
    const entries: VendorLogEntry[] = [];
    const statuses = [503, 200];
    const handler: Handler = (_, response) => sendJson(response, {}, statuses.shift() ?? 200);
    await withBoth(handler, { log: (entry) => entries.push(entry), random: () => 0 }, async (client, vendor) => {
      await get(client, vendor, "/users?q=1");
      const known = { method: "GET", origin: vendor.origin, path: "/users" };
      assert.partialDeepStrictEqual(entries, [
        { event: "refused", ...known, attempt: 1, status: 503, retryInMs: 0 },
        { event: "answered", ...known, attempt: 2, status: 200, receivedBytes: 2 },
      ]);
    });
  });
});
