import assert from "node:assert/strict";
import { test } from "node:test";
import { never } from "../test/fake-vendor.ts";
import { type AuthScheme, proofFor } from "./authenticate.ts";

const schemes: readonly (readonly [AuthScheme, object])[] = [
  [{ kind: "bearer", token: "abc" }, { header: ["authorization", "Bearer abc"] }],
  [
    { kind: "basic", username: "jörg", password: "pa:ss" },
    { header: ["authorization", `Basic ${Buffer.from("jörg:pa:ss").toString("base64")}`] },
  ],
  [{ kind: "api-key", in: "header", name: "X-API-Key", key: "abc" }, { header: ["x-api-key", "abc"] }],
  [
    { kind: "api-key", in: "header", name: "Authorization", key: "abc", prefix: "Token" },
    { header: ["authorization", "Token abc"] },
  ],
  [{ kind: "api-key", in: "query", name: "key", key: "a b" }, { query: ["key", "a b"] }],
  [
    { kind: "oauth2", tokens: { current: async () => "t", renew: async () => assert.fail("nothing was refused") } },
    { header: ["authorization", "Bearer t"], accessToken: "t" },
  ],
];
for (const [scheme, expected] of schemes) {
  const placed = "in" in scheme ? ` in ${scheme.in}` : "";
  test(`${scheme.kind}${placed} is sent as its standard says`, async () => {
    assert.partialDeepStrictEqual(await proofFor(scheme, never), expected);
  });
}

test("a credential that cannot stand in a header is refused without being repeated", async () => {
  const broken: readonly AuthScheme[] = [
    { kind: "bearer", token: "canary\r\nx: y" },
    { kind: "bearer", token: "canary " },
    { kind: "api-key", in: "header", name: "x-key", key: "canáry" },
    { kind: "basic", username: "canary:", password: "x" },
  ];
  for (const scheme of broken) {
    await assert.rejects(proofFor(scheme, never), (error: Error) => {
      assert.doesNotMatch(error.message, /can[aá]ry/);
      return "code" in error && error.code === "vendor.unauthorized";
    });
  }
});
