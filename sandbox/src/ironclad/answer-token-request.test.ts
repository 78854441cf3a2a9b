import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type IroncladSandboxOptions, startIroncladSandbox } from "../start-ironclad-sandbox.ts";
import { clickwrapClient } from "../testing/clickwrap-client.ts";

const pair = { client_id: "sandbox-client", client_secret: "sandbox-secret" };
const grant = { grant_type: "client_credentials" };
const basic = { authorization: `Basic ${Buffer.from("sandbox-client:sandbox-secret").toString("base64")}` };

async function start(options: IroncladSandboxOptions = {}) {
  const sandbox = await startIroncladSandbox({ users: 1, ...options });
  return { sandbox, client: clickwrapClient(sandbox), [Symbol.asyncDispose]: sandbox.close };
}

describe("the token call", () => {
  test("takes the pair in a form, in JSON and as Basic, and answers an opaque bearer token", async () => {
    await using run = await start();
    const { client, sandbox } = run;
    const answers = [
      await client.mint({ ...grant, ...pair }),
      await client.mint({ ...grant, ...pair }, { json: true }),
      await client.mint(grant, { headers: basic }),
    ];
    for (const { status, text } of answers) {
      assert.equal(status, 200);
      const { access_token, token_type, ...more } = JSON.parse(text);
      assert.match(access_token, /^[\w-]{44}$/);
      assert.deepEqual([token_type, more], ["Bearer", {}]);
    }
    assert.equal(sandbox.counters().mints, 3);
    assert.deepEqual(
      sandbox.requests().map(({ tokenRequest }) => [tokenRequest?.encoding, tokenRequest?.clientAuth]),
      [
        ["form", "body"],
        ["json", "body"],
        ["form", "basic"],
      ],
    );
  });

  test("insists on one encoding, one place of the pair, or the grant type (U1)", async () => {
    await using json = await start({ tokenEncoding: "json" });
    assert.equal((await json.client.mint({ ...grant, ...pair })).status, 400);
    assert.equal((await json.client.mint({ ...grant, ...pair }, { json: true })).status, 200);
    await using form = await start({ tokenEncoding: "form", clientAuth: "basic" });
    assert.equal((await form.client.mint({ ...grant, ...pair }, { json: true })).status, 400);
    assert.equal((await form.client.mint({ ...grant, ...pair })).status, 401);
    assert.equal((await form.client.mint(grant, { headers: basic })).status, 200);
    await using body = await start({ clientAuth: "body", grantType: "optional" });
    assert.equal((await body.client.mint(grant, { headers: basic })).status, 401);
    assert.equal((await body.client.mint(pair)).status, 200);
    await using strict = await start();
    assert.equal((await strict.client.mint(pair)).status, 400);
    assert.equal((await strict.client.mint({ ...pair, grant_type: "password" })).status, 400);
  });

  test("answers a lifetime and a refresh token when told to, and lets the token expire (U2)", async () => {
    let now = 1_000_000;
    await using run = await start({ tokenLifetime: 60, refreshToken: true, tokenType: "bearer", now: () => now });
    const answer = JSON.parse((await run.client.mint()).text);
    assert.deepEqual([answer.expires_in, answer.token_type, typeof answer.refresh_token], [60, "bearer", "string"]);
    assert.equal((await run.client.get("/sites")).status, 200);
    now += 60_000;
    assert.equal((await run.client.get("/sites")).status, 401);
    run.sandbox.setModes({ expiresIn: false });
    assert.ok(!("expires_in" in JSON.parse((await run.client.mint()).text)));
  });

  test("a new token ends the older one unless told otherwise (U3)", async () => {
    for (const revokeOnMint of [true, false]) {
      await using run = await start({ revokeOnMint });
      assert.equal((await run.client.get("/sites")).status, 200);
      await run.client.mint();
      assert.equal((await run.client.get("/sites")).status, revokeOnMint ? 401 : 200);
    }
  });

  test("refuses a wrong pair in each of the three forms (U4)", async () => {
    const refused = async (badCredential: "401-envelope" | "401-rfc6749" | "400-rfc6749") => {
      await using run = await start({ badCredential });
      const { status, text } = await run.client.mint({ ...grant, ...pair, client_secret: "wrong" });
      assert.equal(run.sandbox.counters().refusedMints, 1);
      return [status, JSON.parse(text).error] as const;
    };
    const [status, error] = await refused("401-envelope");
    assert.deepEqual([status, error.status], [401, 401]);
    assert.deepEqual(await refused("401-rfc6749"), [401, "invalid_client"]);
    assert.deepEqual(await refused("400-rfc6749"), [400, "invalid_client"]);
  });

  test("counts how many token requests were open at once", async () => {
    await using run = await start({ tokenLatencyMs: 500 });
    await Promise.all([run.client.mint(), run.client.mint(), run.client.mint()]);
    assert.equal(run.sandbox.counters().maxConcurrentMints, 3);
    run.sandbox.resetCounters();
    await run.client.mint();
    await run.client.mint();
    assert.equal(run.sandbox.counters().maxConcurrentMints, 1);
  });
});
