import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  aCredential,
  anActive,
  type IntegrationServer,
  startIntegrationServer,
} from "../../../test/integration-fixtures.ts";
import { loadRunSettings } from "./integration-queries.ts";

describe("loadRunSettings", () => {
  let server: IntegrationServer;
  before(async () => {
    server = await startIntegrationServer();
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  test("gives a run everything it needs to know", async () => {
    const credentialId = await aCredential(server.database);
    const active = await anActive(server, { credentialId, mode: "user-plus-saas", inputs: { perPage: 25 } });
    const settings = await loadRunSettings(server.database, active.id);
    assert.ok(settings);
    assert.deepEqual(
      [settings.integrationId, settings.status, settings.revision, settings.connector, settings.softwareId],
      [active.id, "active", 1, "ironclad-clickwrap", active.softwareId],
    );
    assert.equal(settings.credential?.id, credentialId);
    assert.equal(settings.credential?.kind, "ironclad-clickwrap");
    assert.match(settings.credential?.name ?? "", /^ironclad-clickwrap /);
    assert.equal(settings.inputs.perPage, 25);
    assert.deepEqual(settings.mapping, active.mapping);
    assert.deepEqual(settings.guard, active.guard);
    assert.deepEqual(settings.targetFields.slice(0, 2), [
      { name: "username", label: "Username", type: "short-text", unique: true, mandatory: true },
      { name: "email", label: "Email", type: "short-text", unique: true, mandatory: true },
    ]);
    assert.ok(settings.targetFields.some(({ name, type }) => name === "saas.lastActivity" && type === "date-time"));
    assert.ok(settings.fields.every(({ history }) => history === true));
  });

  test("knows nothing of an integration that does not exist", async () => {
    assert.equal(await loadRunSettings(server.database, "no id"), undefined);
    assert.equal(await loadRunSettings(server.database, crypto.randomUUID()), undefined);
  });
});
