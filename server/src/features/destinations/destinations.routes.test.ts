import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Destination, DestinationDelivery } from "@rollcall/core/contract/destinations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { anIntegration } from "../runs/run-fixtures.ts";

const secret = "canary-4711-token";

async function aCredential(server: TestServer, kind = "api-key"): Promise<string> {
  const values = kind === "bearer" ? { token: secret } : { name: "Authorization2", key: secret };
  const { body } = await server.api<{ id: string }>("POST", "/credentials", { name: `Oomnitza ${kind}`, kind, values });
  return body.id;
}

async function aDestination(server: TestServer, more: Readonly<Record<string, unknown>> = {}) {
  return await server.api<Destination>("POST", "/destinations", {
    name: "Oomnitza",
    url: "https://example.oomnitza.com/",
    credentialId: await aCredential(server),
    constants: { role: 25 },
    ...more,
  });
}

describe("destinations", () => {
  test("are made, listed, changed and deleted, and never show a secret", async () => {
    await using server = await startTestServer();
    const integrationId = await anIntegration(server.database);
    const made = await aDestination(server, { follows: [{ integrationId, saasName: "Clickwrap" }] });
    assert.equal(made.status, 201, made.text);
    const { id, url, syncKey, fields, deliveries, follows } = made.body;
    assert.deepEqual([url, syncKey, fields.length], ["https://example.oomnitza.com", "username", 4]);
    assert.deepEqual(deliveries, { waiting: 0, done: 0, failed: 0 });
    assert.deepEqual(
      follows.map(({ saasName, saasId }) => [saasName, saasId]),
      [["Clickwrap", null]],
    );

    await server.database.query(
      `with s as (insert into software (name) values ('Contracts') returning id)
       update integration set mode = 'user-plus-saas', software_id = s.id from s where integration.id = $1`,
      [integrationId],
    );
    const named = await server.api<Destination>("PATCH", `/destinations/${id}`, { follows: [{ integrationId }] });
    assert.equal(named.body.follows[0]?.saasName, "Contracts", "the name of the integration's software");

    const changed = await server.api<Destination>("PATCH", `/destinations/${id}`, { enabled: false, follows: [] });
    assert.deepEqual([changed.body.enabled, changed.body.follows], [false, []]);
    const list = await server.api<ListOf<Destination>>("GET", "/destinations?q=oomn");
    assert.deepEqual([list.body.total, list.text.includes(secret), server.log().includes(secret)], [1, false, false]);
    const { credentialId } = made.body;
    const inUse = await server.refused("DELETE", `/credentials/${credentialId}`);
    assert.deepEqual([inUse.status, inUse.body.code], [409, "credential.in_use"]);
    assert.equal((await server.api("DELETE", `/destinations/${id}`)).status, 204);
    assert.equal((await server.refused("GET", `/destinations/${id}`)).body.code, "destination.not_found");
    assert.equal((await server.api("DELETE", `/credentials/${credentialId}`)).status, 204);
    const audit = await server.api<ListOf<{ action: string }>>("GET", "/audit?target=destination");
    assert.deepEqual(audit.body.data.map(({ action }) => action).sort(), [
      "destination.create",
      "destination.delete",
      "destination.update",
      "destination.update",
    ]);
  });

  test("are refused with everything that is wrong", async () => {
    await using server = await startTestServer();
    const { status, body } = await server.refused("POST", "/destinations", {
      name: "Wrong",
      url: "https://user:pass@example.com/api",
      credentialId: await aCredential(server, "bearer"),
      fields: [
        { field: "emial", externalId: "email" },
        { field: "email", externalId: "email" },
      ],
      follows: [{ integrationId: crypto.randomUUID() }],
    });
    assert.equal(status, 400);
    assert.deepEqual(
      body.errors.map(({ pointer }) => pointer),
      ["/url", "/credentialId", "/fields/0/field", "/fields/1/externalId", "/follows/0/integrationId"],
    );
    assert.match(body.errors[2]?.message ?? "", /email/);
    const { credentialId } = (await aDestination(server)).body;
    const again = { name: "OOMNITZA", url: "https://b.oomnitza.com", credentialId };
    const taken = await server.refused("POST", "/destinations", again);
    assert.deepEqual([taken.status, taken.body.code], [409, "destination.name_taken"]);
  });

  test("of nobody are 404, whatever is asked of them", async () => {
    await using server = await startTestServer();
    for (const id of ["x", crypto.randomUUID()]) {
      for (const [method, path] of [
        ["GET", ""],
        ["PATCH", ""],
        ["DELETE", ""],
        ["POST", "/test"],
        ["GET", "/fields"],
        ["GET", "/deliveries"],
        ["POST", "/retry"],
        ["POST", "/resynchronise"],
      ] as const) {
        const answer = await server.refused(method, `/destinations/${id}${path}`, method === "PATCH" ? {} : undefined);
        assert.deepEqual([answer.status, answer.body.code], [404, "destination.not_found"], `${method} ${path}`);
      }
    }
  });

  test("tell the outcome of a test and the instance's fields", async () => {
    const field = {
      externalId: "department",
      label: "Department",
      type: "str",
      length: null,
      editable: true,
      mandatory: false,
      unique: false,
      choices: ["Legal"],
    };
    await using server = await startTestServer({
      parts: {
        destinations: {
          test: async () => ({
            ok: true,
            code: null,
            message: "Fine.",
            nextStep: null,
            at: "2026-01-01T00:00:00.000Z",
          }),
          readFields: async () => [field],
        },
      },
    });
    const { id } = (await aDestination(server)).body;
    assert.equal((await server.api<{ message: string }>("POST", `/destinations/${id}/test`)).body.message, "Fine.");
    assert.deepEqual((await server.api<ListOf<unknown>>("GET", `/destinations/${id}/fields`)).body.data, [field]);
  });

  test("forget the ids of an instance when they get the address of another", async () => {
    await using server = await startTestServer();
    const { id } = (await aDestination(server)).body;
    const known = async () => (await server.database.query("select from destination_person")).rowCount;
    await server.database.query(
      "insert into destination_person (destination_id, person_id, remote_id) values ($1, 1, 'a')",
      [id],
    );
    await server.api("PATCH", `/destinations/${id}`, { url: "https://example.oomnitza.com" });
    assert.equal(await known(), 1);
    await server.api("PATCH", `/destinations/${id}`, { url: "https://other.oomnitza.com" });
    assert.equal(await known(), 0);
  });

  test("list deliveries by state, the latest first", async () => {
    await using server = await startTestServer();
    const integrationId = await anIntegration(server.database);
    const { id } = (await aDestination(server, { follows: [{ integrationId, saasName: null }] })).body;
    await server.database.query(
      `insert into destination_delivery (destination_id, integration_id, person_id, state, problem)
       select $1, $2, n, case when n = 2 then 'failed' else 'done' end, case when n = 2 then 'Refused.' end
       from generate_series(1, 3) n`,
      [id, integrationId],
    );
    const path = `/destinations/${id}/deliveries`;
    const first = await server.api<ListOf<DestinationDelivery>>("GET", `${path}?limit=2`);
    assert.deepEqual(
      first.body.data.map(({ personId }) => personId),
      ["3", "2"],
    );
    const next = `${path}?limit=2&cursor=${encodeURIComponent(first.body.nextCursor ?? "")}`;
    assert.equal((await server.api<ListOf<DestinationDelivery>>("GET", next)).body.data[0]?.personId, "1");
    const failed = await server.api<ListOf<DestinationDelivery>>("GET", `${path}?state=failed`);
    assert.deepEqual([failed.body.total, failed.body.data[0]?.problem], [1, "Refused."]);
    assert.deepEqual((await server.api<{ queued: number }>("POST", `/destinations/${id}/retry`)).body, { queued: 1 });
    assert.equal((await server.api<ListOf<unknown>>("GET", `${path}?personId=nobody`)).body.total, 0);
  });
});
