import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { get, rejection, withBoth } from "../test/call-vendor.ts";
import { type Handler, never, sendJson, withVendor } from "../test/fake-vendor.ts";
import { frozenClock } from "../test/instant-clock.ts";
import { parseEgressAllow } from "./egress-policy.ts";
import { openVendorClient } from "./vendor-client.ts";

const _html = "<html><body>Log in</body></html>";

describe("redirects", () => {
  /** `/n` leads to `/n-1`, and `/0` is the data. */
  const steps: Handler = ({ url }, response) => {
    const left = Number(url?.slice(1));
    if (left === 0) sendJson(response, { ok: true });
    else response.writeHead(302, { location: `/${left - 1}` }).end("elsewhere");
  };

  test("five are followed, a sixth is one too many, and so is a circle", async () => {
    await withBoth(steps, {}, async (client, vendor) => {
      assert.deepEqual((await get(client, vendor, "/5")).body, { ok: true });
      assert.equal((await rejection(get(client, vendor, "/6"))).code, "egress.too_many_redirects");
    });
    await withBoth(
      (_, response) => response.writeHead(307, { location: "/" }).end(),
      {},
      async (client, vendor) => {
        assert.equal((await rejection(get(client, vendor))).code, "egress.too_many_redirects");
        assert.equal(vendor.seen.length, 6);
      },
    );
  });

  test("each hop is checked: a private address, another scheme or a name in the address is denied", async () => {
    for (const location of [
      "http://169.254.169.254/latest",
      "https://10.0.0.1/",
      "http://localhost/",
      "file:///etc/passwd",
      "https://u:p@a.example/",
    ]) {
      const handler: Handler = (_, response) => response.writeHead(302, { location }).end();
      await withBoth(handler, {}, async (client, vendor) => {
        for (const redirects of ["same-origin", "any-origin"] as const) {
          const request = client.requestJson({ method: "GET", url: vendor.origin, signal: never, redirects });
          assert.equal((await rejection(request)).code, "egress.denied", location);
        }
      });
    }
  });

  test("data from another origin is a bad response; where it is wanted, the credential stays behind, also on the way back", async () => {
    let home = "";
    await withVendor(
      (_, response) => response.writeHead(302, { location: `${home}/back` }).end(),
      async (other) => {
        const handler: Handler = ({ url }, response) => {
          if (url === "/back") sendJson(response, { ok: true });
          else response.writeHead(302, { location: `${other.origin}/there` }).end();
        };
        await withBoth(handler, {}, async (client, vendor) => {
          home = vendor.origin;
          const auth = { kind: "bearer", token: "token-of-the-vendor" } as const;
          const request = {
            method: "GET",
            url: `${vendor.origin}/start`,
            signal: never,
            auth,
            headers: { "x-tenant": "7" },
          } as const;
          assert.equal((await rejection(client.requestJson(request))).code, "vendor.bad_response");
          assert.equal(other.seen.length, 0);

          assert.deepEqual((await client.requestJson({ ...request, redirects: "any-origin" })).body, { ok: true });
          assert.equal(vendor.seen[1]?.headers.authorization, "Bearer token-of-the-vendor");
          for (const hop of [other.seen[0], vendor.seen[2]]) {
            assert.equal(hop?.headers.authorization, undefined);
            assert.equal(hop?.headers["x-tenant"], undefined);
          }
        });
      },
    );
  });

  test("at home the credential goes along, also one in the query", async () => {
    const handler: Handler = ({ url }, response) => {
      if (url?.startsWith("/end") === true) sendJson(response, {});
      else response.writeHead(302, { location: "/end?page=2" }).end();
    };
    await withBoth(handler, {}, async (client, vendor) => {
      const auth = { kind: "api-key", in: "query", name: "key", key: "key-of-the-vendor" } as const;
      await client.requestJson({ method: "GET", url: `${vendor.origin}/start`, signal: never, auth });
      assert.deepEqual(
        vendor.seen.map(({ url }) => url),
        ["/start?key=key-of-the-vendor", "/end?page=2&key=key-of-the-vendor"],
      );
    });
  });

  test("nothing but GET is redirected: a body may hold a secret", async () => {
    const handler: Handler = (_, response) => response.writeHead(307, { location: "/elsewhere" }).end();
    await withBoth(handler, {}, async (client, vendor) => {
      const request = client.requestJson({
        method: "POST",
        url: vendor.origin,
        signal: never,
        body: { kind: "json", value: {} },
      });
      assert.equal((await rejection(request)).code, "vendor.bad_response");
      assert.equal(vendor.seen.length, 1);
    });
  });
});

describe("aborting", () => {
  test("ends the wait between attempts with the signal's reason", async () => {
    const clock = frozenClock();
    await withBoth(
      (_, response) => sendJson(response, {}, 503),
      { clock },
      async (client, vendor) => {
        const controller = new AbortController();
        const request = assert.rejects(get(client, vendor, "/", controller.signal), /run was cancelled/);
        await clock.asleep(1);
        controller.abort(new Error("run was cancelled"));
        await request;
        assert.equal(vendor.seen.length, 1);
      },
    );
  });

  test("ends a request before its answer and in the middle of the body, and closes the connection", async () => {
    for (const begins of [false, true]) {
      const { promise: arrived, resolve } = Promise.withResolvers<{ readonly closed: Promise<unknown> }>();
      const handler: Handler = (_, response) => {
        if (begins) response.writeHead(200, { "content-type": "application/json" }).write("{");
        resolve({ closed: once(response, "close") });
      };
      await withBoth(handler, {}, async (client, vendor) => {
        const controller = new AbortController();
        const request = assert.rejects(get(client, vendor, "/", controller.signal), /run was cancelled/);
        const { closed } = await arrived;
        controller.abort(new Error("run was cancelled"));
        await request;
        await closed;
      });
    }
  });

  test("ends the wait for a place and for the rate limit; an aborted signal sends nothing", async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    await withBoth(
      () => resolve(),
      { maxConcurrent: 1 },
      async (client, vendor) => {
        const first = new AbortController();
        const second = new AbortController();
        const holding = assert.rejects(get(client, vendor, "/", first.signal), /first/);
        await arrived;
        const waiting = assert.rejects(get(client, vendor, "/", second.signal), /second/);
        second.abort(new Error("second"));
        await waiting;
        first.abort(new Error("first"));
        await holding;
        await assert.rejects(get(client, vendor, "/", AbortSignal.abort(new Error("long over"))), /long over/);
        assert.equal(vendor.seen.length, 1);
      },
    );
  });

  test("closing the client ends what is in flight", async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    await withVendor(
      () => resolve(),
      async (vendor) => {
        const client = openVendorClient({ policy: parseEgressAllow("127.0.0.1") });
        const request = assert.rejects(get(client, vendor), /client was closed/);
        await arrived;
        await client[Symbol.asyncDispose]();
        await request;
        await assert.rejects(get(client, vendor), /client was closed/);
      },
    );
  });
});
