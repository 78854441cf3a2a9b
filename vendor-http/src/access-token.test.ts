import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import { type Handler, never, sendJson, withClient, withVendor } from "../test/fake-vendor.ts";
import { instantClock } from "../test/instant-clock.ts";
import {
  type ClientCredentials,
  memoryTokenStore,
  mintClientCredentialsToken,
  type StoredToken,
  tokenSource,
} from "./access-token.ts";

const credentials = {
  clientId: "client id:1",
  clientSecret: "s3cret & more",
  encoding: "form",
  clientAuth: "client_secret_post",
} as const;

describe("mintClientCredentialsToken", () => {
  const requests: readonly (readonly [Partial<ClientCredentials>, string, string, string | undefined])[] = [
    [
      {},
      "application/x-www-form-urlencoded",
      "grant_type=client_credentials&client_id=client+id%3A1&client_secret=s3cret+%26+more",
      undefined,
    ],
    [
      { encoding: "json", scope: "users" },
      "application/json",
      '{"grant_type":"client_credentials","scope":"users","client_id":"client id:1","client_secret":"s3cret & more"}',
      undefined,
    ],
    [
      { clientAuth: "client_secret_basic" },
      "application/x-www-form-urlencoded",
      "grant_type=client_credentials",
      `Basic ${Buffer.from("client+id%3A1:s3cret+%26+more").toString("base64")}`,
    ],
  ];
  for (const [changes, type, body, authorization] of requests) {
    test(`asks as ${JSON.stringify(changes)} says`, async () => {
      await withVendor(
        (_, response) => sendJson(response, { access_token: "t~1", token_type: "bEaReR" }),
        async (vendor) => {
          const token = await withClient({}, (client) => mint(client, vendor.origin, changes));
          assert.deepEqual(token, { accessToken: "t~1", expiresAt: null });
          const [seen] = vendor.seen;
          assert.equal(seen?.method, "POST");
          assert.equal(seen?.headers["content-type"], type);
          assert.equal(seen?.headers.authorization, authorization);
          assert.equal(seen?.text, body);
        },
      );
    });
  }

  test("a stated lifetime ends a little earlier for us; none, or one that is not a number, is unknown", async () => {
    const clock = instantClock();
    const after = async (lifetime: unknown): Promise<number | null> => {
      const answer = { access_token: "t", token_type: "Bearer", expires_in: lifetime, refresh_token: "ignored" };
      return withVendor(
        (_, response) => sendJson(response, answer),
        (vendor) =>
          withClient({ clock }, async (client) => {
            const asked = { ...credentials, tokenUrl: `${vendor.origin}/oauth/token` };
            const token = await mintClientCredentialsToken(client, asked, never, clock);
            return token.expiresAt === null ? null : token.expiresAt.getTime() - clock.now();
          }),
      );
    };
    assert.equal(await after(3600), 3_540_000);
    assert.equal(await after("3600"), 3_540_000);
    assert.equal(await after(10), 9000);
    for (const lifetime of [undefined, null, 0, -5, "soon", ""]) assert.equal(await after(lifetime), null);
  });

  const refused: readonly (readonly [number, unknown, string])[] = [
    [401, { error: { message: "No.", status: 401, name: "UnauthorizedError", code: "x" } }, "vendor.unauthorized"],
    [400, { error: { message: "No.", status: 400, name: "BadRequestError" } }, "vendor.unauthorized"],
    [401, { error: "invalid_client", error_description: "No." }, "vendor.unauthorized"],
    [400, { error: "invalid_client" }, "vendor.unauthorized"],
    [400, { error: "unsupported_grant_type", error_description: "No." }, "vendor.bad_request"],
    [400, { error: "invalid_request" }, "vendor.bad_request"],
    [403, {}, "vendor.forbidden"],
    [404, {}, "vendor.not_found"],
    [500, {}, "vendor.unavailable"],
    [200, {}, "vendor.bad_response"],
    [200, [], "vendor.bad_response"],
    [200, { access_token: "" }, "vendor.bad_response"],
    [200, { access_token: "two\r\nlines", token_type: "bearer" }, "vendor.bad_response"],
    [200, { access_token: "t", token_type: "mac" }, "vendor.bad_response"],
  ];
  for (const [status, body, code] of refused) {
    test(`${status} ${JSON.stringify(body)} is ${code}, and is not asked again`, async () => {
      await withVendor(
        (_, response) => sendJson(response, body, status),
        async (vendor) => {
          await assert.rejects(
            withClient({}, (client) => mint(client, vendor.origin, {})),
            { code },
          );
          assert.equal(vendor.seen.length, 1);
        },
      );
    });
  }

  test("a token endpoint that answers 429 has not minted, so it is asked again; one that answers without JSON may have", async () => {
    let count = 0;
    const handler: Handler = ({ url }, response) => {
      count += 1;
      if (url === "/oauth/token" && count === 1) sendJson(response, {}, 429, { "retry-after": "1" });
      else sendJson(response, { access_token: "t" });
    };
    await withVendor(handler, async (vendor) => {
      assert.equal((await withClient({}, (client) => mint(client, vendor.origin, {}))).accessToken, "t");
      assert.equal(vendor.seen.length, 2);
    });
  });
});

describe("tokenSource", () => {
  test("100 concurrent needs are one mint", async () => {
    const minted = mints();
    const source = tokenSource({ mint: minted.mint, store: memoryTokenStore() });
    const tokens = await Promise.all(Array.from({ length: 100 }, () => source.current(never)));
    assert.deepEqual([...new Set(tokens)], ["token-1"]);
    assert.equal(minted.count(), 1);
  });

  test("100 runs that share a store are one mint, and 100 refusals of it one more", async () => {
    const minted = mints();
    const store = memoryTokenStore();
    const sources = Array.from({ length: 100 }, () => tokenSource({ mint: minted.mint, store }));
    await Promise.all(sources.map((source) => source.current(never)));
    assert.equal(minted.count(), 1);
    const renewed = await Promise.all(sources.map((source) => source.renew("token-1", never)));
    assert.deepEqual([...new Set(renewed)], ["token-2"]);
    assert.equal(minted.count(), 2);
    assert.equal(minted.mostAtOnce(), 1);
    assert.equal((await store.read())?.accessToken, "token-2");
  });

  test("the loser of a race takes what the winner stored and leaves it there", async () => {
    const minted = mints();
    const store = memoryTokenStore();
    const loser = tokenSource({ mint: minted.mint, store });
    await loser.current(never);
    await store.write({ accessToken: "of the winner", expiresAt: null });
    assert.equal(await loser.renew("token-1", never), "of the winner");
    assert.equal((await store.read())?.accessToken, "of the winner");
    assert.equal(minted.count(), 1);
  });

  test("a stored token is used without a mint; once it is over, a new one is minted", async () => {
    const clock = instantClock();
    const minted = mints();
    const store = memoryTokenStore();
    await store.write({ accessToken: "kept", expiresAt: new Date(clock.now() + 1000) });
    const source = tokenSource({ mint: minted.mint, store, clock });
    assert.equal(await source.current(never), "kept");
    assert.equal(minted.count(), 0);
    clock.advance(1000);
    assert.equal(await source.current(never), "token-1");
  });

  test("one mint and one more after a refusal, then the credential is at fault", async () => {
    const minted = mints();
    const source = tokenSource({ mint: minted.mint, store: memoryTokenStore() });
    await source.current(never);
    assert.equal(await source.renew("token-1", never), "token-2");
    await assert.rejects(source.renew("token-2", never), { code: "vendor.unauthorized" });
    await assert.rejects(source.current(never), { code: "vendor.unauthorized" });
    assert.equal(minted.count(), 2);
  });

  test("a mint that fails is not remembered", async () => {
    const answers = [Promise.reject(new Error("down")), Promise.resolve({ accessToken: "t", expiresAt: null })];
    const source = tokenSource({
      mint: () => answers.shift() ?? assert.fail("asked too often"),
      store: memoryTokenStore(),
    });
    await assert.rejects(source.current(never), /down/);
    assert.equal(await source.current(never), "t");
  });

  test("a caller that is aborted leaves alone; when the last one has left, the mint ends", async () => {
    const { promise, resolve } = Promise.withResolvers<StoredToken>();
    let mintSignal: AbortSignal | undefined;
    const source = tokenSource({
      mint: (signal) => {
        mintSignal = signal;
        return promise;
      },
      store: memoryTokenStore(),
    });
    const [one, two, three] = [new AbortController(), new AbortController(), new AbortController()];
    const first = assert.rejects(source.current(one.signal), /left/);
    const second = source.current(two.signal);
    one.abort(new Error("left"));
    await first;
    assert.equal(mintSignal?.aborted, false);
    resolve({ accessToken: "t", expiresAt: null });
    assert.equal(await second, "t");

    const lonely = tokenSource({
      mint: (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      store: memoryTokenStore(),
    });
    const last = assert.rejects(lonely.current(three.signal), /nobody/);
    three.abort(new Error("nobody"));
    await last;
  });
});

describe("oauth2 requests", () => {
  /** A vendor with one valid token at a time: minting revokes the older one. */
  function revoking(): { readonly handler: Handler; readonly mints: () => number; readonly revoke: () => void } {
    let count = 0;
    let valid = "";
    const handler: Handler = ({ url, headers }, response) => {
      if (url === "/oauth/token") {
        count += 1;
        valid = `token-${count}`;
        sendJson(response, { access_token: valid, token_type: "Bearer" });
      } else if (headers.authorization === `Bearer ${valid}` && url !== "/401") sendJson(response, { ok: true });
      else sendJson(response, { error: { message: "The requester is unauthorized." } }, url === "/403" ? 403 : 401);
    };
    return { handler, mints: () => count, revoke: () => (valid = "") };
  }

  async function withOAuth(
    vendor: ReturnType<typeof revoking>,
    run: (get: (path: string) => Promise<unknown>, seen: () => number) => Promise<void>,
  ): Promise<void> {
    await withVendor(vendor.handler, (server) =>
      withClient({ maxConcurrent: 10 }, async (client) => {
        const mintIt = (signal: AbortSignal) => mint(client, server.origin, {}, signal);
        const auth = { kind: "oauth2", tokens: tokenSource({ mint: mintIt, store: memoryTokenStore() }) } as const;
        const get = (path: string) =>
          client.requestJson({ method: "GET", url: server.origin + path, signal: never, auth });
        await run(get, () => server.seen.length);
      }),
    );
  }

  test("100 requests at once are one mint; when the token is revoked, one more, and all are answered", async () => {
    const vendor = revoking();
    await withOAuth(vendor, async (get) => {
      await Promise.all(Array.from({ length: 100 }, () => get("/users")));
      assert.equal(vendor.mints(), 1);
      vendor.revoke();
      await Promise.all(Array.from({ length: 100 }, () => get("/users")));
      assert.equal(vendor.mints(), 2);
    });
  });

  test("a 401 that a fresh token does not cure is repeated once", async () => {
    const vendor = revoking();
    await withOAuth(vendor, async (get, seen) => {
      await assert.rejects(get("/401"), { code: "vendor.unauthorized" });
      assert.equal(vendor.mints(), 2);
      assert.equal(seen(), 4); // mint, request, mint, request
    });
  });

  test("a 403 with a good token is not repeated", async () => {
    const vendor = revoking();
    const handler: Handler = (request, response) =>
      request.url === "/403" ? sendJson(response, {}, 403) : vendor.handler(request, response);
    await withOAuth({ ...vendor, handler }, async (get, seen) => {
      await assert.rejects(get("/403"), { code: "vendor.forbidden" });
      assert.equal(seen(), 2);
    });
  });

  test("a credential that is refused at the token endpoint is not asked for again", async () => {
    const vendor = revoking();
    const handler: Handler = (_, response) => sendJson(response, { error: "invalid_client" }, 401);
    await withOAuth({ ...vendor, handler }, async (get, seen) => {
      await assert.rejects(
        get("/users"),
        (error: unknown) => error instanceof ProductError && /client ID and secret/.test(error.message),
      );
      assert.equal(seen(), 1);
    });
  });
});

function mint(
  client: Parameters<typeof mintClientCredentialsToken>[0],
  origin: string,
  changes: Partial<ClientCredentials>,
  signal: AbortSignal = never,
): Promise<StoredToken> {
  return mintClientCredentialsToken(client, { ...credentials, tokenUrl: `${origin}/oauth/token`, ...changes }, signal);
}

function mints() {
  let count = 0;
  let running = 0;
  let most = 0;
  return {
    count: () => count,
    mostAtOnce: () => most,
    async mint(): Promise<StoredToken> {
      count += 1;
      running += 1;
      most = Math.max(most, running);
      const accessToken = `token-${count}`;
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { accessToken, expiresAt: null };
    },
  };
}
