import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Person, whySchema } from "@rollcall/core/contract/people.ts";
import type { Change } from "@rollcall/core/contract/runs.ts";
import { affected, one, rows } from "@rollcall/server/postgres/query.ts";
import { aLink, anIntegration, aPerson, aRunChange } from "@rollcall/server/test/inventory-factories.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import type { z } from "zod";

const ada = { username: "ada", email: "ada@example.com", fullName: "Ada Lovelace" };

describe("a person", () => {
  test("is made by hand with typed custom fields", async () => {
    await using server = await startTestServer();
    await addFields(server);
    const { status, body } = await server.api<Person>("POST", "/people", {
      ...ada,
      attributes: { badge: "007", level: " 12 ", since: "2031-01-31", remote: "yes", site: "berlin", budget: "3.10" },
    });
    assert.equal(status, 201);
    assert.deepEqual([body.role, body.status, body.protected], ["User", "active", false]);
    assert.deepEqual(body.attributes, {
      badge: "007",
      level: 12,
      since: "2031-01-31T00:00:00.000Z",
      remote: true,
      site: "Berlin",
      budget: "3.10",
    });
    assert.deepEqual((await server.api("GET", `/people/${body.id}`)).body, body);
    const history = await historyOf(server, body.id);
    assert.deepEqual(
      history.map(({ kind, runId, reason }) => [kind, runId, reason]),
      [["create", null, "by hand"]],
    );
  });

  test("is edited: only what changes is written, remembered as manual, kept in history and hashed", async () => {
    await using server = await startTestServer();
    const { database } = server;
    await addFields(server);
    const id = await aPerson(database, ada);
    const integrationId = await anIntegration(database);
    await aLink(database, { integrationId, personId: id });
    await server.api("PATCH", `/people/${id}`, { fullName: "Ada King", locale: null, attributes: { level: 3 } });
    const changed = await server.api<Person>("PATCH", `/people/${id}`, { fullName: "Ada King", role: "User" });
    assert.deepEqual([changed.body.fullName, changed.body.attributes], ["Ada King", { level: 3 }]);

    const history = await historyOf(server, id);
    assert.deepEqual(
      history.map(({ kind, fields }) => [kind, fields]),
      [
        [
          "edit",
          [
            { field: "level", before: null, after: 3 },
            { field: "fullName", before: "Ada Lovelace", after: "Ada King" },
          ],
        ],
      ],
    );
    const row = await one(
      database,
      `select p.manual_fields as manual, l.content_hash as hash, p.status_by as by,
         c.hash = change_digest(c.run_id, c.kind, c.vendor_key, c.person_id, c.saas_user_id, c.before, c.after, c.reason, c.withheld,
           c.actor_id)
           as intact, c.actor_id is not null as signed
       from person p join link l on l.person_id = p.id join change c on c.person_id = p.id`,
    );
    assert.deepEqual(
      { ...row, manual: row.manual.toSorted() },
      { manual: ["fullName", "level"], hash: null, by: "run", intact: true, signed: true },
    );
    const cleared = await server.api<Person>("PATCH", `/people/${id}`, { fullName: null, attributes: { level: null } });
    assert.deepEqual([cleared.body.fullName, cleared.body.attributes], [null, {}]);
  });

  test("that is edited to what it is already is not written at all", async () => {
    await using server = await startTestServer();
    const id = await aPerson(server.database, ada);
    const version = async () => await one(server.database, "select xmin::text, updated_at from person");
    const before = await version();
    for (const same of [
      {},
      { fullName: "Ada Lovelace" },
      { status: "active" },
      { protected: false },
      { archived: false },
    ]) {
      assert.equal((await server.api("PATCH", `/people/${id}`, same)).status, 200);
    }
    assert.deepEqual(await version(), before);
    assert.deepEqual(await historyOf(server, id), []);
  });

  test("is deactivated by hand, protected and archived, which history shows", async () => {
    await using server = await startTestServer();
    const id = await aPerson(server.database, ada);
    const inactive = await server.api<Person>("PATCH", `/people/${id}`, { status: "inactive" });
    assert.deepEqual([inactive.body.status, inactive.body.statusReason], ["inactive", "by hand"]);
    assert.deepEqual(await rows(server.database, "select status_by from person"), [{ status_by: "person" }]);
    const hidden = await server.api<Person>("PATCH", `/people/${id}`, { protected: true, archived: true });
    assert.ok(hidden.body.protected && hidden.body.archivedAt !== null);
    await server.api("PATCH", `/people/${id}`, { archived: false, status: "active" });
    const fields = (await historyOf(server, id)).map((change) =>
      change.fields.map(({ field, after }) => [field, after]),
    );
    assert.deepEqual(fields, [
      [
        ["archived", false],
        ["status", "active"],
      ],
      [
        ["archived", true],
        ["protected", true],
      ],
      [["status", "inactive"]],
    ]);
  });

  test("keeps silent in history about fields that do not belong there", async () => {
    await using server = await startTestServer();
    await server.api("POST", "/fields", { label: "Counter", type: "number", history: false });
    const id = await aPerson(server.database, ada);
    await server.api("PATCH", `/people/${id}`, { attributes: { counter: 1 } });
    assert.deepEqual(await historyOf(server, id), []);
    await server.api("PATCH", `/people/${id}`, { role: "Admin", attributes: { counter: 2 } });
    assert.deepEqual(
      (await historyOf(server, id))[0]?.fields.map(({ field }) => field),
      ["role"],
    );
  });

  test("is refused with a pointer when a unique value is taken", async () => {
    await using server = await startTestServer();
    await addFields(server);
    await server.api("POST", "/people", { ...ada, attributes: { badge: "007" } });
    const other = { username: "bob", email: "bob@example.com" };
    const bob = await server.api<Person>("POST", "/people", { ...other, attributes: { badge: "008" } });
    const path = `/people/${bob.body.id}`;
    const cases = [
      [await server.refused("POST", "/people", { ...other, username: " ADA ", email: "x@example.com" }), "/username"],
      [await server.refused("PATCH", path, { email: "ADA@example.com" }), "/email"],
      [await server.refused("PATCH", path, { attributes: { badge: " 007" } }), "/attributes/badge"],
    ] as const;
    for (const [answer, pointer] of cases) {
      assert.deepEqual(
        [answer.status, answer.body.code, answer.body.errors[0]?.pointer],
        [409, "person.taken", pointer],
      );
    }
    assert.deepEqual((await server.api("GET", path)).body, bob.body);
    assert.equal((await server.api("PATCH", path, { attributes: { badge: null } })).status, 200);
    assert.equal((await rows(server.database, "select from person_unique")).length, 1);
  });

  test("is refused with a pointer when a value does not fit its field", async () => {
    await using server = await startTestServer();
    await addFields(server);
    await server.api("POST", "/fields", { label: "Fixed", type: "short-text", editable: false });
    await server.api("POST", "/fields", { label: "Needed", type: "short-text", mandatory: true });
    const id = await aPerson(server.database, ada);
    for (const [body, pointer] of [
      [{ email: null }, "/email"],
      [{ email: "  " }, "/email"],
      [{ username: "x".repeat(257) }, "/username"],
      [{ status: "gone" }, "/status"],
      [{ fullname: "x" }, "/fullname"],
      [{ attributes: { bagde: "1" } }, "/attributes/bagde"],
      [{ attributes: { level: "twelve" } }, "/attributes/level"],
      [{ attributes: { level: 1.5 } }, "/attributes/level"],
      [{ attributes: { level: 2 ** 60 } }, "/attributes/level"],
      [{ attributes: { since: "31.1.2031" } }, "/attributes/since"],
      [{ attributes: { site: "Atlantis" } }, "/attributes/site"],
      [{ attributes: { badge: "x".repeat(257) } }, "/attributes/badge"],
      [{ attributes: { badge: { a: 1 } } }, "/attributes/badge"],
      [{ attributes: { fixed: "x" } }, "/attributes/fixed"],
      [{ attributes: { needed: null } }, "/attributes/needed"],
      [{ attributes: { email: "x" } }, "/attributes/email"],
    ] as const) {
      const answer = await server.refused("PATCH", `/people/${id}`, body);
      assert.deepEqual([answer.status, answer.body.errors[0]?.pointer], [400, pointer], JSON.stringify(body));
    }
    const created = await server.refused("POST", "/people", { username: "b", email: "b@example.com" });
    assert.deepEqual([created.status, created.body.errors[0]?.pointer], [400, "/attributes/needed"]);
    for (const path of ["/people/0", "/people/abc", "/people/99999999999999999999", "/people/1/history/x"]) {
      assert.equal((await server.api("GET", path)).status, 404, path);
    }
    for (const path of ["/people/7/history", "/people/x/history", "/people/7/why"]) {
      assert.equal((await server.refused("GET", path)).body.code, "person.not_found");
    }
  });

  test("explains where every value came from and why it is active or not", async () => {
    await using server = await startTestServer();
    const { database } = server;
    const id = await aPerson(database, ada);
    const integrationId = await anIntegration(database, {
      rules: [
        { source: "name", target: "fullName" },
        { source: '{{"User"}}', target: "role" },
        { source: "connector.syncTime", target: "lastSync" },
      ],
      lastRunAt: "2031-01-31T02:00:00Z",
    });
    await aLink(database, { integrationId, personId: id });
    const after = { person: { fullName: "Ada Lovelace", role: "User", email: "ada@example.com" } };
    const runId = await aRunChange(database, { integrationId, personId: id, after });
    await aRunChange(database, {
      integrationId,
      personId: id,
      after: { person: { fullName: "planned" } },
      applied: false,
    });
    await server.api("PATCH", `/people/${id}`, { email: "ada@new.example", status: "inactive" });

    const { body } = await server.api<z.infer<typeof whySchema>>("GET", `/people/${id}/why`);
    const source = Object.fromEntries(body.values.map((value) => [value.field, [value.source, value.runId]]));
    assert.deepEqual(source, {
      fullName: ["name", runId],
      role: ['{{"User"}}', runId],
      email: ["edited by hand", null],
      username: ["not recorded", null],
      lastSync: ["connector.syncTime", null],
    });
    assert.match(body.status.explanation, /by hand/);
    assert.equal(body.values.find(({ field }) => field === "email")?.actor, "Token from the environment");
    assert.equal((await historyOf(server, id)).length, 2);

    await affected(database, "update person set status_by = 'run', status_reason = 'missing', status_run_id = $1", [
      runId,
    ]);
    const byRun = await server.api<z.infer<typeof whySchema>>("GET", `/people/${id}/why`);
    assert.match(byRun.body.status.explanation, /by a run.*missing/);
    assert.equal(byRun.body.status.runId, runId);
  });
});

async function addFields(server: TestServer): Promise<void> {
  for (const field of [
    { label: "Badge", type: "short-text", unique: true },
    { label: "Level", type: "number" },
    { label: "Budget", type: "decimal" },
    { label: "Since", type: "date-time" },
    { label: "Remote", type: "yes-no" },
    { label: "Site", type: "choice", choices: ["Berlin", "Paris"] },
  ]) {
    assert.equal((await server.api("POST", "/fields", field)).status, 201);
  }
}

async function historyOf(server: TestServer, id: string): Promise<readonly Change[]> {
  return (await server.api<ListOf<Change>>("GET", `/people/${id}/history`)).body.data;
}
