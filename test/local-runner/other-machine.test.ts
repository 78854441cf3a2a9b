import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { knownUsers, users } from "@rollcall/server/test/vendor-world.ts";
import { local, startRunner, type TestRunner } from "./start-runner.ts";

const slow = { call: "members", count: "always", fault: { kind: "slow", delayMs: 60 } } as const;

test("a runner on another machine takes over what a dead one left, within 60 seconds, and roles are those of the vendor", async () => {
  await using rollcall = await startTestRollcall({ sandbox: { users: users("other.example", 400) } });
  const integration = await rollcall.launch({ ...local, inputs: { perPage: 4, requestsPerMinute: 100_000 } });
  await using first = await startRunner(rollcall);
  await using second = await startRunner(rollcall);
  rollcall.sandbox.addFaults([slow]);
  const run = await must(rollcall.api<Run>("POST", `/integrations/${integration.id}/runs`));
  await untilUsers(rollcall, run.id, first);
  const at = Date.now();
  rollcall.sandbox.clearFaults();
  while ((await second.readAll()).length === 0) await new Promise((resolve) => setTimeout(resolve, 250));
  assert.ok(Date.now() - at < 60_000);
  const { status, counts, attempt } = await rollcall.waitFor(run.id);
  assert.deepEqual([status, counts.created], ["completed", 400]);
  // Two claims by runners, one by the worker that planned and applied; more when that one stood still for long.
  assert.ok(attempt >= 3);
  const known = Object.values(await knownUsers(rollcall.database, integration.id));
  assert.deepEqual([known.length, new Set(known.map(({ role }) => role))], [400, new Set(["member"])]);
});

test("several runners share what waits, each run read once", async () => {
  // With one credential for both, a vendor that ends a token when it makes another would have them shut each other out.
  await using rollcall = await startTestRollcall({
    sandbox: { users: users("share.example", 30), revokeOnMint: false },
  });
  const integrations = await Promise.all(Array.from({ length: 6 }, () => rollcall.launch({ ...local })));
  const runs = await Promise.all(
    integrations.map(({ id }) => must(rollcall.api<Run>("POST", `/integrations/${id}/runs`))),
  );
  await using one = await startRunner(rollcall);
  await using other = await startRunner(rollcall);
  const reports = (await Promise.all([one.readAll(), other.readAll()])).flat();
  assert.deepEqual(
    reports.map(({ runId, outcome }) => [runId, outcome]).sort(),
    runs.map(({ id }) => [id, "read"]).sort(),
  );
  for (const { id } of runs) {
    const { status, error } = await rollcall.waitFor(id);
    assert.match(status, /^completed/, JSON.stringify(error));
  }
});

/** The runner reads until some users are staged, and then dies: it says nothing more, not even goodbye. */
async function untilUsers(rollcall: TestRollcall, runId: string, runner: TestRunner): Promise<void> {
  const dying = new AbortController();
  const text = `select coalesce((checkpoint #>> '{staged,records}')::integer, 0) as staged, lease from run where id = $1`;
  const reading = runner.readAll(dying.signal);
  for (;;) {
    const { staged } = await one<{ staged: number }>(rollcall.database, text, [runId]);
    if (staged > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // Its goodbye is not heard, as if the machine had lost its power.
  await rollcall.database.query("update run set lease = gen_random_uuid(), heartbeat_at = now() where id = $1", [
    runId,
  ]);
  dying.abort();
  await reading;
}
