import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { userAt } from "./population/user-at.ts";
import { startIroncladSandbox } from "./start-ironclad-sandbox.ts";
import { clickwrapClient } from "./testing/clickwrap-client.ts";

describe("startIroncladSandbox", () => {
  test("answers the last page of a million users, also behind removals, and of a site's memberships", async () => {
    await using sandbox = await startIroncladSandbox({ users: 1_000_000, population: "plain", sites: 3 });
    const client = clickwrapClient(sandbox);
    const last = await client.page("/accounts/501/members?per_page=100&page=10000");
    assert.deepEqual([last.count, last.total_count, last.has_more], [100, 1_000_000, false]);
    assert.deepEqual(last.data.at(-1), userAt("plain", 1, 999_999));
    sandbox.removeUsers({ count: 50_000 });
    const later = await client.page("/accounts/501/members?per_page=100&page=9500");
    assert.deepEqual([later.count, later.total_count, later.data.at(-1).id], [100, 950_000, 1_001_000]);
    const site = await client.page("/sites/12/memberships?per_page=100");
    const end = await client.page(
      `/sites/12/memberships?per_page=100&page=${Math.ceil((site.total_count ?? 0) / 100)}`,
    );
    assert.ok(!end.has_more && end.count > 0 && end.data.at(-1).user.id > 1_000_900);
  });

  test("answers explicit users exactly as they are", async () => {
    const user = { id: null, email: "\u0000 odd ", profiles: { not: "a list" }, more: [1, { deep: true }] };
    await using sandbox = await startIroncladSandbox({
      users: [{ user, memberships: [{ site: 11, role: "emperor" }] }, { user: { id: 1 } }, { user: { id: 1 } }],
    });
    const client = clickwrapClient(sandbox);
    assert.deepEqual((await client.page("/accounts/501/members")).data, [user, { id: 1 }, { id: 1 }]);
    const { data } = await client.page("/sites/11/memberships");
    assert.deepEqual([data.length, data[0].role, data[0].user], [1, "emperor", user]);
  });

  test("counts how many requests were open at once, by call, and connections kept alive", async () => {
    await using sandbox = await startIroncladSandbox({ users: 10, latencyMs: 500 });
    const client = clickwrapClient(sandbox);
    await client.get("/sites");
    sandbox.resetCounters();
    await Promise.all(Array.from({ length: 4 }, () => client.get("/accounts/501/members")));
    assert.deepEqual([sandbox.counters().maxConcurrent, sandbox.counters().byCall], [4, { members: 4 }]);
    sandbox.resetCounters();
    for (let n = 0; n < 5; n++) await client.get("/sites");
    const { maxConcurrent, requests, connections } = sandbox.counters();
    assert.deepEqual([maxConcurrent, requests], [1, 5]);
    assert.ok(connections <= 1);
  });

  test("refuses a mode it does not know", async () => {
    const options = { tokenLifeTime: 5 } as object;
    await assert.rejects(startIroncladSandbox(options), { name: "BadInput" });
  });

  test("takes a port and a credential of its own", async () => {
    await using first = await startIroncladSandbox({ clientId: "c", clientSecret: "s" });
    assert.equal((await clickwrapClient(first).mint()).status, 200);
    const port = Number(new URL(first.url).port);
    await assert.rejects(startIroncladSandbox({ port }), { code: "EADDRINUSE" });
  });
});
