import assert from "node:assert/strict";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { aDraft } from "@rollcall/server/test/integration-fixtures.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { type Cli, createCli } from "./run-cli.ts";

/** No worker is here: what a worker would write of a run is written by hand. */
describe("runs on the command line", () => {
  let server: TestServer;
  let cli: Cli;
  before(async () => {
    const plans = {
      approve: async () => ({ kind: "applied" }) as const,
      undo: () => Promise.reject(new Error("Nothing is undone here.")),
    };
    server = await startTestServer({ parts: { plans } });
    cli = await createCli(server);
  });
  after(async () => {
    await cli[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const anActive = async () => {
    const draft = await aDraft(server);
    await server.database.query("update integration set status = 'active' where id = $1", [draft.id]);
    return draft;
  };
  const end = async (id: string, status: string, more = "") =>
    await server.database.query(
      `update run set status = $2, stage = 'finished', started_at = now(), finished_at = now() ${more} where id = $1`,
      [id, status],
    );
  const aFinishedRun = async (status: string, more = "") => {
    const { id: integrationId } = await anActive();
    const { body } = await server.api<Run>("POST", `/integrations/${integrationId}/runs`);
    await end(body.id, status, more);
    return body.id;
  };
  /** The run that a command under way has begun. */
  const begun = async (integrationId: string): Promise<string> => {
    for (;;) {
      const { body } = await server.api<{ data: Run[] }>("GET", `/runs?integrationId=${integrationId}`);
      if (body.data[0] !== undefined) return body.data[0].id;
      await sleep(20);
    }
  };
  const openPlan = `, plan = 'open', plan_expires_at = now() + interval '1 day',
    guard = '{"reasons": [{"rule": "limit", "detail": "More than 10 % would be deactivated."}], "knownActive": 40, "wouldDeactivate": 12}'`;

  test("start prints the run and does not wait", async () => {
    const { id, name } = await anActive();
    const { code, stdout, stderr } = await cli.run(["run", "start", name, "--dry-run", "--json"]);
    assert.equal(code, 0, stderr);
    const run: Run = JSON.parse(stdout);
    assert.deepEqual([run.integrationId, run.status, run.dryRun], [id, "queued", true]);
    const second = await cli.run(["run", "start", id]);
    assert.equal(second.code, 1);
    assert.match(second.stderr, new RegExp(run.id));
    assert.match((await cli.run(["run", "cancel", run.id])).stdout, /is cancelled/);
    assert.equal((await cli.run(["run", "cancel", run.id])).code, 1);
  });

  test("start --wait follows the run and ends by how it ended", async () => {
    for (const [status, code] of [
      ["completed", 0],
      ["completed_with_errors", 0],
      ["empty", 0],
      ["needs_review", 3],
      ["incomplete", 1],
      ["failed", 1],
      ["cancelled", 1],
    ] as const) {
      const { id } = await anActive();
      const waiting = cli.run(["run", "start", id, "--wait", "--json"]);
      await end(await begun(id), status, status === "needs_review" ? openPlan : "");
      const ended = await waiting;
      assert.equal(ended.code, code, status);
      assert.equal(JSON.parse(ended.stdout).status, status);
      assert.equal(ended.stderr, "");
    }
  });

  test("waiting away from a terminal writes calm lines, and the end with its numbers", async () => {
    const { id } = await anActive();
    const waiting = cli.run(["run", "start", id, "--wait"], {
      signalOn: (stderr) => {
        if (stderr.includes("fetching")) void begun(id).then((run) => end(run, "completed"));
        return undefined;
      },
    });
    const run = await begun(id);
    await server.database.query(
      `update run set status = 'running', stage = 'fetching', progress = '{"pages": 2, "records": 200, "expected": 300}',
         counts = '{"fetched": 300, "created": 3}' where id = $1`,
      [run],
    );
    const { code, stdout, stderr } = await waiting;
    assert.equal(code, 0);
    assert.match(stderr, /^fetching: 2 pages, 200 of 300 records$/m);
    assert.match(stdout, /completed/);
    assert.match(stdout, /300 fetched, 3 created/);
    assert.ok(!`${stdout}${stderr}`.includes("\u001b"));
  });

  test("Ctrl-C stops the waiting and not the run", async () => {
    const { id } = await anActive();
    const { code, stdout, stderr } = await cli.run(["run", "start", id, "--wait"], {
      signalOn: (written) => (written.includes("waiting for a worker") ? "SIGINT" : undefined),
    });
    const run = await begun(id);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, new RegExp(`Run ${run} goes on`));
    assert.match(stderr, /rollcall run cancel/);
    assert.equal((await server.api<Run>("GET", `/runs/${run}`)).body.status, "queued");
  });

  test("a run that needs review shows why, and is approved with a reason or rejected", async () => {
    const id = await aFinishedRun("needs_review", openPlan);
    const shown = await cli.run(["run", "show", id]);
    assert.equal(shown.code, 0);
    assert.match(shown.stdout, /12 of 40 known active records would be deactivated\n +More than 10 %/);
    assert.match(shown.stdout, new RegExp(`rollcall run approve ${id}`));
    assert.equal((await cli.run(["run", "approve", id, "--reason", "x"])).code, 2);
    const approved = await cli.run(["run", "approve", id, "--reason", "They left."]);
    assert.equal(approved.code, 0, approved.stderr);
    const other = await aFinishedRun("needs_review", openPlan);
    const rejected = await cli.run(["run", "reject", other, "--reason", "A fault at the vendor.", "--json"]);
    assert.equal(rejected.code, 0, rejected.stderr);
    assert.deepEqual(JSON.parse(rejected.stdout).plan, "rejected");
    const again = await cli.run(["run", "reject", other]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /plan/);
  });

  test("changes and errors are listed, errors as CSV too, into a file that only its owner may read", async () => {
    const id = await aFinishedRun("completed_with_errors");
    await server.database.query(
      `insert into run_error (run_id, kind, vendor_key, code, field, expected, found, details)
       values ($1, 'rejected', 'u-1', 'mapping.required', 'email', 'a value', 'nothing', '{}')`,
      [id],
    );
    const table = await cli.run(["run", "errors", id]);
    assert.equal(table.code, 0, table.stderr);
    assert.match(table.stdout, /rejected +u-1 +email/);
    assert.equal(JSON.parse((await cli.run(["run", "errors", id, "--json"])).stdout).total, 1);
    assert.match((await cli.run(["run", "errors", id, "--csv"])).stdout, /^[\w ,"]*code.*\r?\n.*u-1/i);
    const file = join(cli.home, "errors.csv");
    const written = await cli.run(["run", "errors", id, "--csv", "--output", file]);
    assert.deepEqual([written.code, written.stdout], [0, ""]);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    await writeFile(join(cli.home, "plain"), "");
    const nowhere = await cli.run(["run", "errors", id, "--csv", "--output", join(cli.home, "plain", "x.csv")]);
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stderr, /cannot be written/);
    const changes = await cli.run(["run", "changes", id, "--withheld"]);
    assert.deepEqual([changes.code, changes.stdout], [0, ""]);
    assert.match(changes.stderr, /no such changes/);
  });

  test("a list goes on with its cursor, and --all reads the whole of it", async () => {
    await aFinishedRun("completed");
    await aFinishedRun("failed");
    const first = await cli.run(["run", "list", "--limit", "1"]);
    assert.equal(first.stdout.trim().split("\n").length, 2);
    const cursor = /--cursor (\S+)/.exec(first.stderr)?.[1] ?? "";
    const next = JSON.parse((await cli.run(["run", "list", "--limit", "1", "--cursor", cursor, "--json"])).stdout);
    assert.equal(next.data.length, 1);
    assert.ok(!first.stdout.includes(next.data[0].id));
    const all = JSON.parse((await cli.run(["run", "list", "--all", "--json"])).stdout);
    assert.equal(all.data.length, all.total);
    assert.ok(all.total >= 2);
    assert.equal((await cli.run(["run", "list", "--limit", "9999"])).code, 2);
  });

  test("a run that is not there ends with 1", async () => {
    const missing = "00000000-0000-7000-8000-000000000000";
    for (const words of [
      ["show", missing],
      ["changes", missing],
      ["errors", missing, "--csv"],
      ["cancel", missing],
      ["undo", missing],
      ["retry-failed", missing],
      ["approve", missing, "--reason", "They left."],
    ]) {
      const { code, stdout, stderr } = await cli.run(["run", ...words, "--json"]);
      assert.equal(code, 1, words.join(" "));
      assert.equal(stdout, "");
      const { error } = JSON.parse(stderr);
      assert.equal(error.code, "run.not_found");
      assert.match(error.requestId, /./);
    }
  });
});
