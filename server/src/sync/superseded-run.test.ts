import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { maybeOne } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { users } from "@rollcall/server/test/vendor-world.ts";

test("a worker whose run was taken over, and begun anew, does not fail it for the other", async () => {
  await using rollcall = await startTestRollcall({ sandbox: { users: users("taken.example", 3) } });
  const { database, sandbox } = rollcall;
  const integration = await rollcall.launch();
  sandbox.setModes({ latencyMs: 700 });
  const { id } = await must(rollcall.api<Run>("POST", `/integrations/${integration.id}/runs`));
  const table = `stage.record_${id.replaceAll("-", "")}`;
  while ((await maybeOne(database, "select 1 where to_regclass($1) is not null", [table])) === undefined)
    await sleep(5);
  await inTransaction(database, async (other) => {
    await other.query(`lock table ${table} in access exclusive mode`);
    const waiting = "select 1 from pg_locks where relation = $1::regclass and not granted";
    while ((await maybeOne(database, waiting, [table])) === undefined) await sleep(5);
    await database.query("update run set lease = gen_random_uuid() where id = $1", [id]);
    await other.query(`drop table ${table}`);
  });
  const left = "select 1 from pgboss.job where data ->> 'runId' = $1 and state = 'completed'";
  while ((await maybeOne(database, left, [id])) === undefined) await sleep(20);
  const { status, error } = await must(rollcall.api<Run>("GET", `/runs/${id}`));
  assert.deepEqual([status, error], ["running", null]);
});
