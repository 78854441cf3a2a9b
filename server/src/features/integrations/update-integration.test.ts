import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Integration, Revision } from "@rollcall/core/contract/integrations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import {
  aCredential,
  aDraft,
  anAccount,
  anActive,
  type IntegrationServer,
  startIntegrationServer,
} from "../../../test/integration-fixtures.ts";
import { one } from "../../postgres/query.ts";

describe("changing an integration", () => {
  let server: IntegrationServer;
  before(async () => {
    server = await startIntegrationServer();
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  const patch = async (id: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    await server.api<Integration>("PATCH", `/integrations/${id}`, body, { headers });
  const revisionsOf = async (id: string, query = "") =>
    (await server.api<ListOf<Revision>>("GET", `/integrations/${id}/revisions${query}`)).body;

  test("absent leaves a setting, null clears it, guard and inputs are merged by key", async () => {
    const contact = await anAccount(server.database);
    const draft = await aDraft(server, {
      credentialId: await aCredential(server.database),
      contacts: [contact],
      inputs: { perPage: 50, accountId: 7 },
      guard: { maxPercent: 3, minCount: 2 },
    });
    const { body, status, headers } = await patch(draft.id, {
      credentialId: null,
      inputs: { accountId: null, roleRule: "list" },
      guard: { minCount: 9 },
    });
    assert.equal(status, 200);
    assert.equal(headers.get("etag"), '"2"');
    assert.equal(body.credentialId, null);
    assert.deepEqual(body.contacts, [contact]);
    assert.deepEqual(
      [body.inputs.perPage, body.inputs.accountId, body.inputs.roleRule, body.guard.maxPercent, body.guard.minCount],
      [50, null, "list", 3, 9],
    );
    assert.equal(body.revision, 2);
  });

  test("every change is a revision that says who, when and what; no change is none", async () => {
    const draft = await aDraft(server);
    await patch(draft.id, { name: `${draft.name} EU`, schedule: { kind: "interval", minutes: 60 } });
    await patch(draft.id, { name: `${draft.name} EU`, deactivate: false, inputs: { perPage: "100" } });
    await patch(draft.id, { deactivate: true });
    const { data, total } = await revisionsOf(draft.id);
    assert.equal(total, 3);
    assert.deepEqual(
      data.map(({ number, diff }) => ({ number, diff })),
      [
        { number: 3, diff: [{ pointer: "/deactivate", before: false, after: true }] },
        {
          number: 2,
          diff: [
            { pointer: "/name", before: draft.name, after: `${draft.name} EU` },
            { pointer: "/schedule/kind", before: "daily", after: "interval" },
            { pointer: "/schedule/at", before: "02:00" },
            { pointer: "/schedule/timeZone", before: "UTC" },
            { pointer: "/schedule/minutes", after: 60 },
          ].sort((a, b) => order(a.pointer) - order(b.pointer)),
        },
        { number: 1, diff: [] },
      ],
    );
    const me = await one<{ name: string }>(
      server.database,
      "select a.name from integration_revision r join account a on a.id = r.changed_by where r.integration_id = $1 limit 1",
      [draft.id],
    );
    assert.ok(data.every(({ changedBy, changedAt }) => changedBy === me.name && !Number.isNaN(Date.parse(changedAt))));
    const audited = await one(
      server.database,
      "select count(*)::int as n from audit_event where target_id = $1 and action = 'integration.update'",
      [draft.id],
    );
    assert.equal(audited.n, 2);
  });

  test("revisions come in pages, newest first", async () => {
    const draft = await aDraft(server);
    for (const minutes of [15, 30, 60, 120]) {
      await patch(draft.id, { schedule: { kind: "interval", minutes } });
    }
    const first = await revisionsOf(draft.id, "?limit=2");
    const second = await revisionsOf(draft.id, `?limit=2&cursor=${first.nextCursor}`);
    const third = await revisionsOf(draft.id, `?limit=2&cursor=${second.nextCursor}`);
    assert.deepEqual(
      [first, second, third].map(({ data }) => data.map(({ number }) => number)),
      [[5, 4], [3, 2], [1]],
    );
    assert.equal(third.nextCursor, null);
  });

  test("a revision can be restored, which is a new revision", async () => {
    const draft = await aDraft(server, { inputs: { perPage: 20 } });
    await patch(draft.id, { inputs: { perPage: 30 }, deactivate: true });
    const { body } = await server.api<Integration>("POST", `/integrations/${draft.id}/revisions/1/restore`);
    assert.deepEqual([body.inputs.perPage, body.deactivate, body.revision], [20, false, 3]);
    const again = await server.api<Integration>("POST", `/integrations/${draft.id}/revisions/1/restore`);
    assert.equal(again.body.revision, 3);
    const { details } = await one<{ details: unknown }>(
      server.database,
      "select details from audit_event where target_id = $1 and action = 'integration.restore'",
      [draft.id],
    );
    assert.deepEqual(details, {
      name: draft.name,
      revision: 3,
      restored: 1,
      changed: ["/deactivate", "/inputs/perPage"],
    });
  });

  test("a revision whose credential is gone is refused with the place", async () => {
    const credentialId = await aCredential(server.database);
    const draft = await aDraft(server, { credentialId });
    await patch(draft.id, { credentialId: null });
    await server.database.query("delete from credential where id = $1", [credentialId]);
    const { status, body } = await server.refused("POST", `/integrations/${draft.id}/revisions/1/restore`);
    assert.deepEqual([status, body.errors[0]?.pointer], [400, "/credentialId"]);
  });

  test("a revision that does not exist is not found", async () => {
    const draft = await aDraft(server);
    for (const number of ["2", "0", "-1", "one", "99999999999"]) {
      const { status, body } = await server.refused("POST", `/integrations/${draft.id}/revisions/${number}/restore`);
      assert.deepEqual([number, status, body.code], [number, 404, "integration.revision_not_found"]);
    }
  });

  test("If-Match lets a change through for the revision it was made for only", async () => {
    const draft = await aDraft(server);
    const etag = (await server.api("GET", `/integrations/${draft.id}`)).headers.get("etag") ?? "";
    assert.equal((await patch(draft.id, { deactivate: true }, { "if-match": etag })).status, 200);
    for (const stale of [etag, '"x"', "1"]) {
      const { status, body } = await server.refused(
        "PATCH",
        `/integrations/${draft.id}`,
        { deactivate: false },
        {
          headers: { "if-match": stale },
        },
      );
      assert.deepEqual([status, body.code], [412, "integration.changed"]);
    }
    assert.equal((await patch(draft.id, { deactivate: false }, { "if-match": "*" })).body.revision, 3);
  });

  test("changes made at the same moment are all kept, one revision each", async () => {
    const draft = await aDraft(server);
    const contact = await anAccount(server.database);
    const changes = [
      { contacts: [contact] },
      { deactivate: true },
      { preference: "create-only" },
      { inputs: { perPage: 7 } },
      { guard: { minCount: 1 } },
    ];
    await Promise.all(changes.map((change) => patch(draft.id, change)));
    const { body } = await server.api<Integration>("GET", `/integrations/${draft.id}`);
    assert.deepEqual(
      [body.revision, body.deactivate, body.preference, body.inputs.perPage, body.guard.minCount, body.contacts],
      [6, true, "create-only", 7, 1, [contact]],
    );
  });

  test("connector and state may be sent back as they are, not changed", async () => {
    const draft = await aDraft(server);
    const same = { connector: draft.connector, status: draft.status };
    assert.equal((await patch(draft.id, same)).body.revision, 1);
    const { status, body } = await server.refused("PATCH", `/integrations/${draft.id}`, {
      connector: "scim",
      status: "active",
    });
    assert.equal(status, 400);
    assert.deepEqual(
      body.errors.map(({ pointer }) => pointer),
      ["/connector", "/status"],
    );
  });

  test("what cannot be saved changes nothing", async () => {
    const draft = await aDraft(server);
    for (const [change, pointer] of [
      [{ mapping: { rules: [] } }, "/mapping/rules"],
      [{ inputs: { perPage: 0 } }, "/inputs/perPage"],
      [
        { filter: { mode: "if", rules: { all: [{ field: "nmae", operator: "equals", value: "x" }] } } },
        "/filter/rules/all/0/field",
      ],
    ] as const) {
      const { status, body } = await server.refused("PATCH", `/integrations/${draft.id}`, change);
      assert.deepEqual([status, body.errors[0]?.pointer], [400, pointer]);
    }
    assert.equal((await revisionsOf(draft.id)).total, 1);
  });

  test("an account that was disabled since does not stand in the way of other changes", async () => {
    const contact = await anAccount(server.database);
    const draft = await aDraft(server, { contacts: [contact] });
    await server.database.query("update account set status = 'disabled' where id = $1", [contact]);
    assert.equal((await patch(draft.id, { deactivate: true })).status, 200);
    const other = await aDraft(server);
    assert.equal((await patch(other.id, { contacts: [contact] })).status, 400);
  });

  test("turning SaaS users on finds the SaaS record; saving later keeps how it was come by", async () => {
    const draft = await aDraft(server);
    const on = await patch(draft.id, { mode: "user-plus-saas" });
    assert.notEqual(on.body.softwareId, null);
    const outcome = on.body.softwareOutcome;
    assert.ok(outcome === "created" || outcome === "found");
    assert.equal((await patch(draft.id, { deactivate: true })).body.softwareOutcome, outcome);
    assert.equal((await patch(draft.id, { softwareId: null })).body.softwareOutcome, outcome);
    assert.equal((await patch(draft.id, { softwareId: on.body.softwareId })).body.softwareOutcome, outcome);
    const { id } = await one<{ id: string }>(
      server.database,
      "insert into software (name) values ('Other') returning id",
    );
    const chosen = await patch(draft.id, { softwareId: id });
    assert.deepEqual([chosen.body.softwareId, chosen.body.softwareOutcome], [id, "chosen"]);
  });

  test("an active integration cannot lose its credential or its integration user", async () => {
    const active = await anActive(server);
    for (const change of [{ credentialId: null }, { integrationUser: null }]) {
      const { status, body } = await server.refused("PATCH", `/integrations/${active.id}`, change);
      assert.deepEqual([status, body.errors[0]?.pointer], [400, `/${Object.keys(change)[0]}`]);
    }
  });

  test("an archived integration stays as it is", async () => {
    const draft = await aDraft(server);
    await server.api("POST", `/integrations/${draft.id}/archive`);
    const { status, body } = await server.refused("PATCH", `/integrations/${draft.id}`, { deactivate: true });
    assert.deepEqual([status, body.code], [409, "integration.wrong_state"]);
  });

  test("an id that is none is not found, on every call", async () => {
    for (const id of ["x", "019ab3d2-0000-7000-8000-000000000009", "1'; --", "%00"]) {
      for (const [method, path, body] of [
        ["GET", ""],
        ["PATCH", "", {}],
        ["DELETE", ""],
        ["POST", "/launch"],
        ["POST", "/pause"],
        ["POST", "/resume"],
        ["POST", "/archive"],
        ["POST", "/test"],
        ["POST", "/preview-mapping"],
        ["GET", "/revisions"],
        ["POST", "/revisions/1/restore"],
      ] as const) {
        const answer = await server.refused(method, `/integrations/${encodeURIComponent(id)}${path}`, body);
        assert.equal(answer.status, 404, `${method} ${id}${path}: ${answer.text}`);
      }
    }
  });
});

/** Where a pointer of the test stands in a document as PostgreSQL's jsonb orders its keys: shorter first, then by bytes. */
function order(pointer: string): number {
  return ["/name", "/schedule/at", "/schedule/kind", "/schedule/timeZone", "/schedule/minutes"].indexOf(pointer);
}
