import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { maybeOne } from "@rollcall/server/postgres/query.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { users } from "@rollcall/server/test/vendor-world.ts";

test("C16 a run whose connection to the database breaks while a token is made for it goes on later", async () => {
  await using rollcall = await startTestRollcall({ sandbox: { users: users("mint.example", 3) } });
  const { database, sandbox } = rollcall;
  const integration = await rollcall.launch();
  await database.query("delete from credential_token");
  sandbox.setModes({ tokenLatencyMs: 4_000 });
  const { id } = await must(rollcall.api<Run>("POST", `/integrations/${integration.id}/runs`));
  // The connection that holds the lock is in no transaction while the vendor is asked.
  const broken = `select pg_terminate_backend(pid) from pg_stat_activity join pg_locks using (pid)
    where datname = current_database() and application_name = 'rollcall-runs' and state = 'idle' and locktype = 'advisory'`;
  while ((await maybeOne(database, broken, [])) === undefined) await sleep(20);
  const { status, error, attempt } = await rollcall.waitFor(id);
  assert.deepEqual([status, error, attempt], ["completed", null, 2]);
});
