import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { membershipsOf } from "../population/memberships-of.ts";
import { userAt } from "../population/user-at.ts";
import { startIroncladSandbox } from "../start-ironclad-sandbox.ts";
import { clickwrapClient } from "../testing/clickwrap-client.ts";

describe("the documented calls", () => {
  test("status answers without a token and outside the version", async () => {
    await using sandbox = await startIroncladSandbox();
    assert.equal((await fetch(`${sandbox.url}/status`)).status, 200);
    assert.equal((await fetch(`${sandbox.url}/v1.1/status`)).status, 401);
  });

  test("everything else wants a bearer token, and says so in the envelope", async () => {
    await using sandbox = await startIroncladSandbox();
    for (const headers of [{}, { authorization: "Bearer nonsense" }]) {
      const response = await fetch(`${sandbox.url}/v1.1/sites`, { headers });
      assert.equal(response.status, 401);
      const { error } = (await response.json()) as { error: { status: number; message: string; name: string } };
      assert.equal(error.status, 401);
      assert.equal(error.name, "UnauthorizedError");
    }
  });

  test("sites are listed with their accounts, and each alone in `data`", async () => {
    await using sandbox = await startIroncladSandbox({ accounts: 2, sites: 3, disabledSites: 1, deletedSites: 1 });
    const client = clickwrapClient(sandbox);
    const sites = await client.page("/sites");
    assert.deepEqual(
      sites.data.map(({ id, account, disabled, deleted }) => [id, account, disabled, deleted]),
      [
        [11, 501, false, false],
        [12, 502, false, false],
        [13, 501, false, false],
        [14, 502, true, false],
        [15, 501, false, true],
      ],
    );
    assert.deepEqual(JSON.parse((await client.get("/sites/12")).text), { data: sites.data[1] });
    assert.equal((await client.get("/sites/99")).status, 404);
    assert.equal((await client.get("/sites/15/memberships")).status, 404);
    assert.deepEqual((await client.page("/sites/14/memberships")).data, []);
    assert.equal(JSON.parse((await client.get("/accounts/502")).text).data.id, 502);
    assert.equal((await client.get("/accounts/503")).status, 404);
    assert.equal((await client.page("/sites?expand=account")).data[0].account.id, 501);
  });

  test("members are the users of the account, page by page", async () => {
    await using sandbox = await startIroncladSandbox({ users: 60, population: "odd", seed: 3 });
    const client = clickwrapClient(sandbox);
    const first = await client.page("/accounts/501/members");
    assert.deepEqual(
      { ...first, data: [] },
      { page: 1, per_page: 25, count: 25, total_count: 60, has_more: true, data: [] },
    );
    const pages = [
      first,
      await client.page("/accounts/501/members?page=2"),
      await client.page("/accounts/501/members?page=3"),
    ];
    assert.equal(pages[2]?.has_more, false);
    assert.deepEqual(
      pages.flatMap(({ data }) => data),
      Array.from({ length: 60 }, (_, index) => userAt("odd", 3, index)),
    );
  });

  test("memberships are roles with their users; the members of a site are those users", async () => {
    await using sandbox = await startIroncladSandbox({ users: 60, population: "plain" });
    const client = clickwrapClient(sandbox);
    const indexes = Array.from({ length: 60 }, (_, index) => index);
    for (const site of [11, 12]) {
      const expected = indexes.flatMap((index) =>
        membershipsOf({ accounts: 1, sites: 2 }, index)
          .filter((role) => role.site === site)
          .map(({ role }) => ({ role, user: userAt("plain", 1, index) })),
      );
      const { data } = await client.page(`/sites/${site}/memberships?per_page=100`);
      assert.deepEqual(
        data.map(({ role, user }) => ({ role, user })),
        expected,
      );
      assert.match(data[0].id, /^[0-9a-f]{24}$/);
      assert.equal(new Set(data.map(({ id }) => id)).size, data.length);
      assert.deepEqual([data[0].account, data[0].site, data[0].membership_type], [501, site, "site"]);
      assert.deepEqual(
        (await client.page(`/sites/${site}/members?per_page=100`)).data,
        expected.map(({ user }) => user),
      );
    }
    const expanded = await client.page("/sites/12/memberships?expand=site.account&per_page=1");
    assert.equal(expanded.data[0].site.account.id, 501);
  });

  test("PATCH changes role and permissions, answers without `data`, and the list shows it", async () => {
    await using sandbox = await startIroncladSandbox({ users: 10, population: "plain", permissions: true });
    const client = clickwrapClient(sandbox);
    const change = JSON.stringify({ role: "admin", permissions: { publish: false } });
    const answer = await client.patch("/sites/11/memberships/1009", change);
    assert.equal(answer.status, 200);
    const body = JSON.parse(answer.text);
    assert.deepEqual([body.role, body.default, body.permissions.publish], ["admin", false, false]);
    const { data } = await client.page("/sites/11/memberships");
    const row = data.find(({ user }) => user.id === 1009);
    assert.deepEqual([row.role, row.permissions.publish, row.permissions.send], ["admin", false, true]);
    assert.equal((await client.patch("/sites/11/memberships/1010", change)).status, 404);
    assert.equal((await client.patch("/sites/99/memberships/1009", change)).status, 404);
    for (const bad of ['{"role":"king"}', '{"permissions":{"fly":true}}', '{"default":1}', "[]", "no"]) {
      assert.equal((await client.patch("/sites/11/memberships/1009", bad)).status, 400, bad);
    }
  });

  test("filters, sorts, projects, leaves out the count and slims rows", async () => {
    await using sandbox = await startIroncladSandbox({ users: 100, population: "plain" });
    const client = clickwrapClient(sandbox);
    const members = "/accounts/501/members?per_page=100";
    const late = await client.page(`${members}&filter=${encodeURIComponent("verified==false and id>=1050")}`);
    assert.deepEqual(
      late.data.map(({ id }) => id),
      [1058, 1078, 1098],
    );
    assert.equal(late.total_count, 3);
    const sorted = await client.page(`${members}&sort=-email&fields=email`);
    const emails = sorted.data.map(({ email }) => email as string);
    assert.deepEqual(emails, emails.toSorted().reverse());
    assert.deepEqual(Object.keys(sorted.data[0]), ["email"]);
    assert.ok(!("profiles" in (await client.page(`${members}&lean=true`)).data[0]));
    assert.ok(!("total_count" in (await client.page(`${members}&no_count=true`))));
    assert.equal((await client.get(`${members}&filter=email`)).status, 400);
    assert.equal((await client.get(`${members}&expand=a.b.c`)).status, 400);
    const admins = await client.page("/sites/11/memberships?filter=role==admin");
    assert.ok(admins.count > 0 && admins.data.every(({ role }) => role === "admin"));
    const untouched = await client.page("/sites/11/memberships?per_page=3&no_count=true&fields=id&sort=nonsense:");
    assert.deepEqual([typeof untouched.total_count, untouched.data[0].role], ["number", "owner"]);
  });

  test("unknown paths and methods are 404 in the envelope", async () => {
    await using sandbox = await startIroncladSandbox();
    const client = clickwrapClient(sandbox);
    for (const path of ["/users", "/me", "/sites/x", "/sites/11/memberships/1001", "/accounts", "/sites/11/groups"]) {
      assert.equal((await client.get(path)).status, 404, path);
    }
    assert.equal((await client.get("/sites", { method: "DELETE" })).status, 404);
  });
});
