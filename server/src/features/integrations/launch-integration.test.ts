import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import {
  aCredential,
  aDraft,
  anActive,
  type IntegrationServer,
  startIntegrationServer,
} from "../../../test/integration-fixtures.ts";
import { one } from "../../postgres/query.ts";

describe("the life of an integration", () => {
  let server: IntegrationServer;
  before(async () => {
    server = await startIntegrationServer();
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  const call = async (id: string, verb: string) => await server.api<Integration>("POST", `/integrations/${id}/${verb}`);
  const refused = async (id: string, verb: string) => await server.refused("POST", `/integrations/${id}/${verb}`);
  const aReadyDraft = async () => await aDraft(server, { credentialId: await aCredential(server.database) });
  const insertRun = async (integrationId: string, status: string) =>
    await one<{ id: string }>(
      server.database,
      "insert into run (integration_id, status) values ($1, $2) returning id",
      [integrationId, status],
    );

  test("launching tests the connection and makes the schedule count", async () => {
    const draft = await aReadyDraft();
    server.vendor.tests = 0;
    const { status, body } = await call(draft.id, "launch");
    assert.equal(status, 200);
    assert.equal(body.status, "active");
    assert.equal(server.vendor.tests, 1);
    assert.ok(body.lastTest?.ok);
    assert.equal("subject" in body.lastTest, false);
    assert.ok(body.launchChecklist.every(({ ok }) => ok));
    assert.equal(body.nextRuns.length, 3);
    assert.equal(body.nextRunAt, body.nextRuns[0]);
    const next = new Date(body.nextRunAt ?? 0);
    assert.ok(next > server.clock.now);
    assert.equal(next.getUTCHours(), 2);
    assert.ok(next.getUTCMinutes() <= 14);
  });

  test("launching lists everything that is missing, and does not bother the vendor", async () => {
    const draft = await aDraft(server);
    await server.api("PATCH", `/integrations/${draft.id}`, { integrationUser: null });
    server.vendor.tests = 0;
    const { status, body } = await refused(draft.id, "launch");
    assert.deepEqual([status, body.code], [422, "integration.not_ready"]);
    assert.deepEqual(
      body.errors.map(({ pointer }) => pointer),
      ["/credentialId", "/integrationUser", "/lastTest"],
    );
    assert.equal(server.vendor.tests, 0);
  });

  test("a mandatory field that was added since must be mapped before launching", async () => {
    await using fresh = await startIntegrationServer();
    const draft = await aDraft(fresh, { credentialId: await aCredential(fresh.database) });
    await fresh.database.query(
      "insert into field_definition (entity, name, label, type, mandatory) values ('person', 'costCentre', 'Cost centre', 'short-text', true)",
    );
    const { status, body } = await fresh.refused("POST", `/integrations/${draft.id}/launch`);
    assert.equal(status, 422);
    assert.match(body.detail, /costCentre/);
  });

  test("a failed connection test keeps it a draft and says what the vendor said", async () => {
    const draft = await aReadyDraft();
    server.vendor.outcome = {
      ok: false,
      code: "vendor.unauthorized",
      message: "Ironclad refused the client.",
      nextStep: "Enter it again.",
    };
    const { status, body } = await refused(draft.id, "launch");
    server.vendor.outcome = { ok: true, code: null, message: "The vendor answered.", nextStep: null };
    assert.deepEqual([status, body.code], [422, "integration.not_ready"]);
    assert.deepEqual(body.errors, [{ pointer: "/lastTest", message: "Ironclad refused the client. Enter it again." }]);
    const kept = (await server.api<Integration>("GET", `/integrations/${draft.id}`)).body;
    assert.deepEqual([kept.status, kept.lastTest?.code], ["draft", "vendor.unauthorized"]);
  });

  test("a test within the last hour is enough, unless it was of something else", async () => {
    const draft = await aReadyDraft();
    const tested = await server.api<TestOutcome>("POST", `/integrations/${draft.id}/test`);
    assert.equal(tested.body.ok, true);
    const passed = async () => {
      const { body } = await server.api<Integration>("GET", `/integrations/${draft.id}`);
      return body.launchChecklist.find(({ item }) => item === "connection-test")?.ok;
    };
    assert.equal(await passed(), true);
    await server.api("PATCH", `/integrations/${draft.id}`, { deactivate: true });
    assert.equal(await passed(), true);
    await server.api("PATCH", `/integrations/${draft.id}`, { inputs: { baseUrl: "https://other.example" } });
    assert.equal(await passed(), false);
    await server.api("PATCH", `/integrations/${draft.id}`, { inputs: { baseUrl: null } });
    assert.equal(await passed(), true);
    await server.database.query("update credential set updated_at = $2 where id = $1", [
      draft.credentialId,
      new Date(server.clock.now.getTime() + 1),
    ]);
    assert.equal(await passed(), false);
    await server.database.query("update credential set updated_at = now() - interval '1 day' where id = $1", [
      draft.credentialId,
    ]);
    const before = server.clock.now;
    server.clock.now = new Date(before.getTime() + 60 * 60 * 1000 + 1);
    assert.equal(await passed(), false);
    server.clock.now = before;
    server.vendor.tests = 0;
    assert.equal((await call(draft.id, "launch")).status, 200);
    assert.equal(server.vendor.tests, 0);
  });

  test("a change made while the vendor is asked is not launched unseen", async () => {
    const draft = await aReadyDraft();
    server.vendor.meanwhile = async () => {
      await server.api("PATCH", `/integrations/${draft.id}`, { inputs: { baseUrl: "https://other.example" } });
    };
    const { status, body } = await refused(draft.id, "launch");
    server.vendor.meanwhile = async () => undefined;
    assert.deepEqual([status, body.code], [412, "integration.changed"]);
    assert.equal((await server.api<Integration>("GET", `/integrations/${draft.id}`)).body.status, "draft");
  });

  test("of two launches at once one succeeds", async () => {
    const draft = await aReadyDraft();
    const answers = await Promise.all([call(draft.id, "launch"), call(draft.id, "launch")]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  });

  test("a local installation is launched without a credential or a test here", async () => {
    const draft = await aDraft(server, { installation: "local" });
    const outcome = await server.api<TestOutcome>("POST", `/integrations/${draft.id}/test`);
    assert.equal(outcome.body.ok, false);
    assert.match(outcome.body.message, /runner/);
    assert.equal((await call(draft.id, "launch")).body.status, "active");
  });

  test("goes from draft to active, paused, active again and archived, and no other way", async () => {
    const draft = await aReadyDraft();
    const steps: readonly (readonly [verb: string, status: number, state: string])[] = [
      ["pause", 409, "draft"],
      ["resume", 409, "draft"],
      ["launch", 200, "active"],
      ["launch", 409, "active"],
      ["resume", 409, "active"],
      ["pause", 200, "paused"],
      ["pause", 409, "paused"],
      ["launch", 409, "paused"],
      ["resume", 200, "active"],
      ["archive", 200, "archived"],
      ["archive", 409, "archived"],
      ["launch", 409, "archived"],
      ["resume", 409, "archived"],
      ["pause", 409, "archived"],
    ];
    for (const [verb, status, state] of steps) {
      const answer = await call(draft.id, verb);
      assert.equal(answer.status, status, `${verb}: ${answer.text}`);
      const { body } = await server.api<Integration>("GET", `/integrations/${draft.id}`);
      assert.equal(body.status, state, verb);
      assert.equal(body.nextRunAt !== null, state === "active", verb);
    }
    const audited = await server.database.query<{ action: string }>(
      "select action from audit_event where target_id = $1 order by id",
      [draft.id],
    );
    assert.deepEqual(
      audited.rows.map(({ action }) => action),
      ["create", "test", "launch", "pause", "resume", "archive"].map((verb) => `integration.${verb}`),
    );
  });

  test("is not resumed without its credential", async () => {
    const active = await anActive(server);
    await call(active.id, "pause");
    await server.api("PATCH", `/integrations/${active.id}`, { credentialId: null });
    const { status, body } = await refused(active.id, "resume");
    assert.deepEqual([status, body.code, body.errors[0]?.pointer], [422, "integration.not_ready", "/credentialId"]);
  });

  test("is not archived during a run", async () => {
    const active = await anActive(server);
    const run = await insertRun(active.id, "running");
    assert.equal((await refused(active.id, "archive")).body.code, "integration.run_under_way");
    await server.database.query("update run set status = 'completed', finished_at = now() where id = $1", [run.id]);
    const { body } = await call(active.id, "archive");
    assert.equal(body.status, "archived");
    assert.deepEqual([body.lastRun?.id, body.lastRun?.status], [run.id, "completed"]);
  });

  test("an archived integration's name is free again", async () => {
    const draft = await aDraft(server);
    await call(draft.id, "archive");
    assert.equal((await aDraft(server, { name: draft.name })).name, draft.name);
  });

  test("is deleted only as a draft or archived, and only when it never ran", async () => {
    const draft = await aDraft(server);
    assert.equal((await server.api("DELETE", `/integrations/${draft.id}`)).status, 204);
    assert.equal((await server.api("GET", `/integrations/${draft.id}`)).status, 404);

    const active = await anActive(server);
    const refusedActive = await server.refused("DELETE", `/integrations/${active.id}`);
    assert.deepEqual([refusedActive.status, refusedActive.body.code], [409, "integration.wrong_state"]);
    await call(active.id, "archive");
    assert.equal((await server.api("DELETE", `/integrations/${active.id}`)).status, 204);

    const ran = await anActive(server);
    await insertRun(ran.id, "completed");
    await call(ran.id, "archive");
    const refusedRan = await server.refused("DELETE", `/integrations/${ran.id}`);
    assert.deepEqual([refusedRan.status, refusedRan.body.code], [409, "integration.has_history"]);
    assert.equal((await server.api("GET", `/integrations/${ran.id}`)).status, 200);
  });

  test("a list can be filtered, searched, sorted and read page by page", async () => {
    await using fresh = await startIntegrationServer();
    for (const name of ["Alpha", "Beta", "Gamma"]) {
      await aDraft(fresh, { name });
    }
    const active = await anActive(fresh, { name: "Delta 100%" });
    const names = async (query: string) =>
      (await fresh.api<ListOf<Integration>>("GET", `/integrations${query}`)).body.data.map(({ name }) => name);
    assert.deepEqual(await names(""), ["Alpha", "Beta", "Delta 100%", "Gamma"]);
    assert.deepEqual(await names("?sort=-createdAt"), ["Delta 100%", "Gamma", "Beta", "Alpha"]);
    assert.deepEqual(await names("?status=active"), ["Delta 100%"]);
    assert.deepEqual(await names("?connector=scim"), []);
    assert.deepEqual(await names(`?q=${encodeURIComponent("00%")}`), ["Delta 100%"]);
    const first = (await fresh.api<ListOf<Integration>>("GET", "/integrations?limit=3")).body;
    assert.deepEqual([first.data.length, first.total], [3, 4]);
    assert.deepEqual(await names(`?limit=3&cursor=${first.nextCursor}`), ["Gamma"]);
    assert.equal(
      (await fresh.refused("GET", `/integrations?limit=3&status=draft&cursor=${first.nextCursor}`)).body.code,
      "request.bad_cursor",
    );
    assert.equal((await fresh.refused("GET", "/integrations?sort=mapping")).body.errors[0]?.pointer, "/sort");
    const [shown] = (await fresh.api<ListOf<Integration>>("GET", "/integrations?status=active")).body.data;
    assert.deepEqual(shown, (await fresh.api("GET", `/integrations/${active.id}`)).body);
  });

  test("viewers read, integration managers launch", async () => {
    const draft = await aReadyDraft();
    const viewer = await server.tokenOf("viewer");
    const manager = await server.tokenOf("integration-manager");
    assert.equal((await server.api("GET", `/integrations/${draft.id}`, undefined, { token: viewer })).status, 200);
    assert.equal(
      (await server.api("POST", `/integrations/${draft.id}/launch`, undefined, { token: viewer })).status,
      403,
    );
    assert.equal(
      (await server.api("POST", `/integrations/${draft.id}/launch`, undefined, { token: manager })).status,
      200,
    );
  });
});
