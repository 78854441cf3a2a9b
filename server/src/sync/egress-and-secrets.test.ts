import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, test } from "node:test";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { startIroncladSandbox } from "@rollcall/sandbox/start-ironclad-sandbox.ts";
import { createLogger } from "@rollcall/server/http/logger.ts";
import { dumpTables } from "@rollcall/server/test/dump-tables.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aVendor, users } from "@rollcall/server/test/vendor-world.ts";

describe("outgoing requests of a run", { concurrency: 2 }, () => {
  test("reach no private address that was not allowed, by name, number or redirect", async () => {
    await using rollcall = await startTestRollcall();
    await using vendor = await aVendor(rollcall, { users: users("egress.example", 3) });
    await vendor.run();
    const { port } = new URL(vendor.sandbox.url);
    vendor.sandbox.removeUsers({ ids: [2] });
    const known = await vendor.known();
    for (const host of [
      "127.0.0.2",
      "[::1]",
      "0.0.0.0",
      "10.0.0.1",
      "192.168.1.1",
      "172.16.0.1",
      "100.64.0.1",
      "169.254.169.254",
      "[fd00::1]",
      "[fe80::1]",
      "[::ffff:10.0.0.1]",
      "[64:ff9b::7f00:1]",
      "2130706434",
    ]) {
      vendor.sandbox.resetCounters();
      const answer = await rollcall.api<Integration>("PATCH", `/integrations/${vendor.integration.id}`, {
        inputs: { baseUrl: `http://${host}:${port}` },
      });
      if (answer.status === 200) {
        const run = await vendor.run();
        assert.deepEqual([run.status, run.error?.code], ["failed", "egress.denied"], host);
      } else {
        assert.equal(answer.status, 400, host);
      }
      assert.equal(vendor.sandbox.counters().connections, 0, host);
    }
    assert.deepEqual(await vendor.known(), known);
  });

  test("follow no redirect to another origin, though the address be allowed, and send no token there", async () => {
    await using rollcall = await startTestRollcall();
    await using elsewhere = await startIroncladSandbox();
    await using vendor = await aVendor(rollcall, { users: users("redirect.example", 3) });
    await vendor.run();
    vendor.sandbox.removeUsers({ ids: [2] });
    for (const to of [
      `${elsewhere.url}/v1.1/accounts/501/members`,
      "http://169.254.169.254/latest/meta-data/",
      "file:///etc/passwd",
    ]) {
      vendor.sandbox.clearFaults();
      vendor.sandbox.addFaults([{ call: "members", count: "always", fault: { kind: "redirect", to } }]);
      const run = await vendor.run();
      assert.equal(run.status, "failed");
      assert.ok(["egress.denied", "vendor.bad_response"].includes(run.error?.code ?? ""), JSON.stringify(run.error));
      assert.equal((await vendor.known())[2]?.person, "active");
    }
    assert.equal(elsewhere.counters().requests, 0);
  });
});

describe("a run's secrets", () => {
  test("F24 secret and token are nowhere: answers, logs, errors, tables, stage, queue, though the vendor repeats them", async () => {
    const lines: string[] = [];
    const log = createLogger("trace", { write: (line) => void lines.push(line) });
    await using rollcall = await startTestRollcall({ log });
    const dumps: string[] = [];
    await using vendor = await startIndiscreetVendor(async () => void dumps.push(await dumpTables(rollcall.database)));
    const answers: string[] = [];
    const api = async <Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const response = await fetch(`${rollcall.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${rollcall.token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = await response.text();
      answers.push(JSON.stringify(Object.fromEntries(response.headers)), answer);
      return { status: response.status, body: (answer.startsWith("{") ? JSON.parse(answer) : answer) as Body };
    };

    const values = { clientId: "canary-client", clientSecret };
    const credential = (
      await api<{ id: string }>("POST", "/credentials", { name: "Canary", kind: "ironclad-clickwrap", values })
    ).body;
    const settings = {
      name: "Canary",
      connector: "ironclad-clickwrap",
      credentialId: credential.id,
      mode: "user-plus-saas",
      schedule: { kind: "manual" },
    };
    const { id } = (await api<Integration>("POST", "/integrations", { ...settings, inputs: { baseUrl: vendor.url } }))
      .body;
    await api("POST", `/integrations/${id}/test`);
    assert.equal((await api("POST", `/integrations/${id}/launch`)).status, 200);
    await api("POST", `/integrations/${id}/preview-mapping`);
    const run = async (body?: unknown): Promise<Run> => {
      const started = await must(rollcall.api<Run>("POST", `/integrations/${id}/runs`, body));
      const ended = await rollcall.waitFor(started.id);
      for (const part of ["", "/changes", "/errors"]) await api("GET", `/runs/${ended.id}${part}`);
      await api("GET", `/runs/${ended.id}/errors`, undefined, { accept: "text/csv" });
      return ended;
    };
    const clean = await run();
    assert.equal(clean.counts.created, 2, JSON.stringify(clean));
    for (const call of ["members", "sites", "memberships", "token"] as const) {
      for (const status of [400, 401, 403, 500, 200]) {
        vendor.repeatSecrets(call, status);
        if (call === "token")
          await rollcall.database.query("delete from credential_token where credential_id = $1", [credential.id]);
        const failed = await run();
        assert.ok(["failed", "incomplete"].includes(failed.status), `${call} ${status} ${failed.status}`);
        await api("POST", `/integrations/${id}/test`);
        await api("POST", `/credentials/${credential.id}/test`);
      }
    }
    vendor.repeatSecrets(null, 200);
    await run({ dryRun: true });
    for (const path of [
      "/credentials",
      `/credentials/${credential.id}`,
      "/integrations",
      `/integrations/${id}`,
      `/integrations/${id}/revisions`,
      "/runs",
      "/people",
      "/saas",
      "/audit",
      "/notifications",
      "/connectors/ironclad-clickwrap",
      "/settings",
    ]) {
      await api("GET", path);
    }
    await api("GET", "/people", undefined, { accept: "text/csv" });
    dumps.push(await dumpTables(rollcall.database));
    assert.ok(
      dumps.some((dump) => /^stage\.record_/m.test(dump)),
      "the tables of a run under way were looked at",
    );
    assert.ok(dumps.at(-1)?.includes("pgboss."), "the queue's rows were looked at");
    assert.ok(lines.length > 10);
    assert.ok(vendor.sawSecrets(), "the vendor did receive what is looked for");

    const places = { answers: answers.join("\n"), log: lines.join(""), tables: dumps.join("\n") };
    for (const [place, content] of Object.entries(places)) {
      for (const form of [
        ...formsOf(clientSecret),
        ...formsOf(accessToken),
        ...formsOf(`canary-client:${clientSecret}`),
      ]) {
        assert.ok(!content.includes(form), `${place} hold ${JSON.stringify(form)}: ${around(content, form)}`);
      }
    }
  });
});

const clientSecret = "canary/secret+with=odd&chars%20\"'\\end";
const accessToken = "canary.access-token_0123456789~abc";

/** A text as it might turn up: plain, in JSON, in an address, in a form, in base64 and hexadecimal. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

function around(content: string, form: string): string {
  const at = content.indexOf(form);
  return content.slice(Math.max(0, at - 200), at + form.length + 50);
}

type Call = "token" | "sites" | "members" | "memberships";

/** A small vendor with a known token, which can be made to put the request's secrets into its answers. */
async function startIndiscreetVendor(underWay: () => Promise<void>) {
  let repeats: { readonly call: Call | null; readonly status: number } = { call: null, status: 200 };
  const seen = new Set<string>();
  const server = createServer(async (request, response) => {
    const call = callOf(request);
    const body = await text(request);
    const said = `${request.headers.authorization ?? ""} ${body} ${new URLSearchParams(body).get("client_secret") ?? ""}`;
    if (said.includes(clientSecret)) seen.add("secret");
    if (said.includes(accessToken)) seen.add("token");
    // Rows of earlier listings are staged by now.
    if (call === "members") await underWay();
    if (repeats.call === call) {
      const { status } = repeats;
      const told = { message: said, error: said, error_description: said, name: said, [said]: said, data: said };
      response.writeHead(status, {
        "content-type": "application/json",
        "x-request-id": said.replaceAll(/[^\x20-\x7e]/g, ""),
      });
      response.end(JSON.stringify({ ...told, error: { message: said, name: said, code: said, status } }));
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(call === "token" ? { access_token: accessToken, token_type: "Bearer" } : listOf(call)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From now on the answers of this call hold what the request held. */
    repeatSecrets: (call: Call | null, status: number) => {
      repeats = { call, status };
    },
    sawSecrets: () => seen.size === 2,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function callOf({ url = "" }: IncomingMessage): Call {
  if (url.startsWith("/oauth/token")) return "token";
  if (url.includes("/memberships")) return "memberships";
  return url.includes("/members") ? "members" : "sites";
}

function listOf(call: Call) {
  const data =
    call === "sites"
      ? [{ id: 11, account: 501 }]
      : call === "memberships"
        ? [{ id: 1, site: 11, user: { id: 1 }, role: "member" }]
        : [1, 2].map((id) => ({ id, email: `user${id}@canary.example`, name: `User ${id}` }));
  return { data, page: 1, per_page: 100, count: data.length, total_count: data.length, has_more: false };
}
