import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { type ErrorCode, ProductError } from "@rollcall/core/errors.ts";
import { type Handler, never, withClient, withVendor } from "../test/fake-vendor.ts";
import { memoryTokenStore, mintClientCredentialsToken, tokenSource } from "./access-token.ts";
import type { AuthScheme } from "./authenticate.ts";
import type { VendorLogEntry } from "./vendor-client.ts";

const canary = "CaNaRy-7f3a+/x&9 q";
const inHeader = "CaNaRy-7f3a-in-a-header"; // a header cannot carry every character
const found = /canary-7f3a|Q2FOYVJ5/i; // the second one is how its base64 begins

/** A vendor that repeats the secret wherever it can, in every way an answer can go wrong. */
const answers: Readonly<Record<string, readonly [Handler, ErrorCode]>> = {
  ...Object.fromEntries(
    (
      [
        [400, "vendor.bad_request"],
        [401, "vendor.unauthorized"],
        [403, "vendor.forbidden"],
        [404, "vendor.not_found"],
        [429, "vendor.rate_limited"],
        [500, "vendor.unavailable"],
      ] as const
    ).map(([status, code]): [string, readonly [Handler, ErrorCode]] => [
      String(status),
      [
        (request, response) =>
          response.writeHead(status, `No ${inHeader}`, echo("application/json")).end(repeated(request.text)),
        code,
      ],
    ]),
  ),
  html: [(_, response) => response.writeHead(200, echo("text/html")).end(`<p>${canary}`), "vendor.bad_response"],
  "not JSON": [(_, response) => response.writeHead(200, echo("application/json")).end(canary), "vendor.bad_response"],
  "a strange type": [(_, response) => response.writeHead(200, echo(inHeader)).end("{}"), "vendor.bad_response"],
  "cut off": [
    (_, response) => {
      response.writeHead(200, { ...echo("application/json"), "content-length": "999" }).write(`{"token":"${canary}`);
      setImmediate(() => response.destroy());
    },
    "vendor.bad_response",
  ],
  "not gzip": [
    (_, response) => response.writeHead(200, { ...echo("application/json"), "content-encoding": "gzip" }).end(canary),
    "vendor.bad_response",
  ],
  "too large": [
    (_, response) =>
      response
        .writeHead(200, { ...echo("application/json"), "content-encoding": "gzip" })
        .end(gzipSync(canary.repeat(200_000))),
    "vendor.response_too_large",
  ],
  "not HTTP": [({ socket }) => void socket.end(`${canary}\r\n\r\n`), "vendor.bad_response"],
  "a reset": [({ socket }) => void socket.resetAndDestroy(), "vendor.unreachable"],
  "a denied redirect": [
    (_, response) => response.writeHead(302, { location: `https://10.0.0.1/${inHeader}` }).end(canary),
    "egress.denied",
  ],
  "a redirect elsewhere": [
    (_, response) => response.writeHead(302, { location: `https://api.example.com/${inHeader}` }).end(canary),
    "vendor.bad_response",
  ],
  "a circle": [
    (_, response) => response.writeHead(302, { location: `/${inHeader}?x=${inHeader}` }).end(canary),
    "egress.too_many_redirects",
  ],
};

const schemes: Readonly<Record<string, AuthScheme>> = {
  bearer: { kind: "bearer", token: canary },
  basic: { kind: "basic", username: "someone", password: canary },
  "an API key in a header": { kind: "api-key", in: "header", name: "x-api-key", key: canary },
  "an API key in the query": { kind: "api-key", in: "query", name: "api_key", key: canary },
  "an access token": {
    kind: "oauth2",
    tokens: { current: async () => canary.replace(" ", "~"), renew: async () => canary.replace(" ", "~") },
  },
};

for (const [what, [handler, code]] of Object.entries(answers)) {
  test(`no secret is told when the answer is ${what}`, async () => {
    await withVendor(handler, async (vendor) => {
      const log: VendorLogEntry[] = [];
      await withClient(
        { retry: { maxAttempts: 2 }, log: (entry) => log.push(entry), limits: { maxResponseBytes: 1_000_000 } },
        async (client) => {
          for (const [name, auth] of Object.entries(schemes)) {
            const error = await client
              .requestJson({
                method: "GET",
                url: `${vendor.origin}/users?key=${encodeURIComponent(canary)}`,
                query: { other: canary },
                headers: { "x-session-token": inHeader, cookie: canary },
                secrets: [canary, inHeader],
                signal: never,
                auth,
              })
              .catch((reason: unknown) => reason);
            assert.ok(error instanceof ProductError, name);
            assert.equal(error.code, code);
            assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), found, name);
          }
          // A mint knows its own secret only; nobody hands it a list.
          const credentials = {
            tokenUrl: `${vendor.origin}/token`,
            clientId: "id",
            clientSecret: canary,
            encoding: "form",
            clientAuth: "client_secret_basic",
          } as const;
          for (const clientAuth of ["client_secret_basic", "client_secret_post"] as const) {
            for (const encoding of ["form", "json"] as const) {
              const mint = (signal: AbortSignal) =>
                mintClientCredentialsToken(client, { ...credentials, clientAuth, encoding }, signal);
              const error = await tokenSource({ mint, store: memoryTokenStore() })
                .current(never)
                .catch((reason: unknown) => reason);
              assert.ok(error instanceof ProductError);
              assert.doesNotMatch(inspect(error, { depth: 10 }).replaceAll(inHeader, ""), found);
            }
          }
        },
      );
      assert.ok(log.length > 0);
      assert.doesNotMatch(inspect(log, { depth: 10 }).replaceAll(inHeader, ""), found);
    });
  });
}

test("an address that is denied or is none is not repeated", async () => {
  await withClient({}, async (client) => {
    for (const url of [
      `https://user:${encodeURIComponent(canary)}@api.example.com/`,
      `not a url ${canary}`,
      `https://10.0.0.1/?k=${encodeURIComponent(canary)}`,
    ]) {
      const error = await client.requestJson({ method: "GET", url, signal: never }).catch((reason: unknown) => reason);
      assert.ok(error instanceof ProductError && error.code === "egress.denied");
      assert.doesNotMatch(inspect(error, { depth: 10 }), found);
    }
  });
});

function echo(contentType: string): Record<string, string> {
  return {
    "content-type": contentType,
    "x-request-id": inHeader,
    "x-echo": inHeader,
    "set-cookie": `session=${inHeader}`,
  };
}

function repeated(sent: string): string {
  return JSON.stringify({
    error: { name: `Error ${canary}`, message: `${"x".repeat(280)} ${canary} ${sent}`, token: canary },
    [canary]: canary,
  });
}
