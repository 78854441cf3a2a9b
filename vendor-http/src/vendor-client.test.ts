import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { describe, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { get, rejection, withBoth } from "../test/call-vendor.ts";
import { type Handler, never, sendJson, withClient, withVendor } from "../test/fake-vendor.ts";
import { parseEgressAllow } from "./egress-policy.ts";

const html = "<html><body>Log in</body></html>";

describe("requestJson", () => {
  test("sends query, headers and body, and gives back the JSON, its size and the request id", async () => {
    const handler: Handler = (_, response) =>
      sendJson(response, { data: [1] }, 200, { "X-Request-Id": "req-7", "set-cookie": "a=b" });
    await withBoth(handler, {}, async (client, vendor) => {
      const answer = await client.requestJson({
        method: "POST",
        url: `${vendor.origin}/v1.1/users?fixed=1`,
        query: { page: 2, sort: ["id", "-name"], none: undefined },
        headers: { "X-Extra": "yes" },
        body: { kind: "form", fields: { a: "1 & 2" } },
        signal: never,
      });
      assert.deepEqual(answer.body, { data: [1] });
      assert.equal(answer.status, 200);
      assert.equal(answer.receivedBytes, 12);
      assert.equal(answer.requestId, "req-7");
      assert.equal(answer.headers["set-cookie"], undefined);
      const [seen] = vendor.seen;
      assert.equal(seen?.url, "/v1.1/users?fixed=1&page=2&sort=id&sort=-name");
      assert.equal(seen?.headers["x-extra"], "yes");
      assert.equal(seen?.headers["content-type"], "application/x-www-form-urlencoded");
      assert.equal(seen?.text, "a=1+%26+2");
    });
  });

  test("accepts gzip and br, JSON by any of its types, a byte order mark, and 204 without a body", async () => {
    const handler: Handler = ({ url }, response) => {
      const json = JSON.stringify({ url });
      const type = "application/vnd.api+json; charset=utf-8";
      if (url === "/gzip")
        response.writeHead(200, { "content-type": type, "content-encoding": "gzip" }).end(gzipSync(json));
      else if (url === "/br")
        response.writeHead(200, { "content-type": type, "content-encoding": "br" }).end(brotliCompressSync(json));
      else if (url === "/bom") response.writeHead(200, { "content-type": type }).end(`\ufeff${json}`);
      else response.writeHead(204, { "content-encoding": "gzip" }).end();
    };
    await withBoth(handler, {}, async (client, vendor) => {
      for (const url of ["/gzip", "/br", "/bom"]) assert.deepEqual((await get(client, vendor, url)).body, { url });
      assert.equal((await get(client, vendor, "/none")).body, null);
    });
  });

  const refusals: readonly (readonly [number, string, number])[] = [
    [400, "vendor.bad_request", 1],
    [401, "vendor.unauthorized", 1],
    [403, "vendor.forbidden", 1],
    [404, "vendor.not_found", 1],
    [422, "vendor.bad_request", 1],
    [429, "vendor.rate_limited", 5],
    [500, "vendor.unavailable", 5],
    [502, "vendor.unavailable", 5],
    [503, "vendor.unavailable", 5],
  ];
  for (const [status, code, attempts] of refusals) {
    test(`${status} is ${code} after ${attempts} attempts, in the vendor's words`, async () => {
      const error = { message: "Words of the vendor.", status, name: "SomeError", code: "x" };
      await withBoth(
        (_, response) => sendJson(response, { error, secretly: "hidden" }, status),
        {},
        async (client, vendor) => {
          const thrown = await rejection(get(client, vendor, "/v1.1/users?personal=data"));
          assert.equal(thrown.code, code);
          assert.deepEqual(thrown.details, {
            method: "GET",
            origin: vendor.origin,
            path: "/v1.1/users",
            attempts,
            status,
            vendorName: "SomeError",
            vendorMessage: "Words of the vendor.",
          });
          assert.match(thrown.message, new RegExp(`/v1.1/users answered ${status} “Words of the vendor.”`));
          assert.doesNotMatch(thrown.message, /personal|hidden/);
          assert.equal(vendor.seen.length, attempts);
        },
      );
    });
  }

  const unusable: Readonly<Record<string, Handler>> = {
    "HTML with status 200": (_, response) => response.writeHead(200, { "content-type": "text/html" }).end(html),
    "HTML called JSON": (_, response) => response.writeHead(200, { "content-type": "application/json" }).end(html),
    "JSON called text": (_, response) => response.writeHead(200, { "content-type": "text/plain" }).end("{}"),
    "no content type": (_, response) => response.writeHead(200).end("{}"),
    "an empty 200": (_, response) => response.writeHead(200, { "content-type": "application/json" }).end(),
    "half a JSON text": (_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end('{"data":[1,'),
    "bytes that are not UTF-8": (_, response) =>
      response.writeHead(200, { "content-type": "application/json" }).end(Buffer.from([0x22, 0xff, 0x22])),
    "an encoding nobody asked for": (_, response) =>
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "zstd" }).end("{}"),
    "a body that is not gzip": (_, response) =>
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end("{}"),
    "304 to a request without a condition": (_, response) => response.writeHead(304).end(),
  };
  for (const [what, handler] of Object.entries(unusable)) {
    test(`${what} is a bad response, at once`, async () => {
      await withBoth(handler, {}, async (client, vendor) => {
        const thrown = await rejection(get(client, vendor));
        assert.equal(thrown.code, "vendor.bad_response");
        assert.equal(vendor.seen.length, 1);
      });
    });
  }

  test("a bad response is described without any of its text", async () => {
    const handler: Handler = (_, response) =>
      response.writeHead(200, { "content-type": "text/html; charset=x" }).end(html);
    await withBoth(handler, {}, async (client, vendor) => {
      const thrown = await rejection(get(client, vendor));
      assert.deepEqual(thrown.details.body, { contentType: "text/html", length: html.length, startsWith: "markup" });
      assert.match(thrown.message, /answered 200 with text\/html instead of JSON/);
    });
  });

  test("an answer over the limit is cut off and not asked for again", async () => {
    let closed: Promise<unknown> | undefined;
    const handler: Handler = (_, response) => {
      closed = once(response, "close");
      response.writeHead(200, { "content-type": "application/json" });
      const more = (): void => {
        while (!response.destroyed && response.write(" ".repeat(64 * 1024)));
      };
      response.on("drain", more);
      more(); // never ends
    };
    await withBoth(handler, { limits: { maxResponseBytes: 1_000_000 } }, async (client, vendor) => {
      assert.equal((await rejection(get(client, vendor))).code, "vendor.response_too_large");
      await closed;
      assert.equal(vendor.seen.length, 1);
    });
  });

  test("the limit holds for what is unpacked: 60 MB in 60 kB are cut off", async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000, " "));
    const handler: Handler = (_, response) =>
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb);
    await withBoth(handler, {}, async (client, vendor) => {
      assert.equal((await rejection(get(client, vendor))).code, "vendor.response_too_large");
      assert.ok(client.statistics().receivedBytes <= bomb.length);
    });
  });
});

describe("a network that fails", () => {
  const cut: Readonly<Record<string, readonly [Handler, string]>> = {
    "a connection reset before the answer": [({ socket }) => void socket.resetAndDestroy(), "vendor.unreachable"],
    "a connection closed before the answer": [({ socket }) => void socket.destroy(), "vendor.unreachable"],
    "a body cut before its stated length": [
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write('{"data":');
        setImmediate(() => response.destroy());
      },
      "vendor.bad_response",
    ],
    "a chunked body cut before its end": [
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" }).write('{"data":[]}');
        setImmediate(() => response.destroy());
      },
      "vendor.bad_response",
    ],
    "a compressed body cut before its end": [
      (_, response) => {
        const gzipped = gzipSync("[".repeat(1000));
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
        response.end(gzipped.subarray(0, -10));
      },
      "vendor.bad_response",
    ],
  };
  for (const [what, [handler, code]] of Object.entries(cut)) {
    test(`${what} is ${code} after the last attempt`, async () => {
      await withBoth(handler, { retry: { maxAttempts: 2 } }, async (client, vendor) => {
        const thrown = await rejection(get(client, vendor));
        assert.equal(thrown.code, code);
        assert.equal(thrown.details.attempts, 2);
        assert.equal(vendor.seen.length, 2);
      });
    });
  }

  const hangs: Readonly<Record<string, readonly [Handler, RegExp]>> = {
    "a server that does not answer": [() => undefined, /did not answer in time/],
    "a body that falls silent": [
      (_, response) => void response.writeHead(200, { "content-type": "application/json" }).write("{"),
      /fell silent in the middle/,
    ],
  };
  for (const [what, [handler, words]] of Object.entries(hangs)) {
    test(`${what} is unreachable`, async () => {
      const limits = { headersMs: 50, bodyMs: 50 };
      await withBoth(handler, { limits, retry: { maxAttempts: 1 } }, async (client, vendor) => {
        const thrown = await rejection(get(client, vendor));
        assert.equal(thrown.code, "vendor.unreachable");
        assert.match(thrown.message, words);
      });
    });
  }

  test("a body that drips for ever ends with the attempt's time", async () => {
    const handler: Handler = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const drip = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(drip));
    };
    await withBoth(handler, { limits: { attemptMs: 150 }, retry: { maxAttempts: 1 } }, async (client, vendor) => {
      assert.match((await rejection(get(client, vendor))).message, /took too long as a whole/);
    });
  });

  test("a name that is never resolved ends with the connection's time", async () => {
    const options = { policy: parseEgressAllow("slow.example"), resolve: () => undefined, limits: { connectMs: 50 } };
    await withClient({ ...options, retry: { maxAttempts: 1 } }, async (client) => {
      const thrown = await rejection(
        client.requestJson({ method: "GET", url: "https://slow.example/", signal: never }),
      );
      assert.equal(thrown.code, "vendor.unreachable");
      assert.match(thrown.message, /UND_ERR_CONNECT_TIMEOUT/);
    });
  });

  test("nobody listening is unreachable after all attempts; no TLS where TLS is due is not tried again", async () => {
    const gone = await withVendor(
      () => undefined,
      async (vendor) => vendor.origin,
    );
    await withClient({}, async (client) => {
      const thrown = await rejection(client.requestJson({ method: "GET", url: gone, signal: never }));
      assert.deepEqual([thrown.code, thrown.details.attempts], ["vendor.unreachable", 5]);
    });
    await withBoth(
      (_, response) => sendJson(response, {}),
      {},
      async (client, vendor) => {
        const url = `https://${vendor.host}/`;
        const thrown = await rejection(client.requestJson({ method: "GET", url, signal: never }));
        assert.deepEqual([thrown.code, thrown.details.attempts], ["vendor.unreachable", 1]);
      },
    );
  });

  test("what is not HTTP is a bad response", async () => {
    const server = createTcpServer((socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const request = { method: "GET", url: `http://127.0.0.1:${port}/`, signal: never } as const;
    const thrown = await withClient({}, (client) => rejection(client.requestJson(request)));
    await new Promise((resolve) => server.close(resolve));
    assert.equal(thrown.code, "vendor.bad_response");
  });
});

describe("many requests", () => {
  test("no more than allowed are in flight, in the order they came, over connections that are kept", async () => {
    let inFlight = 0;
    let most = 0;
    const handler: Handler = (_, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        sendJson(response, {});
      }, 5);
    };
    await withBoth(handler, { maxConcurrent: 3 }, async (client, vendor) => {
      await Promise.all(Array.from({ length: 30 }, (_, n) => get(client, vendor, `/${n}`)));
      assert.equal(most, 3);
      assert.ok(vendor.connections() <= 3);
      const order = vendor.seen.map(({ url }) => Number(url?.slice(1)));
      // Three travel at once, so neighbours may overtake each other.
      for (const [position, n] of order.entries()) assert.ok(Math.abs(n - position) < 3, order.join());
      assert.deepEqual(client.statistics(), { requests: 30, retries: 0, receivedBytes: 60, waitedMs: 0 });
    });
  });
});
