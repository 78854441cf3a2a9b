import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Change, Run, RunError, RunSkip } from "@rollcall/core/contract/runs.ts";
import { rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import type { PlanActions } from "./plan-actions.ts";
import { aClaimedRun, anIntegration, aRun } from "./run-fixtures.ts";
import { addRunErrors, finishRun, type RunEnd } from "./run-store.ts";
import { startRun } from "./start-run.ts";

const unknownId = "00000000-0000-7000-8000-000000000000";

describe("the API of runs", () => {
  let server: TestServer;
  const plans: PlanActions = {
    approve: async (_, { reason }) =>
      reason === "stale please" ? { kind: "stale", detail: "2 people were edited." } : { kind: "applied" },
    undo: async (transaction, { runId, actorId }) => {
      const [run] = await rows<{ id: string }>(transaction, "select integration_id as id from run where id = $1", [
        runId,
      ]);
      const outcome = await startRun(transaction, server.parts, {
        integrationId: run?.id ?? "",
        trigger: "undo",
        kind: "undo",
        ofRunId: runId,
        requestedBy: actorId,
      });
      return outcome.kind === "started" ? { kind: "started", runId: outcome.run.id } : outcome;
    },
  };
  before(async () => {
    server = await startTestServer({ parts: { plans } });
  });
  after(async () => await server[Symbol.asyncDispose]());

  const aFinishedRun = async (end: RunEnd): Promise<string> => {
    const { run, lease } = await aClaimedRun(server.database);
    await inTransaction(server.database, (transaction) => finishRun(transaction, run.id, lease, end));
    return run.id;
  };
  const audited = (runId: string) =>
    rows(server.database, "select action from audit_event where target = 'run' and target_id = $1 order by id", [
      runId,
    ]);

  test("starts a run, and names the one that is in the way of a second", async () => {
    const integrationId = await anIntegration(server.database);
    const { status, body: run } = await server.api<Run>("POST", `/integrations/${integrationId}/runs`, {
      dryRun: true,
    });
    assert.equal(status, 202);
    assert.deepEqual([run.status, run.dryRun, run.trigger, run.plan], ["queued", true, "manual", "none"]);
    assert.ok(server.enqueued.includes(run.id));
    assert.deepEqual(await audited(run.id), [{ action: "run.start" }]);
    const second = await server.refused("POST", `/integrations/${integrationId}/runs`);
    assert.equal(second.status, 409);
    assert.equal(second.body.code, "run.already_active");
    assert.match(second.body.detail, new RegExp(run.id));
    assert.match(second.text, new RegExp(`"details":\\{"runId":"${run.id}"\\}`));
    const skips = await server.api<ListOf<RunSkip>>("GET", `/integrations/${integrationId}/skipped-runs`);
    assert.equal(skips.body.total, 1);
    assert.deepEqual([skips.body.data[0]?.activeRunId, skips.body.data[0]?.trigger], [run.id, "manual"]);
  });

  test("refuses runs of drafts, of nothing, and with unknown wishes", async () => {
    const draft = await anIntegration(server.database, { status: "draft" });
    assert.equal((await server.refused("POST", `/integrations/${draft}/runs`)).body.code, "integration.wrong_state");
    for (const id of [unknownId, "nonsense"]) {
      const missing = await server.refused("POST", `/integrations/${id}/runs`);
      assert.deepEqual([missing.status, missing.body.code], [404, "integration.not_found"]);
    }
    const invalid = await server.refused("POST", `/integrations/${draft}/runs`, { dryrun: true });
    assert.deepEqual([invalid.status, invalid.body.code], [400, "request.invalid"]);
  });

  test("answers 404 for a run that nobody knows, on every call", async () => {
    for (const id of [unknownId, "nonsense", "1"]) {
      for (const path of ["", "/changes", "/errors", "/events"]) {
        const { status, body } = await server.refused("GET", `/runs/${id}${path}`);
        assert.deepEqual([status, body.code], [404, "run.not_found"], path);
      }
      for (const path of ["/cancel", "/reject", "/undo", "/retry-failed"]) {
        const { status, body } = await server.refused("POST", `/runs/${id}${path}`);
        assert.deepEqual([status, body.code], [404, "run.not_found"], path);
      }
      assert.equal((await server.refused("POST", `/runs/${id}/approve`, { reason: "Because." })).status, 404);
    }
  });

  test("lists runs, the latest first, page by page, by integration and state", async () => {
    const integrationId = await anIntegration(server.database, { name: "Paged 100%" });
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { run, lease } = await aClaimedRun(server.database, { integrationId });
      const status = n === 2 ? "failed" : "completed";
      await inTransaction(server.database, (transaction) => finishRun(transaction, run.id, lease, { status }));
      ids.unshift(run.id);
    }
    const seen: string[] = [];
    let cursor = "";
    do {
      const path = `/runs?integrationId=${integrationId}&limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await server.api<ListOf<Run>>("GET", path);
      assert.equal(body.total, 5);
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.nextCursor ?? "";
    } while (cursor !== "");
    assert.deepEqual(new Set(seen), new Set(ids));
    assert.equal(seen.length, 5);
    const failed = await server.api<ListOf<Run>>("GET", `/runs?integrationId=${integrationId}&status=failed`);
    assert.deepEqual(
      failed.body.data.map(({ id }) => id),
      [ids[2]],
    );
    const named = await server.api<ListOf<Run>>("GET", "/runs?q=100%25&sort=queuedAt&limit=500");
    assert.equal(named.body.total, 5);
    assert.equal((await server.refused("GET", "/runs?sort=colour")).body.code, "request.invalid");
    assert.equal((await server.refused("GET", "/runs?cursor=AAAA")).body.code, "request.bad_cursor");
  });

  test("cancels a waiting run", async () => {
    const { id } = await aRun(server.database);
    const { status, body } = await server.api<Run>("POST", `/runs/${id}/cancel`);
    assert.deepEqual([status, body.status, body.stage], [200, "cancelled", "finished"]);
    assert.equal((await server.refused("POST", `/runs/${id}/cancel`)).body.code, "run.finished");
    assert.deepEqual(await audited(id), [{ action: "run.cancel" }]);
  });

  test("approves a plan with a reason, as an administrator alone", async () => {
    const id = await aFinishedRun({ status: "needs_review", plan: "open" });
    const reason = { reason: "They left." };
    const manager = await server.tokenOf("integration-manager");
    assert.equal((await server.refused("POST", `/runs/${id}/approve`, reason, { token: manager })).status, 403);
    assert.equal((await server.refused("POST", `/runs/${id}/approve`, {})).body.code, "request.invalid");
    const { status, body } = await server.api<Run>("POST", `/runs/${id}/approve`, reason);
    assert.equal(status, 200);
    assert.deepEqual([body.plan, body.decision?.reason], ["approved", "They left."]);
    assert.ok(body.decision?.by);
    assert.equal((await server.refused("POST", `/runs/${id}/approve`, reason)).body.code, "run.plan_not_open");
  });

  test("keeps a plan that was found stale closed", async () => {
    const id = await aFinishedRun({ status: "needs_review", plan: "open" });
    const stale = await server.refused("POST", `/runs/${id}/approve`, { reason: "stale please" });
    assert.deepEqual([stale.status, stale.body.code], [409, "run.plan_stale"]);
    assert.match(stale.body.detail, /2 people were edited/);
    assert.equal((await server.api<Run>("GET", `/runs/${id}`)).body.plan, "stale");
  });

  test("rejects a plan, and shows one as expired whose time is over", async () => {
    const id = await aFinishedRun({ status: "needs_review", plan: "open" });
    const { body } = await server.api<Run>("POST", `/runs/${id}/reject`, { reason: "Not these." });
    assert.deepEqual([body.plan, body.decision?.reason], ["rejected", "Not these."]);
    const old = await aFinishedRun({ status: "needs_review", plan: "open", planExpiresAt: new Date(0) });
    assert.equal((await server.api<Run>("GET", `/runs/${old}`)).body.plan, "expired");
    assert.equal((await server.refused("POST", `/runs/${old}/reject`)).body.code, "run.plan_expired");
  });

  test("starts the undo of an applied run", async () => {
    const id = await aFinishedRun({ status: "completed", plan: "applied", appliedAt: new Date() });
    const { status, body } = await server.api<Run>("POST", `/runs/${id}/undo`);
    assert.deepEqual([status, body.kind, body.ofRunId, body.status], [202, "undo", id, "queued"]);
    assert.equal((await server.refused("POST", `/runs/${id}/undo`)).body.code, "run.already_active");
  });

  test("lists what a run changed, field by field, with search", async () => {
    const id = await aFinishedRun({ status: "completed", plan: "applied" });
    await server.database.query(
      `insert into change (run_id, kind, vendor_key, before, after, reason, withheld, hash) values
       ($1, 'create', 'u1', '{}', '{"person": {"email": "ada@x.example", "fullName": "Ada Lovelace"}}', null, null, ''),
       ($1, 'update', 'u2', '{"person": {"role": "User"}}', '{"person": {"role": "Admin"}}', null, null, ''),
       ($1, 'deactivate', 'u3', '{"personStatus": {"status": "active"}}', '{"personStatus": {"status": "inactive"}}',
        'missing', 'guard', '')`,
      [id],
    );
    const all = await server.api<ListOf<Change>>("GET", `/runs/${id}/changes`);
    assert.equal(all.body.total, 3);
    const [first, second] = all.body.data;
    assert.deepEqual([first?.name, first?.email, first?.fields.length], ["Ada Lovelace", "ada@x.example", 2]);
    assert.deepEqual(second?.fields, [{ field: "role", before: "User", after: "Admin" }]);
    const keys = async (query: string) =>
      (await server.api<ListOf<Change>>("GET", `/runs/${id}/changes?${query}`)).body.data.map(
        (change) => change.vendorKey,
      );
    assert.deepEqual(await keys("q=LOVELACE"), ["u1"]);
    assert.deepEqual(await keys("q=ada%40"), ["u1"]);
    assert.deepEqual(await keys("q=u2"), ["u2"]);
    assert.deepEqual(await keys("withheld=true"), ["u3"]);
    assert.deepEqual(await keys("withheld=false"), ["u1", "u2"]);
    assert.deepEqual(await keys("kind=deactivate"), ["u3"]);
    assert.deepEqual(await keys("sort=-id&limit=1"), ["u3"]);
  });

  test("lists what did not fit, with sentences, as JSON and as harmless CSV", async () => {
    const { run } = await aClaimedRun(server.database);
    const many = Array.from({ length: 1200 }, (_, n) => ({
      kind: "field" as const,
      code: "mapping.too_long",
      vendorKey: `=HYPERLINK("u${n}")`,
      field: "role",
      expected: "at most 256 characters",
      found: "text of 300 characters",
    }));
    await inTransaction(server.database, (transaction) =>
      addRunErrors(transaction, run.id, [
        ...many,
        { kind: "rejected", code: "mapping.mandatory_empty", vendorKey: "r1" },
      ]),
    );
    const rejected = await server.api<ListOf<RunError>>("GET", `/runs/${run.id}/errors?kind=rejected`);
    assert.equal(rejected.body.total, 1);
    assert.match(rejected.body.data[0]?.message ?? "", /mandatory field/);
    assert.match(rejected.body.data[0]?.nextStep ?? "", /vendor/);
    assert.equal((await server.api<ListOf<RunError>>("GET", `/runs/${run.id}/errors?q=R1`)).body.total, 1);
    const csv = await server.api("GET", `/runs/${run.id}/errors?limit=1`, undefined, {
      headers: { accept: "text/csv" },
    });
    assert.equal(csv.status, 200);
    assert.match(csv.headers.get("content-type") ?? "", /^text\/csv/);
    assert.match(csv.headers.get("content-disposition") ?? "", /attachment/);
    const lines = csv.text.split("\r\n");
    assert.equal(lines.length, 1 + 1201 + 1);
    assert.equal(lines[0], "kind,vendorKey,code,field,pointer,expected,found,message,nextStep");
    assert.match(lines[1] ?? "", /^field,"'=HYPERLINK\(""u0""\)",mapping\.too_long,role,/);
  });

  test("retries what failed, under the keys that failed", async () => {
    const { run, lease } = await aClaimedRun(server.database);
    await inTransaction(server.database, async (transaction) => {
      await addRunErrors(transaction, run.id, [{ kind: "rejected", code: "mapping.mandatory_empty", vendorKey: "k" }]);
      await finishRun(transaction, run.id, lease, { status: "completed_with_errors" });
    });
    const { status, body } = await server.api<Run>("POST", `/runs/${run.id}/retry-failed`);
    assert.deepEqual([status, body.trigger, body.ofRunId], [202, "retry", run.id]);
  });

  test("sends a run's document as it changes, over one connection, until the run ends", async () => {
    const { run, lease } = await aClaimedRun(server.database);
    const response = await fetch(`${server.url}/api/v1/runs/${run.id}/events`, {
      headers: { authorization: `Bearer ${server.token}` },
    });
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
    assert.ok(response.body);
    const statuses: string[] = [];
    let text = "";
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const status = /"status":"(\w+)","stage"[^\n]*\n\n$/.exec(text)?.[1];
      if (status !== undefined && statuses.push(status) === 1) {
        await inTransaction(server.database, (transaction) =>
          finishRun(transaction, run.id, lease, { status: "completed", counts: { fetched: 3 } }),
        );
      }
    }
    assert.deepEqual(statuses, ["running", "completed"]);
  });

  test("stops looking at a run when its listener hangs up, and lets the server close under the others", async () => {
    await using own = await startTestServer();
    const { run } = await aClaimedRun(own.database);
    const listen = () =>
      new Promise<() => void>((resolve, reject) => {
        const call = request(
          `${own.url}/api/v1/runs/${run.id}/events`,
          { headers: { authorization: `Bearer ${own.token}` } },
          (response) => {
            response.on("error", () => undefined);
            response.once("data", () => resolve(() => call.destroy()));
          },
        );
        call.once("error", reject);
        call.end();
      });
    const hangUp = await listen();
    hangUp();
    // Left open: closing the test server ends it, else this test would never finish.
    await listen();
  });
});
