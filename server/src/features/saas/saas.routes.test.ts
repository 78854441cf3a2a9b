import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CatalogEntry } from "@rollcall/core/contract/catalog.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Change } from "@rollcall/core/contract/runs.ts";
import type { removalCandidateSchema, SaasUser, Software, saasStatisticsSchema } from "@rollcall/core/contract/saas.ts";
import { rows } from "@rollcall/server/postgres/query.ts";
import { aLink, anIntegration, aPerson, aSaasUser, aSoftware } from "@rollcall/server/test/inventory-factories.ts";
import { startTestServer } from "@rollcall/server/test/start-test-server.ts";
import type { z } from "zod";

const now = new Date("2031-06-30T12:00:00Z");

describe("a SaaS record", () => {
  test("is created, changed, linked to the software catalog and unlinked", async () => {
    await using server = await startTestServer();
    const { body: catalog } = await server.api<ListOf<CatalogEntry>>("GET", "/catalog?q=clickwrap");
    const entry = catalog.data[0];
    assert.ok(entry && entry.software.length === 0);
    const created = await server.api<Software>("POST", "/saas", {
      name: "Clickwrap EU",
      seats: 10,
      seatCost: 12.5,
      currency: "EUR",
    });
    assert.equal(created.status, 201);
    assert.deepEqual([created.body.seatCost, created.body.activeUsers, created.body.catalogEntryId], [12.5, 0, null]);

    const path = `/saas/${created.body.id}`;
    const linked = await server.api<Software>("PATCH", path, { catalogEntryId: entry.id, seats: null });
    assert.deepEqual(
      [linked.body.catalogEntryId, linked.body.seats, linked.body.name],
      [entry.id, null, "Clickwrap EU"],
    );
    const shown = await server.api<CatalogEntry>("GET", `/catalog/${entry.id}`);
    assert.deepEqual(shown.body.software, [{ id: created.body.id, name: "Clickwrap EU" }]);
    const unlinked = await server.api<Software>("PATCH", path, { catalogEntryId: null });
    assert.equal(unlinked.body.catalogEntryId, null);

    const second = await server.api<Software>("POST", "/saas", { name: "From catalog", catalogEntryId: entry.id });
    assert.deepEqual([second.body.publisher, second.body.category], [entry.publisher, entry.category]);
    assert.deepEqual(
      (await server.api<ListOf<Software>>("GET", "/saas")).body.data.map(({ name }) => name),
      ["Clickwrap EU", "From catalog"],
    );
  });

  test("is refused when its name is taken or something is unknown", async () => {
    await using server = await startTestServer();
    const id = await aSoftware(server.database, "Clickwrap");
    const other = await aSoftware(server.database, "Other");
    const nobody = "00000000-0000-4000-8000-000000000000";
    for (const answer of [
      await server.refused("POST", "/saas", { name: " clickwrap " }),
      await server.refused("PATCH", `/saas/${other}`, { name: "CLICKWRAP" }),
    ]) {
      assert.deepEqual([answer.status, answer.body.code], [409, "software.name_taken"]);
    }
    for (const [body, pointer] of [
      [{ name: "x", catalogEntryId: nobody }, "/catalogEntryId"],
      [{ name: "x", seats: -1 }, "/seats"],
      [{ name: "x", seats: 1.5 }, "/seats"],
      [{ name: "x", seatCost: 1e12 }, "/seatCost"],
      [{ name: "x", currency: "EURO" }, "/currency"],
      [{}, "/name"],
    ] as const) {
      const answer = await server.refused("POST", "/saas", body);
      assert.deepEqual([answer.status, answer.body.errors[0]?.pointer], [400, pointer]);
    }
    for (const path of [
      `/saas/${nobody}`,
      "/saas/7",
      `/saas/${nobody}/users`,
      "/saas/7/statistics",
      "/saas/7/removal-list",
    ]) {
      assert.equal((await server.refused("GET", path)).body.code, "software.not_found", path);
    }
    assert.equal((await server.refused("PATCH", `/saas/${nobody}`, {})).status, 404);
    assert.equal(
      (await server.refused("PATCH", `/saas/${id}/users/7`, { status: "active" })).body.code,
      "saas_user.not_found",
    );
    assert.equal((await server.api("GET", `/catalog/${nobody}`)).status, 404);
  });
});

describe("the users of an application", () => {
  test("are listed with source, role and activity, sorted and filtered", async () => {
    await using server = await startTestServer();
    const { database } = server;
    const software = await aSoftware(database);
    const personId = await aPerson(database);
    const a = await aSaasUser(database, software, {
      personId,
      name: "Ada",
      email: "z@example.com",
      role: "Admin",
      lastActivity: "2031-01-01T00:00:00Z",
    });
    const b = await aSaasUser(database, software, {
      name: "Bob",
      email: "y@example.com",
      role: "User",
      status: "deactivated",
    });
    const c = await aSaasUser(database, software, { name: null, email: null, lastActivity: "2031-05-01T00:00:00Z" });
    await aSaasUser(database, await aSoftware(database, "Other"), { name: "Ada" });
    const rules = [{ source: "connector.syncTime", target: "saas.seen" }];
    const integrationId = await anIntegration(database, { rules, lastRunAt: "2031-01-31T02:00:00Z" });
    await aLink(database, { integrationId, personId, saasUserId: a });

    const cases: Readonly<Record<string, readonly string[]>> = {
      "": [c, a, b],
      "?sort=-name": [b, a, c],
      "?sort=email": [c, b, a],
      "?sort=role": [c, a, b],
      "?sort=-lastActivity": [c, a, b],
      "?sort=status": [a, c, b],
      "?status=active": [c, a],
      "?status=deactivated": [b],
      "?role=Admin": [a],
      "?q=ADA": [a],
      "?q=example.com&sort=email": [b, a],
    };
    for (const [query, ids] of Object.entries(cases)) {
      const { body } = await server.api<ListOf<SaasUser>>("GET", `/saas/${software}/users${query}`);
      assert.deepEqual([body.data.map(({ id }) => id), body.total], [ids, ids.length], query);
    }
    const { body } = await server.api<ListOf<SaasUser>>("GET", `/saas/${software}/users?sort=-lastActivity&limit=2`);
    const rest = await server.api<ListOf<SaasUser>>(
      "GET",
      `/saas/${software}/users?sort=-lastActivity&limit=2&cursor=${body.nextCursor}`,
    );
    assert.deepEqual(
      rest.body.data.map(({ id }) => id),
      [b],
    );
    const [ada] = (await server.api<ListOf<SaasUser>>("GET", `/saas/${software}/users?q=ada`)).body.data;
    assert.deepEqual(
      [ada?.integrationName, ada?.lastActivity, ada?.attributes],
      ["Clickwrap", { known: true, at: "2031-01-01T00:00:00.000Z" }, { seen: "2031-01-31T02:00:00.000Z" }],
    );
    assert.deepEqual(rest.body.data[0]?.lastActivity, { known: false, at: null });
  });

  test("are deactivated by hand, which history of their person tells", async () => {
    await using server = await startTestServer();
    const { database } = server;
    const software = await aSoftware(database);
    const personId = await aPerson(database);
    const user = await aSaasUser(database, software, { personId });
    const integrationId = await anIntegration(database);
    await aLink(database, { integrationId, personId, saasUserId: user });
    const path = `/saas/${software}/users/${user}`;
    const { body } = await server.api<SaasUser>("PATCH", path, { status: "deactivated" });
    assert.deepEqual([body.status, body.deactivatedReason], ["deactivated", "by hand"]);
    await server.api("PATCH", path, { status: "deactivated" });
    const history = await server.api<ListOf<Change>>("GET", `/people/${personId}/history`);
    assert.deepEqual(
      history.body.data.map(({ kind, saasUserId, fields }) => [kind, saasUserId, fields]),
      [["edit", user, [{ field: "saas.status", before: "active", after: "deactivated" }]]],
    );
    assert.deepEqual(
      await rows(database, "select u.status_by, l.content_hash from saas_user u join link l on l.saas_user_id = u.id"),
      [{ status_by: "person", content_hash: null }],
    );
    const back = await server.api<SaasUser>("PATCH", path, { status: "active" });
    assert.deepEqual([back.body.status, back.body.deactivatedReason], ["active", null]);
    assert.equal(
      (await server.api("PATCH", `/saas/${await aSoftware(database, "Other")}/users/${user}`, { status: "active" }))
        .status,
      404,
    );
  });

  test("are counted by activity, and unknown is never idle", async () => {
    await using server = await startTestServer({ parts: { now: () => now } });
    const software = await aSoftware(server.database, "Clickwrap", 10);
    const within30Days = ["2031-06-30T12:00:00Z", "2031-06-01T00:00:00Z"];
    const idle30 = ["2031-05-31T23:59:59Z", "2031-05-02T00:00:00Z"];
    const idle60 = ["2031-05-01T23:59:59Z", "2031-04-02T00:00:00Z"];
    const idle90 = ["2031-04-01T23:59:59Z", "2030-01-01T00:00:00Z"];
    for (const lastActivity of [...within30Days, ...idle30, ...idle60, ...idle90]) {
      await aSaasUser(server.database, software, { lastActivity });
    }
    await aSaasUser(server.database, software);
    await aSaasUser(server.database, software, { status: "deactivated", lastActivity: "2030-01-01T00:00:00Z" });
    const { body } = await server.api<z.infer<typeof saasStatisticsSchema>>("GET", `/saas/${software}/statistics`);
    assert.deepEqual(body, {
      active: 9,
      deactivated: 1,
      activity: { within30Days: 2, idle30: 2, idle60: 2, idle90: 2, unknown: 1 },
      seats: { bought: 10, used: 9, free: 1 },
      monthlyCost: { used: 112.5, unused: 12.5, currency: "EUR" },
    });
    const { body: record } = await server.api<Software>("GET", `/saas/${software}`);
    assert.deepEqual([record.activeUsers, record.deactivatedUsers], [9, 1]);
    for (const [idleDays, idle] of [
      [30, 6],
      [60, 4],
      [90, 2],
    ]) {
      const path = `/saas/${software}/removal-list?idleDays=${idleDays}`;
      assert.equal((await server.api<ListOf<unknown>>("GET", path)).body.total, idle, path);
    }
  });

  test("are counted as they are, whatever was done to them and by how many at once", async () => {
    await using server = await startTestServer();
    const { database } = server;
    const software = [await aSoftware(database), await aSoftware(database, "Other")];
    for (const id of software) for (let n = 0; n < 20; n += 1) await aSaasUser(database, id);
    const some = "id % 20 between $1 and $1 + 4";
    const changes = [
      `update saas_user set last_activity = now() - id % 9 * interval '1 day', activity_known = true where ${some}`,
      `update saas_user set status = case status when 'active' then 'deactivated' else 'active' end where ${some}`,
      `update saas_user set archived_at = case when archived_at is null then now() end where ${some}`,
      `update saas_user set software_id = (select id from software where id <> software_id) where ${some}`,
      `delete from saas_user where ${some} and status = 'deactivated'`,
    ];
    for (const change of changes) {
      await Promise.all([0, 5, 10, 15].map((start) => database.query(change, [start])));
      const counted = await rows(
        database,
        `select software_id, active_on, sum(rows)::int as rows from seat_activity group by 1, 2 having sum(rows) <> 0 order by 1, 2`,
      );
      const real = await rows(
        database,
        `select software_id, (case when activity_known then last_activity end at time zone 'UTC')::date as active_on, count(*)::int as rows
         from saas_user where status = 'active' and archived_at is null group by 1, 2 order by 1, 2`,
      );
      assert.deepEqual(counted, real, change);
    }
  });

  test("are on the removal list when idle where that is known, or when the person left", async () => {
    await using server = await startTestServer({ parts: { now: () => now } });
    const { database } = server;
    const software = await aSoftware(database);
    const left = await aPerson(database, { status: "inactive" });
    const leaver = await aSaasUser(database, software, { personId: left, name: "=Leaver" });
    const idle = await aSaasUser(database, software, { name: "Idle", lastActivity: "2031-01-01T00:00:00Z" });
    const recent = await aSaasUser(database, software, { name: "Recent", lastActivity: "2031-05-01T00:00:00Z" });
    await aSaasUser(database, software, { name: "Unknown" });
    await aSaasUser(database, software, { name: "Done", status: "deactivated", lastActivity: "2020-01-01T00:00:00Z" });
    const list = async (query: string) =>
      (
        await server.api<ListOf<z.infer<typeof removalCandidateSchema>>>(
          "GET",
          `/saas/${software}/removal-list${query}`,
        )
      ).body;
    const { data, total } = await list("");
    assert.deepEqual(
      data.map(({ saasUserId, reason, monthlyCost }) => [saasUserId, reason, monthlyCost]),
      [
        [leaver, "left-the-company", 12.5],
        [idle, "idle", 12.5],
      ],
    );
    assert.equal(total, 2);
    assert.deepEqual(
      (await list("?idleDays=30")).data.map(({ saasUserId }) => saasUserId),
      [leaver, idle, recent],
    );

    const asCsv = { headers: { accept: "text/csv" } };
    const removal = await server.api("GET", `/saas/${software}/removal-list`, undefined, asCsv);
    assert.match(removal.text, /^saasUserId,.*\r\n\d+,\d+,'=Leaver,,,left-the-company,,12\.5\r\n/);
    const users = await server.api("GET", `/saas/${software}/users?limit=1`, undefined, asCsv);
    assert.equal(users.text.trimEnd().split("\r\n").length, 6);
  });

  test("are on the removal list once each and in order, also where there are too many to count", async () => {
    await using server = await startTestServer();
    const { database } = server;
    const software = await aSoftware(database);
    // Half are idle, from the eldest on; few of the others have left, and some of the idle ones.
    await database.query(
      `with people as (
         insert into person (username, email, role, status)
         select 'u' || n, 'u' || n || '@example.com', 'User', case when n % 500 = 0 then 'inactive' else 'active' end
         from generate_series(1, 24000) n returning id)
       insert into saas_user (software_id, person_id, external_id, name, last_activity, activity_known)
       select $1, id, id, 'Name ' || id * 7919 % 24001, now() - interval '100 days', true from people`,
      [software],
    );
    await database.query(
      "update saas_user set last_activity = now() - id * interval '1 second' where id > (select min(id) from saas_user) + 11999",
    );
    await database.query("analyze");
    const wanted = `from saas_user u join person p on p.id = u.person_id
      where p.status = 'inactive' or u.last_activity < now() - interval '90 days'`;
    for (const [sort, order] of [
      ["lastActivity", "last_activity, u.id"],
      ["-lastActivity", "last_activity desc, u.id desc"],
      ["-name", "name desc, u.id desc"],
      ["-lastActivity&q=name", "last_activity desc, u.id desc"],
    ] as const) {
      const expected = await rows<{ id: string }>(database, `select u.id ${wanted} order by u.${order}`);
      const found: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const after = cursor === undefined ? "" : `&cursor=${cursor}`;
        const path = `/saas/${software}/removal-list?limit=500&sort=${sort}${after}`;
        const { body } = await server.api<ListOf<z.infer<typeof removalCandidateSchema>>>("GET", path);
        assert.ok(body.totalIsMinimum && body.total <= expected.length);
        found.push(...body.data.map(({ saasUserId }) => saasUserId));
        cursor = body.nextCursor;
      }
      assert.ok(found.length > 12_000);
      assert.deepEqual(
        found,
        expected.map(({ id }) => id),
        sort,
      );
    }
  });
});
