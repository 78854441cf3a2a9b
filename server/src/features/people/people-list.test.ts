import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Person } from "@rollcall/core/contract/people.ts";
import { affected, rows } from "@rollcall/server/postgres/query.ts";
import { aLink, anIntegration, aPerson, aSaasUser, aSoftware } from "@rollcall/server/test/inventory-factories.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";

/** The ids on all pages, one page after the other. */
async function allPages(server: TestServer, path: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor = "";
  for (;;) {
    const { body } = await server.api<ListOf<{ id?: string; saasUserId?: string }>>("GET", path + cursor);
    const further = body.data.map(({ id, saasUserId }) => id ?? saasUserId ?? "");
    assert.ok(!ids.includes(further[0] ?? ""), `${path} does not go on`);
    ids.push(...further);
    if (body.nextCursor === null) return ids;
    cursor = `&cursor=${body.nextCursor}`;
  }
}

describe("the list of people", () => {
  test("is searched, filtered and sorted", async () => {
    await using server = await startTestServer();
    const { database } = server;
    const ada = await aPerson(database, { username: "Ada", fullName: "Ada Lovelace" });
    const bob = await aPerson(database, { username: "bob", fullName: null });
    const eve = await aPerson(database, { username: "eve_1%", fullName: "Eve", status: "inactive" });
    const gone = await aPerson(database, { username: "gone" });
    await affected(database, "update person set archived_at = now(), archived_by = 'undo' where id = $1", [gone]);
    const integrationId = await anIntegration(database);
    const softwareId = await aSoftware(database);
    const saasUserId = await aSaasUser(database, softwareId, { personId: bob });
    await aLink(database, { integrationId, personId: bob, saasUserId });

    const cases: Readonly<Record<string, readonly string[]>> = {
      "": [bob, ada, eve],
      "?sort=-fullName": [eve, ada, bob],
      "?sort=email": [ada, bob, eve],
      "?sort=-username": [eve, bob, ada],
      "?sort=-id": [eve, bob, ada],
      "?status=active": [bob, ada],
      "?status=inactive": [eve],
      "?archived=true": [gone],
      "?q=LOVE": [ada],
      "?q=%25": [eve],
      "?q=example.com&status=active": [bob, ada],
      "?q=nobody": [],
      [`?integrationId=${integrationId}`]: [bob],
      [`?softwareId=${softwareId}`]: [bob],
    };
    for (const [query, ids] of Object.entries(cases)) {
      const { body } = await server.api<ListOf<Person>>("GET", `/people${query}`);
      assert.deepEqual([body.data.map(({ id }) => id), body.total], [ids, ids.length], query);
    }
    const { body } = await server.api<Person>("GET", `/people/${bob}`);
    assert.deepEqual(
      body.integrations.map(({ name, saasUserId: user, softwareName, active }) => [name, user, softwareName, active]),
      [["Clickwrap", saasUserId, "Clickwrap", true]],
    );
  });

  test("goes on where the page before ended, people without a name included", async () => {
    await using server = await startTestServer();
    const integrationId = await anIntegration(server.database);
    for (const fullName of [null, null, "A", "A", null, "B"]) {
      const personId = await aPerson(server.database, { fullName });
      await aLink(server.database, { integrationId, personId });
      await aLink(server.database, { integrationId, personId });
    }
    await aPerson(server.database, { fullName: "C", status: "inactive" });
    for (const [query, number] of [
      ["sort=fullName", 7],
      ["sort=-fullName", 7],
      ["q=example", 7],
      ["q=example&sort=-fullName&status=active", 6],
      [`integrationId=${integrationId}`, 6],
      [`integrationId=${integrationId}&sort=-id`, 6],
    ] as const) {
      const whole = await server.api<ListOf<Person>>("GET", `/people?${query}`);
      const ids = await allPages(server, `/people?limit=2&${query}`);
      assert.deepEqual(
        ids,
        whole.body.data.map(({ id }) => id),
        query,
      );
      assert.deepEqual([ids.length, whole.body.total], [number, number], query);
    }
  });

  test("finds one or two letters where a word begins", async () => {
    await using server = await startTestServer();
    const ada = await aPerson(server.database, { username: "u1", fullName: "Ada van Lovelace" });
    const cases = { a: [ada], va: [ada], U1: [ada], LO: [ada], ov: [], ce: [], ove: [ada] };
    for (const [q, ids] of Object.entries(cases)) {
      const { body } = await server.api<ListOf<Person>>("GET", `/people?q=${q}`);
      assert.deepEqual([body.data.map(({ id }) => id), body.total], [ids, ids.length], q);
    }
  });

  test("finds names in upper and lower case, of every alphabet, and takes wildcards literally", async () => {
    await using server = await startTestServer();
    const elodie = await aPerson(server.database, { username: "u1", fullName: "Élodie ÇELİK_ß" });
    const omar = await aPerson(server.database, { username: "u2", fullName: "Ωμάρ Жуков 100%" });
    const cases = {
      élodie: [elodie],
      "ÉLODIE çel": [elodie],
      k_SS: [],
      K_ß: [elodie],
      жУКОВ: [omar],
      ΩΜΆΡ: [omar],
      "00%": [omar],
    };
    for (const [q, ids] of Object.entries({ ...cases, "%u%": [], _u_: [], "\\": [] })) {
      const { body } = await server.api<ListOf<Person>>("GET", `/people?q=${encodeURIComponent(q)}`);
      assert.deepEqual([body.data.map(({ id }) => id), body.total], [ids, ids.length], q);
    }
  });

  test("says how many there are at least when a search or filter has many thousand", async () => {
    await using server = await startTestServer();
    const { database } = server;
    const integrationId = await anIntegration(database);
    const softwareId = await aSoftware(database);
    await affected(
      database,
      `with people as (
         insert into person (username, email, role, status)
         select 'x' || n, 'x' || n || '@example.com', 'User', case when n % 3 = 0 then 'inactive' else 'active' end
         from generate_series(1, 10001) n returning id),
       users as (
         insert into saas_user (software_id, person_id, external_id, email, role)
         select $1, id, id, 'x' || id || '@example.com', 'Member' from people)
       insert into link (integration_id, vendor_key, person_id, content_hash) select $2, id, id, '\\x00' from people`,
      [softwareId, integrationId],
    );
    await database.query("analyze");
    const exact = { totalIsMinimum: undefined };
    const atLeast = { total: 1_000, totalIsMinimum: true };
    const cases: Readonly<Record<string, object>> = {
      "/people": { total: 10_001, ...exact },
      "/people?status=inactive": { total: 3_333, ...exact },
      "/people?q=x77": { total: 111, ...exact },
      "/people?q=x1": { total: 1_113, ...exact },
      "/people?q=example": atLeast,
      [`/people?integrationId=${integrationId}`]: atLeast,
      [`/people?integrationId=${integrationId}&q=x1`]: { total: 1_113, ...exact },
      [`/people?softwareId=${softwareId}&status=active`]: { total: 668, totalIsMinimum: true },
      [`/saas/${softwareId}/users`]: { total: 10_001, ...exact },
      [`/saas/${softwareId}/users?q=example`]: atLeast,
      [`/saas/${softwareId}/users?role=Member`]: atLeast,
    };
    for (const [path, expected] of Object.entries(cases)) {
      const first = await server.api<ListOf<Person>>("GET", path);
      assert.deepEqual(totalOf(first.body), expected, path);
      const cursor = `${path.includes("?") ? "&" : "?"}cursor=${first.body.nextCursor}`;
      assert.deepEqual(totalOf((await server.api<ListOf<Person>>("GET", path + cursor)).body), expected, path);
    }
    const removed = await affected(database, "delete from link");
    assert.equal(removed, 10_001);
    await affected(database, "update saas_user set archived_at = now() where id % 2 = 0");
    await affected(database, "delete from saas_user where status = 'active' and archived_at is not null");
    const left = await affected(database, "update saas_user set status = 'deactivated'");
    const deactivated = await server.api<ListOf<Person>>("GET", `/saas/${softwareId}/users?status=deactivated`);
    assert.deepEqual(totalOf(deactivated.body), { total: left, ...exact });
  });

  test("finds those who stand together far from where the list begins", async () => {
    await using server = await startTestServer();
    const { database } = server;
    const software = await aSoftware(database);
    await affected(
      database,
      `with people as (
         insert into person (username, email, role, full_name)
         select 'u' || n, 'u' || n || '@example.com', 'User', case when n % 167 = 0 then 'Aa Zoe' when n % 10 < 3 then 'Zoe' else 'Ada' end || n % 77
         from generate_series(1, 20000) n returning id, full_name)
       insert into saas_user (software_id, person_id, external_id, name, last_activity, activity_known)
       select $1, id, id, full_name, now() - interval '100 days', true from people`,
      [software],
    );
    await affected(
      database,
      "update saas_user set last_activity = now() where name like 'Ada%' and id % 1000 <> (select min(id) from saas_user) % 1000",
    );
    // Enough of them stand at the beginning that more seem to be near.
    const zoes = (table: string, name: string) => `select id from ${table} where ${name} like '%Zoe%' order by ${name}`;
    const users = `/saas/${software}/users?limit=500&q=zoe`;
    const cases: Readonly<Record<string, string>> = {
      "/people?limit=500&q=zoe": `${zoes("person", "full_name")}, id`,
      "/people?limit=500&q=zoe&sort=-fullName": `${zoes("person", "full_name")} desc, id desc`,
      [users]: `${zoes("saas_user", "name")}, id`,
      [`${users}&sort=-name`]: `${zoes("saas_user", "name")} desc, id desc`,
      [`/saas/${software}/removal-list?limit=500`]:
        "select id from saas_user where last_activity < now() - interval '90 days' order by name, id",
    };
    for (const [path, query] of Object.entries(cases)) {
      const expected = (await rows<{ id: string }>(database, query)).map(({ id }) => id);
      assert.ok(expected.length >= 6000, path);
      assert.deepEqual(await allPages(server, path), expected, path);
    }
  });

  test("counts all that a search finds, also where statistics expect far more", async () => {
    await using server = await startTestServer();
    const { database } = server;
    await affected(database, "alter table person set (autovacuum_enabled = false)");
    await affected(
      database,
      `insert into person (username, email, role, full_name)
       select 'u' || n, 'u' || n || '@example.com', 'User', 'Zoe' || n from generate_series(1, 20000) n`,
    );
    await affected(database, "analyze person");
    const keep = async (number: number) => {
      const ids = `select id from person where full_name like 'Zoe%' order by id offset ${number}`;
      await affected(database, `update person set full_name = 'Ada' where id in (${ids})`);
      return totalOf((await server.api<ListOf<Person>>("GET", "/people?q=zoe&limit=1&sort=-fullName")).body);
    };
    assert.deepEqual(await keep(1_500), { total: 1_000, totalIsMinimum: true });
    assert.deepEqual(await keep(600), { total: 600, totalIsMinimum: undefined });
  });

  test("refuses wrong queries with what is allowed", async () => {
    await using server = await startTestServer();
    for (const [query, code, message] of [
      ["sort=colour", "request.invalid", /fullName, email, username, id/],
      ["limit=501", "request.invalid", /at most 500/],
      ["limit=x", "request.invalid", /a number/],
      ["status=gone", "request.invalid", /active, inactive, all/],
      ["integrationId=7", "request.invalid", /uuid/],
      ["cursor=abc", "request.bad_cursor", /nextCursor/],
    ] as const) {
      const answer = await server.refused("GET", `/people?${query}`);
      assert.deepEqual([answer.status, answer.body.code], [400, code], query);
      assert.match(answer.body.errors[0]?.message ?? "", message);
    }
  });

  test("is exported whole as CSV, with cells that no spreadsheet takes for formulas", async () => {
    await using server = await startTestServer();
    await server.api("POST", "/fields", { label: "Badge", type: "short-text" });
    await server.api("POST", "/fields", { label: "=cmd", name: "level", type: "number" });
    const hostile = ["=1+1", "+1", "-1", "@sum", "\t=1", 'say "hi", bob', "two\nlines"];
    for (const [index, badge] of hostile.entries()) {
      const person = {
        username: `u${index}`,
        email: `u${index}@example.com`,
        fullName: badge.trim(),
        attributes: { badge, level: -7 },
      };
      assert.equal((await server.api("POST", "/people", person)).status, 201);
    }
    await affected(
      server.database,
      "insert into person (username, email, role) select 'x' || n, 'x' || n || '@example.com', 'User' from generate_series(1, 1200) n",
    );
    const { text, headers, status } = await csv(server, "/people?sort=id&limit=1");
    assert.deepEqual([status, headers.get("content-type")], [200, "text/csv; charset=utf-8"]);
    assert.match(headers.get("content-disposition") ?? "", /^attachment; filename="people\.csv"$/);
    const lines = text.split("\r\n");
    assert.match(lines[0] ?? "", /^id,username,email,.*,level,badge,integrations,createdAt,updatedAt$/);
    assert.equal(lines.length, 1 + hostile.length + 1200 + 1);
    assert.ok(text.includes(`,-7,"say ""hi"", bob",`));
    for (const cell of text.split(/[,\r\n]+/).map((quoted) => quoted.replace(/^"/, ""))) {
      assert.doesNotMatch(cell, /^[=+@\t]|^-(?!7$)/);
    }
    const filtered = await csv(server, "/people?q=say");
    assert.equal(filtered.text.split("\r\n").length, 3);
    assert.equal((await csv(server, "/people?sort=colour")).status, 400);
  });

  test("derives tracking fields from the integrations and never stores them", async () => {
    await using server = await startTestServer();
    const { database } = server;
    const rules = [
      { source: "email", target: "email" },
      { source: "connector.syncTime", target: "lastSync" },
      { source: "connect.credentials", target: "credential" },
      { source: "connector.syncTime", target: "saas.lastSync" },
    ];
    const integrationId = await anIntegration(database, { rules, lastRunAt: "2031-01-31T02:00:00Z" });
    const present = await aPerson(database);
    const missing = await aPerson(database);
    await aLink(database, { integrationId, personId: present });
    await aLink(database, { integrationId, personId: missing, lastSeenAt: "2031-01-01T02:00:00Z" });
    const { body } = await server.api<ListOf<Person>>("GET", "/people?sort=id");
    assert.deepEqual(
      body.data.map(({ attributes }) => attributes),
      [
        { lastSync: "2031-01-31T02:00:00.000Z", credential: "Legal EU" },
        { lastSync: "2031-01-01T02:00:00.000Z", credential: "Legal EU" },
      ],
    );
    const second = await anIntegration(database, { name: "HR", rules, lastRunAt: "2031-02-01T02:00:00Z" });
    await aLink(database, { integrationId: second, personId: present });
    const later = await server.api<Person>("GET", `/people/${present}`);
    assert.equal(later.body.attributes.lastSync, "2031-02-01T02:00:00.000Z");
  });
});

function totalOf({ total, totalIsMinimum }: ListOf<unknown>) {
  return { total, totalIsMinimum };
}

async function csv(server: TestServer, path: string) {
  return await server.api("GET", path, undefined, { headers: { accept: "text/csv" } });
}
