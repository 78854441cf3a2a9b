import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type IroncladSandboxOptions, startIroncladSandbox } from "../start-ironclad-sandbox.ts";
import { clickwrapClient } from "../testing/clickwrap-client.ts";

async function start(options: IroncladSandboxOptions = {}) {
  const sandbox = await startIroncladSandbox({ users: 20, population: "plain", ...options });
  const client = clickwrapClient(sandbox);
  const members = async () => (await client.page("/accounts/501/members?per_page=100")).data;
  return { sandbox, client, members, [Symbol.asyncDispose]: sandbox.close };
}

describe("the control API", () => {
  test("tells state, counters and the requests received", async () => {
    await using run = await start();
    await run.client.get("/sites/11/memberships?page=1");
    const { json: state } = await run.client.control("GET", "");
    assert.deepEqual(state.population, { kind: "plain", seed: 1, users: 20 });
    assert.deepEqual([state.accounts, state.sites, state.modes.pastEnd], [[501], [11, 12], "empty"]);
    assert.deepEqual(state.counters.byCall, { token: 1, memberships: 1 });
    assert.deepEqual(state.counters.byStatus, { "200": 2 });
    const { json: log } = await run.client.control("GET", "/requests");
    assert.deepEqual(
      log.map((entry: Record<string, unknown>) => [entry.call, entry.site, entry.query, entry.status, entry.token]),
      [
        ["token", undefined, {}, 200, undefined],
        ["memberships", 11, { page: "1" }, 200, 1],
      ],
    );
    assert.ok(!JSON.stringify(log).includes(run.sandbox.clientSecret));
    await run.client.control("POST", "/counters/reset");
    assert.equal((await run.client.control("GET", "/counters")).json.requests, 0);
  });

  test("adds, changes, removes and restores users", async () => {
    await using run = await start();
    const added = await run.client.control("POST", "/users", {
      user: { email: "new@example.com", name: null },
      memberships: [{ site: 12, role: "owner" }],
    });
    const [id] = added.json.ids;
    assert.deepEqual((await run.members()).at(-1), { id, email: "new@example.com", name: null });
    const inSite = (await run.client.page("/sites/12/memberships")).data.at(-1);
    assert.deepEqual([inSite.role, inSite.user.id], ["owner", id]);
    assert.deepEqual((await run.client.control("POST", "/users", { count: 2 })).json.ids, [1022, 1023]);

    const changed = await run.client.control("PATCH", "/users/1003", {
      set: { email: "renamed@example.com", custom: { a: [1] } },
      unset: ["locale"],
    });
    assert.deepEqual([changed.json.email, "locale" in changed.json], ["renamed@example.com", false]);
    assert.deepEqual((await run.members())[2], changed.json);

    assert.deepEqual((await run.client.control("DELETE", "/users/1001")).json.ids, [1001]);
    assert.deepEqual((await run.client.control("POST", "/users/remove", { ids: [1002, id] })).json.ids, [1002, id]);
    assert.equal((await run.members()).length, 20);
    assert.equal((await run.client.control("POST", "/users/remove", { count: 10 })).json.ids.length, 10);
    assert.equal((await run.members()).length, 10);
    assert.deepEqual((await run.client.control("POST", "/users/restore", { ids: [1002] })).json.ids, [1002]);
    assert.equal((await run.client.control("POST", "/users/restore")).json.ids.length, 12);
    assert.equal((await run.members()).length, 23);
    const { json: truth } = await run.client.control("GET", "/users?offset=1&limit=2");
    assert.deepEqual(
      truth.map((user: { id: number }) => user.id),
      [1002, 1003],
    );
  });

  test("removes from the start, the end, or spread", async () => {
    const left = async (from: "start" | "end" | "spread") => {
      await using run = await start({ users: 6 });
      run.sandbox.removeUsers({ count: 3, from });
      return (await run.members()).map(({ id }) => id - 1000);
    };
    assert.deepEqual(await left("start"), [4, 5, 6]);
    assert.deepEqual(await left("end"), [1, 2, 3]);
    assert.deepEqual(await left("spread"), [2, 4, 6]);
  });

  test("changes memberships", async () => {
    await using run = await start();
    const roles = async () =>
      Object.fromEntries(
        (await run.client.page("/sites/12/memberships")).data.map(({ user, role }) => [user.id, role]),
      );
    assert.equal((await roles())[1001], undefined);
    await run.client.control("PUT", "/memberships/12/1001", { role: "admin" });
    assert.equal((await roles())[1001], "admin");
    await run.client.control("DELETE", "/memberships/12/1001");
    await run.client.control("DELETE", "/memberships/12/1002");
    assert.deepEqual([(await roles())[1001], (await roles())[1002]], [undefined, undefined]);
  });

  test("sets modes and faults, population and credential, and ends tokens", async () => {
    await using run = await start();
    const { control, get, mint } = run.client;
    assert.equal((await control("POST", "/modes", { membersRole: "forbidden", sites: 4 })).status, 200);
    assert.equal((await get("/accounts/501/members")).status, 403);
    assert.equal((await run.client.page("/sites")).count, 4);
    await control("POST", "/modes", { membersRole: "allowed" });
    await control("POST", "/faults", [{ call: "members", count: "always", fault: { kind: "status", status: 500 } }]);
    await control("POST", "/faults", { call: "sites", fault: { kind: "html-200" } });
    assert.equal((await get("/accounts/501/members")).status, 500);
    await control("DELETE", "/faults");
    assert.equal((await get("/accounts/501/members")).status, 200);

    await control("POST", "/population", { users: 3, population: "odd", seed: 2 });
    assert.equal((await run.members()).length, 3);
    await control("POST", "/population", { users: [{ user: { id: "not a number" } }] });
    assert.deepEqual(await run.members(), [{ id: "not a number" }]);

    await control("POST", "/tokens/revoke");
    assert.equal((await get("/sites")).status, 401);
    await control("POST", "/credentials", { clientId: "a", clientSecret: "b" });
    assert.deepEqual([run.sandbox.clientId, run.sandbox.clientSecret], ["a", "b"]);
    assert.equal((await mint()).status, 200);
  });

  test("keeps what was changed when the number of sites changes", async () => {
    await using run = await start();
    run.sandbox.removeUsers({ ids: [1001] });
    run.sandbox.setModes({ sites: 3 });
    assert.equal((await run.members()).length, 19);
    assert.equal((await run.client.page("/sites/13/memberships")).data[0].role, "owner");
  });

  test("refuses what it cannot use with 400 and the reason, and changes nothing", async () => {
    await using run = await start();
    const bad = async (method: string, path: string, body: unknown) => {
      const { status, json } = await run.client.control(method, path, body);
      assert.equal(status, 400, `${method} ${path}`);
      return json.error as string;
    };
    assert.match(await bad("POST", "/modes", { nope: 1 }), /no mode `nope`/);
    assert.match(await bad("POST", "/faults", { call: "x", fault: { kind: "y" } }), /no fault "y"/);
    assert.match(await bad("POST", "/users", { name: "without user" }), /`user`/);
    assert.match(await bad("PATCH", "/users/1001", {}), /`set` or `unset`/);
    assert.match(await bad("PATCH", "/users/9", { set: {} }), /no user 9/);
    assert.match(await bad("POST", "/users/remove", { ids: [9] }), /no user 9/);
    assert.match(await bad("POST", "/users/restore", { ids: [1001] }), /no removed user 1001/);
    assert.match(await bad("POST", "/population", { population: "strange" }), /odd or plain/);
    assert.match(await bad("POST", "/credentials", { clientId: 1 }), /texts/);
    assert.equal((await run.client.control("GET", "/nothing")).status, 404);
    assert.equal((await run.members()).length, 20);
  });
});
