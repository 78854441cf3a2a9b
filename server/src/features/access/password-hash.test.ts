import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, isOutdated, verifyPassword } from "./password-hash.ts";

test("a password fits its own hash alone, and two hashes of it differ", async () => {
  const [first, second] = await Promise.all([
    hashPassword("correct horse battery"),
    hashPassword("correct horse battery"),
  ]);
  assert.match(first ?? "", /^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}==\$[\w+/]{43}=$/);
  assert.notEqual(first, second);
  assert.ok(await verifyPassword("correct horse battery", first));
  assert.ok(!(await verifyPassword("correct horse batterz", first)));
  assert.ok(!(await verifyPassword("", first)));
});

test("the same text in another Unicode form is the same password", async () => {
  assert.ok(await verifyPassword("cafe\u0301 noir et fort", await hashPassword("caf\u00e9 noir et fort")));
});

test("no password fits when there is no hash", async () => {
  assert.ok(!(await verifyPassword("correct horse battery", undefined)));
});

test("a hash of other parameters is still read, and is to be made again", async () => {
  // scrypt of RFC 7914 §12: "pleaseletmein", "SodiumChloride", N = 16384, r = 8, p = 1; its first 32 bytes.
  const expected = Buffer.from("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2", "hex");
  const hash = `$scrypt$ln=14,r=8,p=1$${btoa("SodiumChloride")}$${expected.toString("base64")}`;
  assert.ok(await verifyPassword("pleaseletmein", hash));
  assert.ok(isOutdated(hash));
  assert.ok(!isOutdated(await hashPassword("x")));
});
