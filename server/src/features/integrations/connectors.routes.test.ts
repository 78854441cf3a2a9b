import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Connector, ConnectorList } from "@rollcall/core/contract/connectors.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { startTestServer, type TestServer } from "../../../test/start-test-server.ts";
import { loadConnectorCatalog } from "./connector-catalog.ts";

describe("connectors", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  test("are listed by name, grouped, and searched", async () => {
    const { body } = await server.api<ConnectorList>("GET", "/connectors");
    assert.ok(body.total >= 2);
    const names = body.data.map(({ name }) => name);
    assert.deepEqual(
      names,
      names.toSorted((a, b) => a.localeCompare(b, "en")),
    );
    assert.deepEqual(
      body.groups[0]?.connectors,
      body.data.map(({ id }) => id),
    );
    const found = await server.api<ConnectorList>("GET", "/connectors?q=CLICK");
    assert.deepEqual(
      found.body.data.map(({ id }) => id),
      ["ironclad-clickwrap"],
    );
    assert.deepEqual((await server.api<ConnectorList>("GET", "/connectors?q=nothing")).body.data, []);
  });

  test("one tells everything its form needs", async () => {
    const { status, body } = await server.api<Connector>("GET", "/connectors/ironclad-clickwrap");
    assert.equal(status, 200);
    const labels = body.fields.map(({ label }) => label);
    for (const label of ["Email", "Locale", "Name", "Time Zone", "User Id", "Verified", "Verified Time"]) {
      assert.ok(labels.includes(label), label);
    }
    assert.deepEqual(
      body.fields.filter(({ tracking }) => tracking).map(({ label, type }) => [label, type]),
      [
        ["Connector: Sync Time", "date-time"],
        ["Connect: Credentials", "text"],
      ],
    );
    assert.deepEqual(body.notProvided.map(({ field }) => field).sort(), ["lastActivity", "status"]);
    const [first] = body.authorization;
    assert.equal(first?.kind, "oauth2-client-credentials");
    assert.deepEqual(
      first?.fields.map(({ name, secret }) => [name, secret]),
      [
        ["clientId", false],
        ["clientSecret", true],
      ],
    );
    assert.deepEqual(first?.local, { possible: true, reason: null });
    assert.deepEqual(body.credentialKinds, ["ironclad-clickwrap", "oauth2-client-credentials"]);
    const perPage = body.inputs.find(({ name }) => name === "perPage")?.input;
    assert.equal(perPage?.kind, "integer");
    assert.equal(perPage?.default, 100);
    assert.ok(body.defaultMapping.rules.some(({ syncKey }) => syncKey === 1));
    assert.equal(body.catalog?.name, "Ironclad Clickwrap");
  });

  test("every one can be shown", async () => {
    for (const { id } of server.parts.connectors.list()) {
      assert.equal((await server.api("GET", `/connectors/${id}`)).status, 200, id);
    }
  });

  test("an unknown one is not found, with the nearest name", async () => {
    const { status, body } = await server.refused("GET", "/connectors/ironclad");
    assert.deepEqual([status, body.code], [404, "connector.not_found"]);
    assert.match(body.detail, /ironclad-clickwrap/);
  });
});

describe("loadConnectorCatalog", () => {
  const withConnector = async (folderName: string, text: string | null) => {
    const folder = await mkdtemp(join(tmpdir(), "connectors-"));
    try {
      await mkdir(join(folder, folderName));
      if (text !== null) {
        await writeFile(join(folder, folderName, "connector.yaml"), text);
      }
      await assert.rejects(loadConnectorCatalog(folder), (error) => {
        assert.ok(error instanceof ProductError);
        assert.equal(error.code, "connector.invalid");
        assert.ok(error.message.includes(`${folderName}/connector.yaml`), error.message);
        caught = error;
        return true;
      });
      return caught;
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  let caught: ProductError | undefined;

  test("names the file and the place of what is wrong", async () => {
    const error = await withConnector("acme", "id: acme\nname: 7\n");
    assert.ok(error?.problems.some(({ pointer }) => pointer === "/name"));
    assert.match(error?.message ?? "", /\/name: /);
  });

  test("refuses text that is no YAML, and keys given twice", async () => {
    assert.match((await withConnector("acme", "id: [acme"))?.message ?? "", /is not YAML/);
    assert.match((await withConnector("acme", "id: a\nid: b\n"))?.message ?? "", /is not YAML/);
  });

  test("refuses a folder without a connector in it", async () => {
    await withConnector("empty", null);
  });
});
