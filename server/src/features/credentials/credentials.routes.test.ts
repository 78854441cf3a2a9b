import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Credential, TestOutcome } from "@rollcall/core/contract/credentials.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { affected, one, rows } from "@rollcall/server/postgres/query.ts";
import { dumpTables } from "@rollcall/server/test/dump-tables.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { openCredential } from "./open-credential.ts";

const canary = "canary-5ecret-4f2a";
const clickwrap = {
  name: "Legal EU",
  kind: "ironclad-clickwrap",
  values: { clientId: "client-1", clientSecret: canary },
};

describe("a credential", () => {
  test("is created, shown without its secret, changed and deleted", async () => {
    await using server = await startTestServer();
    const created = await server.api<Credential>("POST", "/credentials", { ...clickwrap, expiresOn: "2031-01-31" });
    assert.equal(created.status, 201);
    assert.deepEqual(created.body.hints, { clientId: "client-1", clientSecret: "•••• 4f2a" });
    assert.equal(created.body.expiresOn, "2031-01-31");
    assert.deepEqual(created.body.integrations, []);

    const { body: list } = await server.api<ListOf<Credential>>("GET", "/credentials?q=legal");
    assert.deepEqual([list.total, list.data[0]], [1, created.body]);

    const path = `/credentials/${created.body.id}`;
    const changed = await server.api<Credential>("PATCH", path, { name: "Legal", expiresOn: null });
    assert.deepEqual([changed.body.name, changed.body.expiresOn], ["Legal", null]);
    assert.deepEqual(changed.body.hints, created.body.hints);

    assert.equal((await server.api("DELETE", path)).status, 204);
    assert.equal((await server.refused("GET", path)).body.code, "credential.not_found");
    const { data } = (await server.api<ListOf<{ action: string }>>("GET", "/audit?target=credential")).body;
    assert.deepEqual(
      data.map(({ action }) => action),
      ["credential.delete", "credential.update", "credential.create"],
    );
  });

  test("opens with the values that went in, of which a change replaces only those named", async () => {
    await using server = await startTestServer();
    const id = await aCredential(server);
    await server.api("PATCH", `/credentials/${id}`, { values: { clientSecret: "another secret" } });
    const { values, kind } = await openCredential(server.database, server.parts.vault, id);
    assert.deepEqual([kind, values], ["ironclad-clickwrap", { clientId: "client-1", clientSecret: "another secret" }]);
  });

  test("loses its cached access token and its last test when its values change, and only then", async () => {
    await using server = await startTestServer();
    const id = await aCredential(server);
    await affected(
      server.database,
      `insert into credential_token (credential_id, token_url, sealed, fingerprint) values ($1, 'https://t.example', 's', 'f')`,
      [id],
    );
    await affected(server.database, `update credential set last_test = '{"ok": true}'`);
    const left = async () =>
      await one(
        server.database,
        "select (select count(*)::int from credential_token) as tokens, last_test is not null as tested from credential",
      );
    await server.api("PATCH", `/credentials/${id}`, { name: "Renamed" });
    assert.deepEqual(await left(), { tokens: 1, tested: true });
    await server.api("PATCH", `/credentials/${id}`, { values: { clientSecret: "another secret" } });
    assert.deepEqual(await left(), { tokens: 0, tested: false });
  });

  test("is not deleted while integrations use it, and the refusal names them", async () => {
    await using server = await startTestServer();
    const id = await aCredential(server);
    await affected(
      server.database,
      `insert into integration (name, connector, credential_id, schedule, mapping, filter, guard)
       values ('Clickwrap EU', 'ironclad-clickwrap', $1, '{}', '{}', '{}', '{}')`,
      [id],
    );
    const { status, body } = await server.refused("DELETE", `/credentials/${id}`);
    assert.deepEqual([status, body.code], [409, "credential.in_use"]);
    assert.match(body.detail, /"Clickwrap EU"/);
    assert.match(JSON.stringify(body.details), /"integrations":\[\{"id":"[^"]+","name":"Clickwrap EU"\}\]/);
    const shown = await server.api<Credential>("GET", `/credentials/${id}`);
    assert.deepEqual(
      shown.body.integrations.map(({ name }) => name),
      ["Clickwrap EU"],
    );

    await affected(server.database, "update integration set status = 'archived'");
    assert.equal((await server.api("DELETE", `/credentials/${id}`)).status, 204);
  });

  test("is tested through the vendor, with the inputs of an integration that uses it, and keeps the answer", async () => {
    const asked: unknown[] = [];
    const outcome: TestOutcome = {
      ok: false,
      code: "vendor.unauthorized",
      message: "The vendor refused the credential.",
      nextStep: "Enter a new secret.",
      at: "2031-01-31T00:00:00.000Z",
    };
    const never = () => Promise.reject(new Error("not asked"));
    const testCredential = async (input: { connector: { id: string } | null; inputs: unknown }) => {
      asked.push([input.connector?.id, input.inputs]);
      return outcome;
    };
    await using server = await startTestServer({
      parts: { vendor: { testCredential, testIntegration: never, sampleRecords: never } },
    });
    const id = await aCredential(server);
    const first = await server.api("POST", `/credentials/${id}/test`);
    assert.deepEqual([first.status, first.body], [200, outcome]);
    await affected(
      server.database,
      `insert into integration (name, connector, credential_id, inputs, schedule, mapping, filter, guard)
       values ('Clickwrap', 'ironclad-clickwrap', $1, '{"perPage": 50}', '{}', '{}', '{}', '{}')`,
      [id],
    );
    await server.api("POST", `/credentials/${id}/test`);
    await server.api("POST", `/credentials/${id}/test`, { inputs: { perPage: 10 } });
    assert.deepEqual(asked, [
      ["ironclad-clickwrap", {}],
      ["ironclad-clickwrap", { perPage: 50 }],
      ["ironclad-clickwrap", { perPage: 10 }],
    ]);
    assert.deepEqual((await server.api<Credential>("GET", `/credentials/${id}`)).body.lastTest, outcome);
    assert.equal((await server.refused("POST", "/credentials/7/test")).body.code, "credential.not_found");
  });

  test("is refused with a pointer when its kind, values or name do not fit", async () => {
    await using server = await startTestServer();
    await aCredential(server);
    const basic = { username: "u", password: "a password" };
    const cases: readonly (readonly [object, string, RegExp])[] = [
      [{ ...clickwrap, kind: "ironclad" }, "/kind", /ironclad-clickwrap.*basic/],
      [{ ...clickwrap, values: { clientId: "x" } }, "/values/clientSecret", /required/],
      [{ ...clickwrap, values: { ...clickwrap.values, clientsecret: "x" } }, "/values/clientsecret", /clientSecret/],
      [{ ...clickwrap, values: { ...clickwrap.values, "a/b": "x" } }, "/values/a~1b", /not known/],
      [{ ...clickwrap, values: { ...clickwrap.values, clientSecret: "x\n" } }, "/values/clientSecret", /line break/],
      [{ ...clickwrap, values: { ...clickwrap.values, clientSecret: "" } }, "/values/clientSecret", /at least 1/],
      [{ ...clickwrap, values: { ...clickwrap.values, clientSecret: 7 } }, "/values/clientSecret", /text/],
      [{ ...clickwrap, name: " " }, "/name", /at least 1/],
      [{ ...clickwrap, expiresOn: "31.1.2031" }, "/expiresOn", /2026-01-31/],
      [{ ...clickwrap, expiresOn: "0000-01-01" }, "/expiresOn", /1970/],
      [{ ...clickwrap, ownerId: "00000000-0000-4000-8000-000000000000" }, "/ownerId", /account/],
      [{ name: "K", kind: "api-key", values: { key: "k", name: "x-key", in: "body" } }, "/values/in", /header, query/],
      [{ name: "B", kind: "basic", values: { ...basic, token: "t" } }, "/values/token", /not known/],
    ];
    for (const [body, pointer, message] of cases) {
      const answer = await server.refused("POST", "/credentials", body);
      assert.equal(answer.status, 400, pointer);
      const problem = answer.body.errors.find((error) => error.pointer === pointer);
      assert.match(problem?.message ?? `no problem at ${pointer}`, message);
    }
    const twice = await server.refused("POST", "/credentials", { ...clickwrap, name: " legal eu " });
    assert.deepEqual([twice.status, twice.body.code], [409, "credential.name_taken"]);
    assert.equal((await rows(server.database, "select from credential")).length, 1);
  });

  test("of a generic kind is accepted, and only its open fields are shown in full", async () => {
    await using server = await startTestServer();
    const generic = [
      {
        kind: "api-key",
        values: { key: "0123456789abcdef", name: "X-Key" },
        hints: { key: "•••• cdef", name: "X-Key" },
      },
      { kind: "basic", values: { username: "ada", password: "short" }, hints: { username: "ada", password: "••••" } },
      { kind: "bearer", values: { token: "0123456789abcdef" }, hints: { token: "•••• cdef" } },
    ];
    for (const { hints, ...request } of generic) {
      const { body } = await server.api<Credential>("POST", "/credentials", { ...request, name: request.kind });
      assert.deepEqual(body.hints, hints);
    }
  });

  test("leaves no trace of its secret in any answer, log or table", async () => {
    await using server = await startTestServer();
    const answers: string[] = [];
    const call = async (method: string, path: string, body?: unknown): Promise<void> => {
      answers.push((await server.api(method, path, body)).text);
    };
    const id = await aCredential(server);
    await call("POST", "/credentials", { ...clickwrap, name: "second" });
    await call("POST", "/credentials", { ...clickwrap, kind: "nothing" });
    await call("POST", "/credentials", {
      ...clickwrap,
      values: { clientId: canary, clientSecret: canary, more: canary },
    });
    await call("POST", "/credentials", { ...clickwrap, values: { clientSecret: { nested: canary } } });
    await call("POST", "/credentials", {
      ...clickwrap,
      name: "third",
      values: { clientId: "a", clientSecret: `${canary}\n` },
    });
    await call("PATCH", `/credentials/${id}`, { values: { clientSecret: `${canary}${canary}` } });
    await call("POST", `/credentials/${id}/test`);
    for (const path of ["/credentials", `/credentials/${id}`, "/audit", "/integrations", "/openapi.json"]) {
      await call("GET", path);
    }
    for (const place of [answers.join("\n"), server.log(), await dumpTables(server.database)]) {
      assert.ok(place.length > 100);
      assert.ok(!place.includes(canary));
      assert.ok(!place.includes(Buffer.from(canary).toString("base64url").slice(0, 20)));
    }
  });
});

async function aCredential(server: TestServer): Promise<string> {
  const { status, body } = await server.api<Credential>("POST", "/credentials", clickwrap);
  assert.equal(status, 201);
  return body.id;
}
