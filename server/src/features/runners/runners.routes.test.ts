import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import { type Runner, runnerContract, runnerContractHeader, uploadLimits } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import { aDraft } from "@rollcall/server/test/integration-fixtures.ts";
import { startTestServer, type TestServer, type TestServerOptions } from "@rollcall/server/test/start-test-server.ts";
import type { RunnerIntake } from "./runner-intake.ts";

const headers = { [runnerContractHeader]: String(runnerContract) };
type Created = Runner & { readonly code: string };

describe("runners", () => {
  test("are created with a code that is exchanged for a token once", async () => {
    await using server = await startTestServer();
    const { status, body: created } = await server.api<Created>("POST", "/runners", { name: "Berlin" });
    assert.deepEqual([status, created.state, created.integrationIds], [201, "waiting", null]);
    const { body: enrolled } = await enroll(server, created.code);
    assert.deepEqual([enrolled.id, enrolled.name], [created.id, "Berlin"]);
    const again = await server.refused("POST", "/runner/enroll", { code: created.code, version: "1" }, { headers });
    assert.deepEqual([again.status, again.body.code], [403, "runner.code_invalid"]);

    const { body: list } = await server.api<ListOf<Runner>>("GET", "/runners");
    assert.deepEqual(
      list.data.map(({ name, state, version, codeExpiresAt }) => ({ name, state, version, codeExpiresAt })),
      [{ name: "Berlin", state: "enrolled", version: "1.2.3", codeExpiresAt: null }],
    );
    for (const secret of [created.code, enrolled.token]) {
      const { text } = await server.api("GET", `/runners/${created.id}`);
      assert.ok(!text.includes(secret) && !server.log().includes(secret));
      const { rows } = await server.database.query("select to_jsonb(runner)::text as row from runner");
      assert.ok(!JSON.stringify(rows).includes(secret));
    }
    const { body: audit } = await server.api<ListOf<{ action: string }>>("GET", "/audit?target=runner");
    assert.deepEqual(audit.data.map(({ action }) => action).sort(), ["runner.create", "runner.enroll"]);
  });

  test("have names of their own, and integrations that exist", async () => {
    await using server = await startTestServer();
    const { id } = await aDraft(server, { installation: "local" });
    assert.equal((await server.api("POST", "/runners", { name: "Berlin", integrationIds: [id] })).status, 201);
    assert.equal((await server.refused("POST", "/runners", { name: " berlin " })).body.code, "runner.name_taken");
    const unknown = "00000000-0000-4000-8000-000000000000";
    const { status, body } = await server.refused("POST", "/runners", { name: "B", integrationIds: [id, unknown] });
    assert.deepEqual([status, body.errors[0]?.pointer], [400, "/integrationIds/1"]);
  });

  test("are renamed and limited to other integrations, and keep their token", async () => {
    await using server = await startTestServer();
    const { id, token } = await aRunner(server);
    await server.api("POST", "/runners", { name: "Taken" });
    const own = await aDraft(server, { installation: "local", name: "Own" });
    const path = `/runners/${id}`;
    const renamed = await server.api<Runner>("PATCH", path, { name: "Paris" });
    assert.deepEqual([renamed.status, renamed.body.name, renamed.body.integrationIds], [200, "Paris", null]);
    const limited = await server.api<Runner>("PATCH", path, { integrationIds: [own.id] });
    assert.deepEqual([limited.body.name, limited.body.integrationIds], ["Paris", [own.id]]);
    const status = await server.api<{ name: string; integrations: { name: string }[] }>(
      "GET",
      "/runner/status",
      undefined,
      {
        token,
        headers,
      },
    );
    assert.deepEqual([status.body.name, status.body.integrations.map(({ name }) => name)], ["Paris", ["Own"]]);
    assert.equal((await server.api<Runner>("PATCH", path, { integrationIds: null })).body.integrationIds, null);

    const taken = await server.refused("PATCH", path, { name: " taken" });
    assert.deepEqual([taken.status, taken.body.code], [409, "runner.name_taken"]);
    const unknown = "00000000-0000-4000-8000-000000000000";
    const wrong = await server.refused("PATCH", path, { integrationIds: [unknown] });
    assert.deepEqual([wrong.status, wrong.body.errors[0]?.pointer], [400, "/integrationIds/0"]);
    assert.equal((await server.refused("PATCH", `/runners/${unknown}`, { name: "x" })).body.code, "runner.not_found");
    assert.equal((await server.refused("PATCH", path, { state: "enrolled" })).status, 400);
    const viewer = { token: await server.tokenOf("integration-manager") };
    assert.equal((await server.refused("PATCH", path, { name: "x" }, viewer)).status, 403);
    const { body: audit } = await server.api<ListOf<{ action: string; targetId: string }>>(
      "GET",
      `/audit?targetId=${id}`,
    );
    assert.equal(audit.data.filter(({ action }) => action === "runner.update").length, 3);
  });

  test("are enrolled within 15 minutes", async () => {
    let now = new Date();
    await using server = await startTestServer({ parts: { now: () => now } });
    const { body: created } = await server.api<Created>("POST", "/runners", { name: "Late" });
    now = new Date(now.getTime() + 15 * 60_000 + 1);
    assert.equal((await server.api<Runner>("GET", `/runners/${created.id}`)).body.state, "expired");
    assert.equal((await enroll(server, created.code)).status, 403);
  });

  test("are the administrator's to make and to delete; a deleted one is known no more", async () => {
    await using server = await startTestServer();
    const { id, token } = await aRunner(server);
    for (const role of ["viewer", "integration-manager"]) {
      const other = { token: await server.tokenOf(role) };
      assert.equal((await server.api("GET", "/runners", undefined, other)).status, 200);
      assert.equal((await server.api("POST", "/runners", { name: "B" }, other)).status, 403);
      assert.equal((await server.api("DELETE", `/runners/${id}`, undefined, other)).status, 403);
    }
    assert.equal((await server.api("GET", "/runner/status", undefined, { token, headers })).status, 200);
    assert.equal((await server.api("DELETE", `/runners/${id}`)).status, 204);
    assert.equal((await server.refused("DELETE", `/runners/${id}`)).body.code, "runner.not_found");
    assert.equal((await server.api("GET", "/runner/status", undefined, { token, headers })).status, 401);
  });
});

describe("a runner's token", () => {
  test("opens its own calls and nothing else", async () => {
    await using server = await startTestServer();
    const { token } = await aRunner(server);
    let closed = 0;
    for (const { method, url, permission } of server.routeTable) {
      if (permission === "public" || permission === "runner") continue;
      const { status } = await server.api(method, url.replace(/:\w+/g, "1"), undefined, { token, headers });
      assert.equal(status, 401, `${method} ${url}`);
      closed += 1;
    }
    assert.ok(closed > 50);
  });

  test("is the only one that opens them", async () => {
    await using server = await startTestServer();
    for (const { method, url } of server.routeTable.filter(({ permission }) => permission === "runner")) {
      const path = url.replace(/:\w+/g, "1");
      assert.equal((await server.api(method, path, undefined, { headers })).status, 403, url);
      for (const token of ["rr_wrong-wrong-wrong", "rr_", "rr_%00", null]) {
        assert.equal((await server.api(method, path, undefined, { token, headers })).status, 401, url);
      }
    }
  });
});

describe("another version of the runner", () => {
  test("is told which side to update", async () => {
    await using server = await startTestServer();
    const { token } = await aRunner(server);
    for (const [given, side] of [
      [String(runnerContract + 1), /server is older/],
      ["0", /runner is older/],
    ] as const) {
      const skewed = { [runnerContractHeader]: given };
      for (const [method, path] of [
        ["GET", "/runner/status"],
        ["POST", "/runner/work"],
        ["POST", "/runner/enroll"],
      ] as const) {
        const answer = await server.refused(method, path, method === "POST" ? {} : undefined, {
          token,
          headers: skewed,
        });
        assert.deepEqual([answer.status, answer.body.code], [426, "runner.other_version"], path);
        assert.match(answer.body.detail, side);
        assert.match(answer.body.nextStep, /Install/);
      }
    }
    for (const missing of [{}, { [runnerContractHeader]: "one" }]) {
      const { status } = await server.refused("GET", "/runner/status", undefined, { token, headers: missing });
      assert.equal(status, 400);
    }
  });
});

describe("uploads", () => {
  const lease = "00000000-0000-4000-8000-000000000000";
  const page = (records: unknown) => ({ listing: 0, failure: null, status: 200, envelope: {}, records, parents: {} });

  test("reach the intake unpacked", async () => {
    const seen: number[] = [];
    await using server = await withIntake(async (_runner, _run, { number, pages }) => {
      seen.push(number, pages[0]?.records?.length ?? -1);
      return { accepted: number, cancel: false, unavailable: null };
    });
    const text = JSON.stringify({ lease, number: 3, pages: [page([{ kind: "present", key: "1" }])] });
    assert.equal((await send(server, gzipSync(text), "gzip")).status, 200);
    assert.equal((await send(server, Buffer.from(text))).status, 200);
    assert.deepEqual(seen, [3, 1, 3, 1]);
    assert.equal((await send(server, Buffer.from(text), "br")).status, 415);
    assert.equal((await send(server, Buffer.from("no gzip"), "gzip")).status, 400);
  });

  test("that are too large are refused before they are looked at", async () => {
    await using server = await withIntake(() => Promise.reject(new Error("It must not come so far.")));
    const present = { kind: "present", key: "1" };
    const cases: readonly [what: string, status: number, body: Uint8Array, encoding?: string][] = [
      ["a body above the limit", 413, Buffer.alloc(uploadLimits.bytes + 1, " ")],
      ["a small body that unpacks to much", 413, gzipSync(Buffer.alloc(8 * uploadLimits.bytes, " ")), "gzip"],
      [
        "too many records",
        400,
        json({ lease, number: 1, pages: [page(Array(uploadLimits.records + 1).fill(present))] }),
      ],
      ["too many pages", 400, json({ lease, number: 1, pages: Array(uploadLimits.pages + 1).fill(page([])) })],
      ["a million wrong things", 400, json({ lease, number: 1, pages: [page(Array(1_000_000).fill(0))] })],
      [
        "many wrong problems",
        400,
        json({ lease, number: 1, pages: [page([{ ...present, problems: Array(1e6).fill(0) }])] }),
      ],
      ["deep nesting", 400, Buffer.from(`{"pages":${"[".repeat(200_000)}${"]".repeat(200_000)}}`)],
      ["an unknown field", 400, json({ lease, number: 1, pages: [{ ...page([]), clientSecret: "x" }] })],
      ["an unknown field of a record", 400, json({ lease, number: 1, pages: [page([{ ...present, email: "a@b" }])] })],
    ];
    for (const [what, status, body, encoding] of cases) {
      const answer = await send(server, body, encoding);
      assert.equal(answer.status, status, what);
      assert.ok(answer.length < 20_000, what);
    }
  });

  test("of one runner come one at a time", async () => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await using server = await withIntake(async () => {
      started.resolve();
      await release.promise;
      throw new ProductError("run.superseded", "It is over.");
    });
    const body = json({ lease, number: 1, pages: [page([])] });
    const first = send(server, body);
    await started.promise;
    const second = await send(server, body);
    assert.deepEqual([second.status, second.retryAfter], [429, "1"]);
    release.resolve();
    assert.equal((await first).status, 409);
    assert.equal((await send(server, body)).status, 409);
  });

  test("are taken again from a runner that died during one, as soon as nothing is done for that any more", async () => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const taken: number[] = [];
    await using server = await withIntake(async (_runner, _run, { number }) => {
      taken.push(number);
      if (number === 2) {
        started.resolve();
        await release.promise;
      }
      return { accepted: number, cancel: false, unavailable: null };
    });
    const upload = (number: number) => json({ lease, number, pages: [page([])] });
    await hangUp(server, upload(1).subarray(0, -1), 1);
    assert.equal(await statusInTime(server, upload(1)), 200);
    await hangUp(server, upload(2), 0, started.promise);
    assert.equal((await send(server, upload(3))).status, 429);
    release.resolve();
    assert.equal(await statusInTime(server, upload(3)), 200);
    assert.deepEqual(taken, [1, 2, 3]);
  });
});

test("a runner that asks for work waits for it, and a server that stops does not wait for the runner", async () => {
  let asked = 0;
  const intake = {
    ...noIntake,
    claim: async () => {
      asked += 1;
      return null;
    },
  };
  const server = await startTestServer({ parts: { intake } });
  const { token } = await aRunner(server);
  const short = await server.api("POST", "/runner/work", { version: "1", waitSeconds: 0 }, { token, headers });
  assert.deepEqual([short.status, short.body, asked], [200, { work: null }, 1]);
  const waiting = server.api("POST", "/runner/work", { version: "1", waitSeconds: 25 }, { token, headers });
  while (asked < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  const [{ status }] = await Promise.all([waiting, server[Symbol.asyncDispose]()]);
  assert.equal(status, 200);
});

const noIntake: RunnerIntake = {
  claim: () => Promise.resolve(null),
  accept: () => Promise.reject(new Error("no upload")),
  beat: () => Promise.reject(new Error("no beat")),
  restartJoins: () => Promise.reject(new Error("no restart")),
  end: () => Promise.reject(new Error("no end")),
};

async function enroll(server: TestServer, code: string) {
  const body = { code, version: "1.2.3" };
  return await server.api<{ id: string; name: string; token: string }>("POST", "/runner/enroll", body, {
    token: null,
    headers,
  });
}

async function aRunner(server: TestServer): Promise<{ readonly id: string; readonly token: string }> {
  const name = `Runner ${randomBytes(4).toString("hex")}`;
  const { body: created } = await server.api<Created>("POST", "/runners", { name });
  return (await enroll(server, created.code)).body;
}

async function withIntake(accept: RunnerIntake["accept"]): Promise<TestServer & { readonly runnerToken: string }> {
  const parts: TestServerOptions["parts"] = { intake: { ...noIntake, accept } };
  const server = await startTestServer({ parts });
  const { token } = await aRunner(server);
  return Object.assign(server, { runnerToken: token });
}

const path = "/api/v1/runner/runs/00000000-0000-4000-8000-000000000001/uploads";

async function send(
  server: TestServer & { readonly runnerToken: string },
  body: Uint8Array,
  encoding?: string,
): Promise<{ readonly status: number; readonly length: number; readonly retryAfter: string | null }> {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: {
      ...headers,
      authorization: `Bearer ${server.runnerToken}`,
      "content-type": "application/json",
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    },
    body: new Uint8Array(body),
  });
  const { length } = await response.text();
  return { status: response.status, length, retryAfter: response.headers.get("retry-after") };
}

/** Sends an upload without its last `missing` bytes, which are left out of `body`, and closes the connection after `moment`. */
async function hangUp(
  server: TestServer & { readonly runnerToken: string },
  body: Uint8Array,
  missing: number,
  moment: Promise<void> = Promise.resolve(),
): Promise<void> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port) });
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: ${hostname}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `authorization: Bearer ${server.runnerToken}`,
    "content-type: application/json",
    `content-length: ${body.length + missing}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  socket.write(body);
  await moment;
  await sleep(100);
  socket.destroy();
  await once(socket, "close");
}

/** The answer to an upload that is sent until the server is free to take it. */
async function statusInTime(server: Parameters<typeof send>[0], body: Uint8Array): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { status } = await send(server, body);
    if (status !== 429) return status;
    await sleep(20);
  }
  return 429;
}

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
