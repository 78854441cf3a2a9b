import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseFilter } from "./oomnitza/filter-expression.ts";
import { readSeconds } from "./oomnitza/person-fields.ts";
import { parseOomnitzaArguments } from "./parse-oomnitza-arguments.ts";
import { type OomnitzaSandbox, startOomnitzaSandbox } from "./start-oomnitza-sandbox.ts";

type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

async function ask(sandbox: OomnitzaSandbox, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(sandbox.url + path, {
    method,
    headers: { authorization2: sandbox.token, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
}

function person(name: string) {
  return { username: `${name}@x.io`, email: `${name}@x.io`, first_name: name, role: 25 };
}

const people = Array.from({ length: 7 }, (_, at) => person(`p${at}`));

describe("people", () => {
  test("are a bare array with the number of all in a header, by limit and skip", async () => {
    await using sandbox = await startOomnitzaSandbox({ people, modes: { maxPageSize: 3 } });
    const { body, headers } = await ask(sandbox, "GET", "/api/v3/users?limit=500&skip=6&fields=username,uid");
    assert.deepEqual(body, [{ username: "p6@x.io", uid: 7 }]);
    assert.equal(headers.get("x-total-count"), "7");
    const sorted = await ask(sandbox, "GET", "/api/v3/users?sortby=uid%20desc&fields=uid");
    assert.deepEqual(sorted.body, [{ uid: 7 }, { uid: 6 }, { uid: 5 }]);
  });

  test("are filtered by an encoded filter; another is a 400", async () => {
    await using sandbox = await startOomnitzaSandbox({ people });
    const filter = encodeURIComponent('username IN ["p1@x.io","P2@X.IO"] and (uid gt 2 or role IS NULL)');
    const { body } = await ask(sandbox, "GET", `/api/v3/users?filter=${filter}&fields=username`);
    assert.deepEqual(body, [{ username: "p2@x.io" }]);
    assert.equal((await ask(sandbox, "GET", '/api/v3/users?filter=username eq "a"')).status, 200, "fetch encodes");
    assert.equal((await ask(sandbox, "GET", "/api/v3/users?filter=first_name%20eq%20%22A&B%22")).status, 400);
    const raw = await rawStatus(sandbox, "/api/v3/users?filter=username%20eq%20{a}");
    assert.equal(raw, 400);
  });

  test("are created, changed and deleted, with every wrong field named", async () => {
    await using sandbox = await startOomnitzaSandbox({ people });
    const refused = await ask(sandbox, "POST", "/api/v3/users", {
      ...person("n"),
      department: "Space",
      shoe: 1,
      uid: 4,
    });
    assert.equal(refused.status, 400);
    assert.match(
      JSON.stringify(refused.body),
      /department: wrong value.*shoe: there is no.*uid: the field is not editable/,
    );
    assert.equal((await ask(sandbox, "POST", "/api/v3/users", person("P1"))).status, 400, "a username is unique");
    const made = (
      await ask(sandbox, "POST", "/api/v3/users", { ...person("n"), hire_date: "2026-01-01T10:00:00+02:00" })
    ).body as { user_id: string; hire_date: number };
    assert.equal(new Date(made.hire_date * 1000).toISOString(), "2026-01-01T10:00:00.000Z", "the offset is ignored");
    const changed = await ask(sandbox, "PATCH", `/api/v3/users/${made.user_id}`, { first_name: "Nia" });
    assert.deepEqual([changed.status, (changed.body as { version: number }).version], [200, 2]);
    assert.equal((await ask(sandbox, "DELETE", "/api/v3/users/n@x.io")).status, 204);
    assert.equal((await ask(sandbox, "GET", `/api/v3/users/${made.user_id}`)).status, 404);
    assert.deepEqual(
      sandbox.received().map(({ call, status }) => [call, status]),
      [
        ["create-user", 400],
        ["create-user", 400],
        ["create-user", 200],
        ["change-user", 200],
        ["delete-user", 204],
      ],
    );
  });

  test("are there for the token or a name and password alone", async () => {
    await using sandbox = await startOomnitzaSandbox();
    const basic = `Basic ${Buffer.from("sandbox:sandbox-password").toString("base64")}`;
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${sandbox.url}/api/v3/users`, { headers })).status;
    assert.equal(await status({ authorization: basic }), 200);
    assert.equal(await status({ authorization2: "wrong" }), 401);
    assert.equal(await status({ authorization: `Bearer ${sandbox.token}` }), 401);
    const form = new URLSearchParams({ login: "sandbox", password: "sandbox-password" });
    const token = await fetch(`${sandbox.url}/api/request_token`, { method: "POST", body: form });
    assert.deepEqual(await token.json(), { token: sandbox.token });
  });
});

describe("a SaaS application", () => {
  test("gets users, their ids, roles and states in bulk, each element with its own error", async () => {
    await using sandbox = await startOomnitzaSandbox({ people, modes: { saasUserIds: "own" } });
    const { body: made, status } = await ask(sandbox, "POST", "/api/v3/saas", { saas_name: "Clickwrap" });
    assert.deepEqual([status, made], [201, { saas_id: "1" }]);
    const ids = sandbox.people().map(({ user_id }) => String(user_id));
    const assign = [...ids.slice(0, 2), "nobody"].map((user_id) => ({ user_id, assign: true }));
    const assigned = (await ask(sandbox, "POST", "/api/v3/saas/1/users", assign)).body as { error: string | null }[];
    assert.deepEqual(
      assigned.map(({ error }) => error === null),
      [true, true, false],
    );
    await ask(sandbox, "POST", `/api/v3/saas/1/users/${ids[0]}`, { user_external_id: "1001" });
    const roles = [{ role_external_id: "admin", role_external_label: "Admin" }];
    assert.deepEqual(
      (await ask(sandbox, "PATCH", "/api/v3/saas/1/roles/users", { users: ids.slice(0, 3), roles })).body,
      {
        errors: [`${ids[2]}: the user is not assigned`],
      },
    );
    const users = (await ask(sandbox, "GET", "/api/v3/saas/1/users")).body as Record<string, unknown>[];
    assert.deepEqual(
      users.map(({ user_external_id, roles }) => [user_external_id, JSON.stringify(roles).includes('"Admin"')]),
      [
        ["1001", true],
        [null, true],
      ],
    );
    const answer = await ask(sandbox, "PATCH", "/api/v3/saas_users/deactivate", {
      saas_user_ids: [users[0]?.saas_user_id, ids[1]],
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(
      (answer.body as { error: unknown }[]).map(({ error }) => error === null),
      [true, false],
    );
    assert.equal(((await ask(sandbox, "GET", "/api/v3/saas/1/users")).body as unknown[]).length, 1);
  });

  test("can be half done and then answered with an error", async () => {
    await using sandbox = await startOomnitzaSandbox({ people, applications: [{ saas_name: "Clickwrap" }] });
    sandbox.addFaults([{ call: "assign-users", fault: { kind: "half-applied" } }]);
    const assign = sandbox.people().map(({ user_id }) => ({ user_id, assign: true }));
    assert.equal((await ask(sandbox, "POST", "/api/v3/saas/1/users", assign)).status, 500);
    assert.equal(sandbox.applications()[0]?.users.size, 4);
  });
});

test("faults meet the n-th request of a call, also after the work was done", async () => {
  await using sandbox = await startOomnitzaSandbox();
  sandbox.addFaults([
    { call: "create-user", fault: { kind: "status", status: 429, retryAfter: 2 } },
    { call: "create-user", fault: { kind: "half-applied", status: 502 } },
    { call: "users", page: 2, fault: { kind: "short-page", drop: 1 } },
  ]);
  const refused = await ask(sandbox, "POST", "/api/v3/users", person("a"));
  assert.deepEqual([refused.status, refused.headers.get("retry-after"), sandbox.people().length], [429, "2", 0]);
  assert.equal((await ask(sandbox, "POST", "/api/v3/users", person("a"))).status, 502);
  assert.equal((await ask(sandbox, "POST", "/api/v3/users", person("b"))).status, 200);
  assert.equal(((await ask(sandbox, "GET", "/api/v3/users?limit=1&skip=1")).body as unknown[]).length, 0);
  assert.deepEqual(sandbox.counters().byCall, { "create-user": 3, users: 1 });
});

test("the bulk protocol takes portions, looks at them later, and tells in the run log alone", async () => {
  let now = 1_000_000;
  await using sandbox = await startOomnitzaSandbox({
    people,
    applications: [{ saas_name: "Clickwrap" }],
    modes: { bulkMilliseconds: 500 },
    now: () => now,
  });
  const portion = {
    connector_id: 9,
    portion: "run-1",
    data_type: "users",
    sync_field: ["USER"],
    insert_only: false,
    update_only: false,
    error: null,
  };
  const records = [
    { USER: "p1@x.io", EMAIL: "p1@x.io", FIRST_NAME: "New" },
    { USER: "z@x.io", EMAIL: "z@x.io", PERMISSIONS_ID: "25", SAAS: { sync_key: "z", selected_saas_id: "1" } },
    { SHOE: 1 },
  ];
  await ask(sandbox, "POST", "/api/v3/bulk", { ...portion, records });
  assert.deepEqual((await ask(sandbox, "GET", "/api/v3/bulk/run-1")).body, { canceled: false });
  await ask(sandbox, "POST", "/api/v3/bulk/run-1/finalize", {});
  const log = async () => (await ask(sandbox, "GET", "/api/v3/connector_run_logs/connectors/run-1")).body as Log;
  assert.deepEqual(
    [(await log()).status, (await log()).logs.processing, sandbox.people().length],
    ["processing", 1, 7],
  );
  now += 500;
  const { status, logs } = await log();
  assert.deepEqual([status, logs.added, logs.updated, logs.failed, logs.processing], ["completed", 1, 1, 1, 0]);
  assert.equal(sandbox.applications()[0]?.users.values().next().value?.externalId, "z");
  assert.equal((await ask(sandbox, "POST", "/api/v3/bulk", { ...portion, records })).status, 400, "it is finalized");
  const both = { ...portion, portion: "run-2", insert_only: true, update_only: true, records };
  assert.equal((await ask(sandbox, "POST", "/api/v3/bulk", both)).status, 400);
});

type Log = { readonly status: string; readonly logs: Readonly<Record<string, number>> };

test("a filter that makes no sense is none", () => {
  for (const text of ["", "username", "username eq", "a IN [", "a IN [1 2]", "(a eq 1", "a eq 1 b", '"a" eq 1']) {
    assert.equal(parseFilter(text), undefined, text);
  }
  assert.equal(parseFilter("a LIKE 'x%'")?.({ a: "Xy" }), true);
  assert.equal(parseFilter("a BETWEEN 2 AND 4")?.({ a: 10 }), false);
  assert.equal(parseFilter("a IS NOT NULL")?.({}), false);
});

test("dates are read in UTC", () => {
  assert.equal(readSeconds(1_767_225_600.9), 1_767_225_600);
  assert.equal(readSeconds("2026-01-01"), 1_767_225_600);
  assert.equal(readSeconds("2026-13-01"), undefined);
});

test("the command line reads modes and refuses what it does not know", () => {
  assert.deepEqual(parseOomnitzaArguments(["--oomnitza", "--port=0", "--saas-user-ids", "own", "--json"]), {
    json: true,
    port: 0,
    modes: { saasUserIds: "own" },
  });
  assert.throws(() => parseOomnitzaArguments(["--duplicates", "perhaps"]), { name: "BadInput" });
  assert.throws(() => parseOomnitzaArguments(["--colour", "red"]), { name: "BadInput" });
});

/** Without the encoding that fetch does by itself. */
async function rawStatus(sandbox: OomnitzaSandbox, path: string): Promise<number> {
  const { request } = await import("node:http");
  const { port, hostname } = new URL(sandbox.url);
  return await new Promise((resolve, reject) => {
    const sent = request({ port, hostname, path, headers: { authorization2: sandbox.token } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end();
  });
}
