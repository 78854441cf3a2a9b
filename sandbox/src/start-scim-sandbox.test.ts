import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scimUser } from "./scim/scim-user.ts";
import { type ScimSandbox, type ScimSandboxOptions, startScimSandbox } from "./start-scim-sandbox.ts";

const users = Array.from({ length: 7 }, (_, n) =>
  scimUser({ id: `u${n}`, userName: `user${n}@example.com`, name: `User ${n}`, active: n !== 3, roles: ["admin"] }),
);

type List = { totalResults: number; itemsPerPage: number; startIndex: number; Resources?: { id: string | null }[] };

async function start(options: Partial<ScimSandboxOptions> = {}) {
  const sandbox = await startScimSandbox({ users, maxPageSize: 3, ...options });
  return sandbox;
}

async function get(sandbox: ScimSandbox, path: string, token = sandbox.token) {
  const response = await fetch(sandbox.url + path, {
    headers: { authorization: `Bearer ${token}` },
    redirect: "manual",
  });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

async function list(sandbox: ScimSandbox, query: string): Promise<List> {
  return JSON.parse((await get(sandbox, `/Users?${query}`)).text) as List;
}

describe("startScimSandbox", () => {
  test("answers pages by start index in the form of a list response", async () => {
    await using sandbox = await start();
    const first = await get(sandbox, "/Users?startIndex=1&count=100");
    assert.match(first.type ?? "", /^application\/scim\+json/);
    const page = JSON.parse(first.text) as List;
    assert.deepEqual([page.totalResults, page.itemsPerPage, page.startIndex], [7, 3, 1]);
    assert.deepEqual(page.Resources?.[0], users[0]);
    const last = await list(sandbox, "startIndex=7&count=3");
    assert.deepEqual(
      last.Resources?.map(({ id }) => id),
      ["u6"],
    );
    assert.deepEqual((await list(sandbox, "startIndex=-5&count=0")).Resources, []);
    assert.deepEqual(JSON.parse((await get(sandbox, "/Users/u3")).text), users[3]);
    assert.equal((await get(sandbox, "/ServiceProviderConfig")).status, 200);
  });

  test("refuses a wrong token and an unknown resource in the SCIM error form", async () => {
    await using sandbox = await start();
    const refused = await get(sandbox, "/Users", "wrong");
    assert.equal(refused.status, 401);
    assert.equal(JSON.parse(refused.text).status, "401");
    assert.equal((await get(sandbox, "/Users/none")).status, 404);
    assert.equal((await get(sandbox, "/Groups")).status, 404);
  });

  test("leaves Resources out of an empty list when asked", async () => {
    await using sandbox = await start({ users: [], emptyResources: "absent" });
    assert.deepEqual(Object.keys(await list(sandbox, "")), ["schemas", "totalResults", "itemsPerPage", "startIndex"]);
  });

  test("keeps a schedule of faults", async () => {
    await using sandbox = await start({
      faults: [
        { call: "users", page: 2, fault: { kind: "short-page", drop: 1 } },
        { call: "users", page: 2, fault: { kind: "cap-page", perPage: 2 } },
        { call: "users", page: 2, fault: { kind: "total", delta: 5 } },
        { call: "users", page: 2, fault: { kind: "missing-data" } },
        { call: "users", page: 2, fault: { kind: "keyless-rows", rows: 1, how: "null" } },
        { call: "users", page: 2, fault: { kind: "status", status: 429, retryAfter: 2 } },
        { call: "users", page: 2, fault: { kind: "remove-users", ids: ["u6"] } },
      ],
    });
    const second = "startIndex=4&count=3";
    assert.equal((await list(sandbox, second)).Resources?.length, 2);
    assert.deepEqual(
      (await list(sandbox, second)).Resources?.map(({ id }) => id),
      ["u3", "u4"],
    );
    assert.equal((await list(sandbox, second)).totalResults, 12);
    assert.equal((await list(sandbox, second)).Resources, undefined);
    assert.equal((await list(sandbox, second)).Resources?.[0]?.id, null);
    assert.equal((await get(sandbox, `/Users?${second}`)).status, 429);
    assert.equal((await list(sandbox, second)).totalResults, 6);
    assert.equal(sandbox.counters().faults, 7);
    assert.equal(sandbox.users().length, 6);
    sandbox.setUsers([]);
    assert.equal((await list(sandbox, second)).totalResults, 0);
  });
});
