import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { webhookPayloadSchema } from "@rollcall/core/contract/webhooks.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { type Receiver, startReceiver } from "@rollcall/server/test/start-receiver.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { openVault } from "@rollcall/server/vault/vault.ts";
import { parseEgressAllow } from "@rollcall/vendor-http/egress-policy.ts";
import { Webhook as OfficialReceiver } from "standardwebhooks";
import { aClaimedRun, anIntegration } from "../features/runs/run-fixtures.ts";
import { finishRun } from "../features/runs/run-store.ts";
import { resealWebhooks } from "../features/webhooks/reseal-webhooks.ts";
import { deliverWebhooks, retrySeconds } from "./outbox/deliver-webhooks.ts";
import { postWebhook } from "./outbox/post-webhook.ts";

type Endpoint = { readonly id: string; readonly secret: string };
type Delivery = {
  id: string;
  state: string;
  attempts: number;
  problem: string | null;
  webhookId: string;
  event: string;
};

const going = new AbortController().signal;

describe("webhooks", () => {
  let server: TestServer;
  let receiver: Receiver;
  const keys = [{ id: "test", bytes: randomBytes(32) }] as const;
  const vault = openVault({ keys });
  before(async () => {
    server = await startTestServer({ parts: { vault } });
  });
  after(async () => await server[Symbol.asyncDispose]());
  beforeEach(async () => {
    receiver = await startReceiver();
    await server.database.query("delete from message; delete from alarm; delete from webhook_endpoint");
  });

  afterEach(async () => await receiver[Symbol.asyncDispose]());

  const allowed = parseEgressAllow("127.0.0.1");
  const deliver = async (egress = allowed, by = vault): Promise<void> =>
    await deliverWebhooks(
      { database: server.database, vault: by, publicUrl: server.parts.config.publicUrl, egress },
      going,
    );
  const anEndpoint = async (settings: object = {}): Promise<Endpoint> => {
    const { status, body, text } = await server.api<Endpoint>("POST", "/webhooks", {
      name: `Hook ${crypto.randomUUID()}`,
      url: receiver.url,
      ...settings,
    });
    assert.equal(status, 201, text);
    return body;
  };
  const ended = async (status: "failed" | "completed", integrationId?: string): Promise<string> => {
    const id = integrationId ?? (await anIntegration(server.database));
    const { run, lease } = await aClaimedRun(server.database, { integrationId: id });
    await inTransaction(server.database, (transaction) => finishRun(transaction, run.id, lease, { status }));
    return id;
  };
  const deliveries = async ({ id }: Endpoint): Promise<readonly Delivery[]> =>
    (await server.api<{ data: Delivery[] }>("GET", `/webhooks/${id}/deliveries`)).body.data;
  const due = async (): Promise<void> => void (await server.database.query("update outbox set due_at = now()"));
  const closing = async (): Promise<void> => await receiver[Symbol.asyncDispose]();

  test("arrive signed as Standard Webhooks has it, with what the message says", async () => {
    const endpoint = await anEndpoint();
    assert.match(endpoint.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    const integrationId = await ended("failed");
    await deliver();
    await closing();
    const [post] = receiver.received;
    assert.ok(post);
    assert.equal(receiver.received.length, 1);
    assert.equal(post.method, "POST");
    const payload = webhookPayloadSchema.parse(
      new OfficialReceiver(endpoint.secret).verify(post.body, post.headers as Record<string, string>),
    );
    assert.equal(payload.type, "run.failed");
    assert.equal(payload.data.integrationId, integrationId);
    assert.match(payload.data.link, /^http:\/\/localhost:4600\/runs\//);
    assert.throws(() =>
      new OfficialReceiver(endpoint.secret).verify(`${post.body} `, post.headers as Record<string, string>),
    );
    const [delivery] = await deliveries(endpoint);
    assert.deepEqual(
      [delivery?.state, delivery?.attempts, delivery?.webhookId],
      ["sent", 1, post.headers["webhook-id"]],
    );
  });

  test("E21 webhooks go only to those who asked for such events, and once for each change of state", async () => {
    const everything = await anEndpoint();
    const recovery = await anEndpoint({ events: ["integration.recovered"] });
    const off = await anEndpoint({ enabled: false });
    const id = await ended("failed");
    await ended("failed", id);
    await ended("completed", id);
    await Promise.all([1, 2, 3].map(async () => await deliver()));
    await closing();
    const events = async (endpoint: Endpoint) => (await deliveries(endpoint)).map(({ event }) => event).sort();
    assert.deepEqual(await events(everything), ["integration.recovered", "run.failed"]);
    assert.deepEqual(await events(recovery), ["integration.recovered"]);
    assert.deepEqual(await events(off), []);
    assert.equal(receiver.received.length, 3);
  });

  test("E21 webhooks are tried again by the recommended schedule, with the same id and body, and given up after it", async () => {
    const endpoint = await anEndpoint();
    receiver.answer = { status: 500, body: "canary" };
    await ended("failed");
    for (const wait of retrySeconds) {
      const { before } = await one<{ before: string }>(server.database, "select now()::text as before");
      await deliver();
      const { atLeast, atMost } = await one<{ atLeast: number; atMost: number }>(
        server.database,
        `select extract(epoch from due_at - now())::float as "atLeast", extract(epoch from due_at - $1)::float as "atMost" from outbox`,
        [before],
      );
      assert.ok(atMost > wait - 1 && atLeast <= wait * 1.1 + 1, `${atLeast} to ${atMost} instead of ${wait}`);
      assert.equal((await deliveries(endpoint))[0]?.state, "waiting");
      await due();
    }
    await deliver();
    await due();
    await deliver();
    await closing();
    assert.equal(receiver.received.length, retrySeconds.length + 1);
    assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
    const [delivery] = await deliveries(endpoint);
    assert.deepEqual([delivery?.state, delivery?.problem], ["failed", "The receiver answered 500."]);
  });

  test("show every attempt, and can be sent again", async () => {
    const endpoint = await anEndpoint();
    receiver.answer = { status: 503 };
    await ended("failed");
    await deliver();
    const [delivery] = await deliveries(endpoint);
    const path = `/webhooks/${endpoint.id}/deliveries/${delivery?.id}`;
    receiver.answer = { status: 204 };
    assert.equal((await server.api("POST", `${path}/resend`)).status, 202);
    await deliver();
    await server.api("POST", `${path}/resend`);
    await deliver();
    await closing();
    const { body } = await server.api<{ log: { ok: boolean; status: number }[]; payload: object }>("GET", path);
    assert.deepEqual(
      body.log.map(({ ok, status }) => [ok, status]),
      [
        [true, 204],
        [true, 204],
        [false, 503],
      ],
    );
    assert.deepEqual(body.payload, JSON.parse(receiver.received[0]?.body ?? ""));
    assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.equal((await server.refused("POST", `/webhooks/${endpoint.id}/deliveries/nobody/resend`)).status, 404);
  });

  test("wait as long as the receiver asks, and a redirect is no delivery", async () => {
    const endpoint = await anEndpoint();
    receiver.answer = { status: 429, headers: { "retry-after": "4000" } };
    await ended("failed");
    await deliver();
    const { seconds } = await one<{ seconds: number }>(
      server.database,
      "select extract(epoch from due_at - now())::int as seconds from outbox",
    );
    assert.ok(seconds > 3990 && seconds <= 4000);
    receiver.answer = { status: 302, headers: { location: "http://127.0.0.1:1/elsewhere" } };
    await due();
    await deliver();
    await closing();
    assert.equal((await deliveries(endpoint))[0]?.problem, "The receiver answered 302.");
    assert.equal(receiver.received.length, 2);
  });

  test("end with 410 Gone, which switches the endpoint off", async () => {
    const endpoint = await anEndpoint();
    receiver.answer = { status: 410 };
    await ended("failed");
    await deliver();
    await closing();
    const { body } = await server.api<{ enabled: boolean; disabledReason: string }>("GET", `/webhooks/${endpoint.id}`);
    assert.deepEqual([body.enabled, body.disabledReason], [false, "The receiver answered 410 Gone."]);
    assert.equal((await deliveries(endpoint))[0]?.state, "failed");
    const again = await server.api<typeof body>("PATCH", `/webhooks/${endpoint.id}`, { enabled: true });
    assert.deepEqual([again.body.enabled, again.body.disabledReason], [true, null]);
  });

  test("are signed with both secrets while one follows the other, then with the new one alone", async () => {
    const endpoint = await anEndpoint();
    const rotated = await server.api<Endpoint & { previousSecretExpiresAt: string }>(
      "POST",
      `/webhooks/${endpoint.id}/rotate-secret`,
      { overlapHours: 1 },
    );
    assert.notEqual(rotated.body.secret, endpoint.secret);
    assert.ok(rotated.body.previousSecretExpiresAt);
    const id = await ended("failed");
    await deliver();
    await server.database.query("update webhook_endpoint set previous_expires_at = now() - interval '1 second'");
    await ended("completed", id);
    await deliver();
    await closing();
    const verifies = (secret: string, index: number): boolean => {
      const post = receiver.received[index];
      try {
        new OfficialReceiver(secret).verify(post?.body ?? "", (post?.headers ?? {}) as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    };
    const [old, fresh] = [endpoint.secret, rotated.body.secret];
    assert.deepEqual(
      [verifies(old, 0), verifies(fresh, 0), verifies(old, 1), verifies(fresh, 1)],
      [true, true, false, true],
    );
  });

  test("keep their secret sealed: shown once, in no other answer and no row, and sealed anew with a new key", async () => {
    const endpoint = await anEndpoint();
    const bare = endpoint.secret.replace("whsec_", "");
    const answers = [
      await server.api("GET", "/webhooks"),
      await server.api("GET", `/webhooks/${endpoint.id}`),
      await server.api("PATCH", `/webhooks/${endpoint.id}`, { events: ["run.failed"] }),
      await server.api("GET", "/audit"),
    ];
    for (const { text } of answers) assert.equal(text.includes(bare), false);
    const stored = await one<{ text: string }>(
      server.database,
      "select row_to_json(w)::text as text from webhook_endpoint w",
    );
    assert.equal(stored.text.includes(bare), false);
    const next = openVault({ keys: [{ id: "next", bytes: randomBytes(32) }, ...keys] });
    assert.equal(await resealWebhooks(server.database, next), 1);
    assert.equal(await resealWebhooks(server.database, next), 0);
    await ended("failed");
    await deliver(allowed, next);
    await closing();
    const [post] = receiver.received;
    new OfficialReceiver(endpoint.secret).verify(post?.body ?? "", (post?.headers ?? {}) as Record<string, string>);
  });

  test("E21 a process that dies before the mark sends a webhook again under the same id", async () => {
    const endpoint = await anEndpoint();
    await ended("failed");
    await server.database.query(
      "update outbox set state = 'sending', claim = gen_random_uuid(), claimed_at = now() - interval '3 minutes'",
    );
    await deliver();
    await closing();
    assert.equal(receiver.received.length, 1);
    assert.equal((await deliveries(endpoint))[0]?.state, "sent");
  });

  test("never reach a private address that was not allowed, whatever it is called", async () => {
    const endpoint = await anEndpoint();
    await ended("failed");
    await deliver(parseEgressAllow(""));
    assert.match(String((await deliveries(endpoint))[0]?.problem), /not allowed/);
    const post = { headers: {}, body: "{}", policy: parseEgressAllow("") };
    for (const url of [
      "https://127.0.0.1/",
      "https://[::1]/",
      "https://2130706433/",
      "https://localhost/",
      "http://example.com/",
    ]) {
      const outcome = await postWebhook({ ...post, url });
      assert.equal(outcome.kind, "unanswered", url);
    }
    // A public name that answers with a private address.
    const rebound = await postWebhook({
      ...post,
      url: "https://hooks.example.com/",
      resolve: (_host, _options, callback) => callback(null, [{ address: "10.0.0.7", family: 4 }]),
    });
    assert.ok(rebound.kind === "unanswered" && /not allowed/.test(rebound.problem), JSON.stringify(rebound));
    await closing();
    assert.equal(receiver.received.length, 0);
  });

  test("a test of one endpoint goes to it alone", async () => {
    const [tested, other] = [await anEndpoint(), await anEndpoint()];
    assert.equal((await server.api("POST", `/webhooks/${tested.id}/test`)).status, 202);
    await deliver();
    await closing();
    assert.equal(JSON.parse(receiver.received[0]?.body ?? "{}").type, "webhook.test");
    assert.equal((await deliveries(tested)).length, 1);
    assert.equal((await deliveries(other)).length, 0);
    assert.equal((await rows(server.database, "select from notification")).length, 0);
  });

  test("are the administrators' to set up, and refuse what cannot be", async () => {
    const endpoint = await anEndpoint({ name: "Chat" });
    const manager = await server.tokenOf("integration-manager");
    for (const [method, path] of [
      ["GET", "/webhooks"],
      ["POST", "/webhooks"],
      ["POST", `/webhooks/${endpoint.id}/rotate-secret`],
    ] as const) {
      assert.equal(
        (await server.refused(method, path, method === "GET" ? undefined : {}, { token: manager })).status,
        403,
      );
    }
    const refusal = async (body: object) => (await server.refused("POST", "/webhooks", body)).body;
    assert.equal((await refusal({ name: "chat ", url: receiver.url })).code, "webhook.name_taken");
    assert.equal((await refusal({ name: "A", url: "https://user:pw@example.com/" })).errors[0]?.pointer, "/url");
    assert.equal((await refusal({ name: "A", url: "ftp://example.com/" })).errors[0]?.pointer, "/url");
    assert.equal((await refusal({ name: "A", url: receiver.url, events: ["x"] })).errors[0]?.pointer, "/events/0");
    assert.equal((await server.refused("GET", "/webhooks/nobody")).body.code, "webhook.not_found");
    assert.equal((await server.api("DELETE", `/webhooks/${endpoint.id}`)).status, 204);
    assert.equal((await server.refused("DELETE", `/webhooks/${endpoint.id}`)).status, 404);
    await closing();
  });
});
