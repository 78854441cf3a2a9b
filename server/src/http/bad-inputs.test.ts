import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Field } from "@rollcall/core/contract/fields.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import { aPerson, aSaasUser, aSoftware } from "@rollcall/server/test/inventory-factories.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import fc from "fast-check";

type WriteCall = { readonly method: string; readonly path: string; readonly valid: Readonly<Record<string, unknown>> };

const runs = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 40);

describe("a write call with a wrong body", () => {
  test("G27 answers 4xx with pointers, and never fails inside, for any JSON", async () => {
    await using server = await startTestServer({ app: { requestsPerMinute: 1_000_000 } });
    for (const call of await writeCalls(server)) {
      await fc.assert(
        fc.asyncProperty(wrongBody(call.valid), async (body) => {
          const { status, body: answer } = await server.api<Partial<Problem>>(call.method, call.path, body);
          assert.ok(status < 500, `${call.method} ${call.path} answered ${status}`);
          if (answer.code === "request.invalid") {
            assert.ok((answer.errors?.length ?? 0) > 0);
          }
        }),
        { numRuns: runs },
      );
    }
  });

  test("G27 writes nothing when it is refused", async () => {
    await using server = await startTestServer();
    for (const { method, path, valid } of await writeCalls(server)) {
      const before = await audits(server);
      for (const body of [[], null, "x", 7, { ...valid, unknownKey: 1 }]) {
        const { status } = await server.refused(method, path, body);
        assert.equal(status, 400, `${method} ${path} ${JSON.stringify(body)}`);
      }
      assert.equal(await audits(server), before);
    }
  });
});

async function audits(server: TestServer): Promise<number> {
  return (await server.api<ListOf<unknown>>("GET", "/audit?limit=1")).body.total;
}

const nasty = fc.constantFrom<unknown>(
  "",
  " ",
  "\u0000",
  "\ud800",
  "x".repeat(10_000),
  "00000000-0000-4000-8000-000000000000",
  "9999-12-31",
  "0000-01-01",
  "'; drop table person; --",
  "__proto__",
  -1,
  1e308,
  1.5,
  2 ** 53,
  null,
  {},
  [],
  [[[]]],
  { constructor: 1 },
);
const junk = fc.oneof(nasty, fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: "binary", maxLength: 300 }));

/** A valid body with one part replaced, removed or added; or something else altogether. */
function wrongBody(valid: WriteCall["valid"]): fc.Arbitrary<unknown> {
  const keys = Object.keys(valid);
  return fc.oneof(
    { weight: 1, arbitrary: junk },
    {
      weight: 6,
      arbitrary: fc.tuple(fc.constantFrom(...keys), junk).map(([key, value]) => ({ ...valid, [key]: value })),
    },
    { weight: 1, arbitrary: fc.constantFrom(...keys).map((key) => ({ ...valid, [key]: undefined })) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.string({ maxLength: 40 }), junk).map(([key, value]) => ({ ...valid, [key]: value })),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...keys), fc.string({ maxLength: 20 }), junk)
        .map(([key, inner, value]) => ({ ...valid, [key]: { ...Object(valid[key]), [inner]: value } })),
    },
  );
}

async function writeCalls(server: TestServer): Promise<readonly WriteCall[]> {
  const { body: field } = await server.api<Field>("POST", "/fields", { label: "Level", type: "number" });
  await server.api("POST", "/fields", { label: "Site", type: "choice", choices: ["Berlin"] });
  const credential = { name: "Legal", kind: "ironclad-clickwrap", values: { clientId: "a", clientSecret: "b" } };
  const { body: made } = await server.api<{ id: string }>("POST", "/credentials", { ...credential, name: "First" });
  const { body: account } = await server.api<{ id: string }>("POST", "/accounts", {
    email: "a@example.com",
    name: "A",
  });
  const softwareId = await aSoftware(server.database);
  const personId = await aPerson(server.database);
  const userId = await aSaasUser(server.database, softwareId, { personId });
  const { name: _name, ...changedCredential } = credential;
  const { kind: _kind, ...values } = changedCredential;
  const person = {
    username: "u",
    email: "u@example.com",
    fullName: "U",
    status: "active",
    attributes: { level: 1, site: "Berlin" },
  };
  const software = { name: "S", seats: 1, seatCost: 1, currency: "EUR", url: "", catalogEntryId: null };
  const settings = { label: "L", help: "", choices: null, mandatory: false };
  return [
    { method: "POST", path: "/credentials", valid: { ...credential, expiresOn: null, ownerId: null } },
    {
      method: "PATCH",
      path: `/credentials/${made.id}`,
      valid: { ...values, name: "First", expiresOn: null, ownerId: null },
    },
    { method: "POST", path: "/people", valid: person },
    { method: "PATCH", path: `/people/${personId}`, valid: { ...person, archived: false } },
    { method: "POST", path: "/saas", valid: software },
    { method: "PATCH", path: `/saas/${softwareId}`, valid: software },
    { method: "PATCH", path: `/saas/${softwareId}/users/${userId}`, valid: { status: "active" } },
    { method: "POST", path: "/fields", valid: { ...settings, type: "number", name: "n", entity: "person" } },
    { method: "PATCH", path: `/fields/${field.id}`, valid: settings },
    { method: "POST", path: "/session", valid: { email: "c@example.com", password: "x" } },
    {
      method: "POST",
      path: "/start",
      valid: { token: "x", email: "c@example.com", name: "C", password: "correct horse battery" },
    },
    { method: "POST", path: "/invitation", valid: { token: "x", password: "correct horse battery" } },
    { method: "POST", path: "/runners", valid: { name: "R", integrationIds: null } },
    { method: "POST", path: "/accounts", valid: { email: "b@example.com", name: "B", role: "viewer" } },
    { method: "PATCH", path: `/accounts/${account.id}`, valid: { name: "A", role: "viewer", status: "active" } },
    {
      method: "POST",
      path: "/api-tokens",
      valid: { name: "t", scopes: ["*"], expiresAt: null, accountId: account.id },
    },
  ];
}
