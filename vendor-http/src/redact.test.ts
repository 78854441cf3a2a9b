import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { bodyFacts, redactHeaders, redactText, redactUrl } from "./redact.ts";

const numRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 500);

describe("redactText", () => {
  test("a secret is gone in every spelling, whatever stands around it", () => {
    const secret = fc
      .string({ minLength: 6, maxLength: 40, unit: "grapheme-ascii" })
      .filter((text) => !"[redacted]".includes(text));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        for (const spelling of [
          value,
          encodeURIComponent(value),
          JSON.stringify(value).slice(1, -1),
          Buffer.from(value).toString("base64"),
          Buffer.from(value).toString("base64url"),
        ]) {
          const text = redactText(`${before}${spelling}${after}`, [value]);
          assert.ok(!text.includes(spelling) || before.includes(spelling) || after.includes(spelling), text);
        }
      }),
      { numRuns },
    );
  });

  test("a secret that contains another one goes as a whole", () => {
    assert.equal(redactText("is abcdefgh!", ["abcd", "abcdefgh"]), "is [redacted]!");
  });

  test("what looks like a credential goes although nobody named it", () => {
    for (const text of [
      "Bearer abcdefgh12345678",
      'access_token="canary"',
      "client_secret: canary",
      "https://u:canary@host/",
      "apiKey=canary&x=1",
    ]) {
      assert.doesNotMatch(redactText(text, []), /canary|abcdefgh/, text);
    }
  });

  test("ordinary words stay", () => {
    const text = "The requester is unauthorized: the token has expired. Basic plan, bearer of news.";
    assert.equal(redactText(text, [""]), text);
  });
});

test("redactHeaders keeps names, and values only where no credential travels", () => {
  const names = ["Authorization", "Cookie", "set-cookie", "X-API-Key", "x-auth-token", "client-secret", "x-password"];
  const redacted = redactHeaders({
    ...Object.fromEntries(names.map((name) => [name, "canary"])),
    accept: "application/json",
  });
  assert.deepEqual(redacted, {
    ...Object.fromEntries(names.map((name) => [name, "[redacted]"])),
    accept: "application/json",
  });
});

test("redactUrl keeps host, path and the names of parameters", () => {
  assert.equal(
    redactUrl("https://u:canary@api.example:8443/a?key=canary&key=2&page=3#canary"),
    "https://api.example:8443/a?key=[redacted]&page=[redacted]",
  );
  assert.equal(redactUrl("canary"), "[not a URL]");
});

test("bodyFacts says how a body begins, never what is in it", () => {
  const facts = (text: string | Uint8Array, type?: string) =>
    bodyFacts(typeof text === "string" ? Buffer.from(text) : text, type);
  assert.deepEqual(facts("  <!doctype html>", "text/html; charset=canary"), {
    contentType: "text/html",
    length: 17,
    startsWith: "markup",
  });
  assert.equal(facts("{}").startsWith, "object");
  assert.equal(facts("\ufeff[1]").startsWith, "array");
  assert.equal(facts("").startsWith, "nothing");
  assert.equal(facts("Bad Gateway").startsWith, "text");
  assert.equal(facts("-1").startsWith, "number");
  assert.equal(facts(Buffer.from([0x1f, 0x8b, 8])).startsWith, "binary");
  assert.equal(facts("x", "canary canary").contentType, null);
});
