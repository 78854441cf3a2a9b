import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { MappingPreview } from "@rollcall/core/contract/integrations.ts";
import {
  aCredential,
  aDraft,
  type IntegrationServer,
  startIntegrationServer,
} from "../../../test/integration-fixtures.ts";

describe("previewing a mapping", () => {
  let server: IntegrationServer;
  let id: string;
  before(async () => {
    server = await startIntegrationServer();
    server.vendor.records = Array.from({ length: 25 }, (_, index) => ({
      id: index,
      email: index === 3 ? null : `user${index}@example.com`,
      name: `User ${index}`,
      verified: index % 2 === 0,
      profiles: [{ provider: "okta" }],
      _derived: { role: "member" },
    }));
    id = (await aDraft(server, { credentialId: await aCredential(server.database), mode: "user-plus-saas" })).id;
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  const preview = async (body?: unknown) =>
    await server.api<MappingPreview>("POST", `/integrations/${id}/preview-mapping`, body);

  const mapping = {
    rules: [
      { source: "email", target: "email", syncKey: 1 },
      { source: "email", target: "username" },
      { source: '{{"User"}}', target: "role" },
      { source: "Provider", target: "fullName" },
      { source: "name", target: "saas.lastActivity" },
    ],
    customFields: [{ name: "Provider", path: "profiles[0].provider" }],
  };

  test("shows ten records through the saved mapping, with what was rejected and why", async () => {
    const { status, body, text } = await preview();
    assert.equal(status, 200, text);
    assert.deepEqual([body.fetched, body.passing, body.records.length], [25, 25, 10]);
    const [first] = body.records;
    assert.equal(first?.outcome, "mapped");
    assert.equal(first?.key, "0");
    assert.equal(first?.source.email, "user0@example.com");
    assert.deepEqual(first?.person, {
      email: "user0@example.com",
      username: "user0@example.com",
      fullName: "User 0",
      role: "User",
      locale: null,
      timeZone: null,
    });
    assert.equal(first?.saas.role, "member");
    const fourth = body.records[3];
    assert.equal(fourth?.outcome, "rejected");
    assert.deepEqual(fourth?.problems.map(({ target }) => target).sort(), ["email", "username"]);
    assert.match(fourth?.problems[0]?.message ?? "", /found nothing/);
  });

  test("shows a mapping before it is saved, custom fields and errors by field included", async () => {
    const { body } = await preview({ mapping });
    const [first] = body.records;
    assert.equal(first?.person.fullName, "okta");
    assert.equal(first?.source.Provider, "okta");
    assert.deepEqual(
      first?.problems.map(({ target }) => target),
      ["saas.lastActivity"],
    );
    const saved = await server.api<{ revision: number }>("GET", `/integrations/${id}`);
    assert.equal(saved.body.revision, 1);
  });

  test("counts who passes a filter among all that were fetched", async () => {
    const filter = { mode: "if", rules: { all: [{ field: "verified", operator: "equals", value: true }] } };
    const { body } = await preview({ filter });
    assert.deepEqual([body.fetched, body.passing], [25, 13]);
    assert.deepEqual(
      body.records.slice(0, 2).map(({ outcome }) => outcome),
      ["mapped", "filtered"],
    );
  });

  test("shows the fields derived from the run", async () => {
    const { rows } = await server.database.query<{ name: string }>("select name from credential");
    await server.database.query(
      `insert into field_definition (entity, name, label, type) values
         ('person', 'seenAt', 'Seen', 'date-time'), ('saas-user', 'usedCredential', 'Credential', 'short-text')`,
    );
    const rules = [
      ...mapping.rules.slice(0, 3),
      { source: "connector.syncTime", target: "seenAt" },
      { source: "connect.credentials", target: "saas.usedCredential" },
    ];
    const { body, text } = await preview({ mapping: { rules } });
    assert.equal(body.records[0]?.person.seenAt, server.clock.now.toISOString(), text);
    assert.equal(body.records[0]?.saas.usedCredential, rows[0]?.name);
  });

  test("refuses a mapping that could not be saved, by pointer", async () => {
    const { status, body } = await server.refused("POST", `/integrations/${id}/preview-mapping`, {
      mapping: { rules: [] },
    });
    assert.equal(status, 400);
    assert.ok(body.errors.every(({ pointer }) => pointer === "/mapping/rules"));
  });

  test("needs a credential", async () => {
    const draft = await aDraft(server);
    const { status, body } = await server.refused("POST", `/integrations/${draft.id}/preview-mapping`);
    assert.deepEqual([status, body.code], [422, "integration.not_ready"]);
  });
});
