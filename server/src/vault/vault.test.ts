import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import { keyFileName, loadEncryptionKeys, parseEncryptionKeys } from "./encryption-keys.ts";
import { keyIdOf, openVault } from "./vault.ts";

const oldKey = { id: "old", bytes: randomBytes(32) };
const newKey = { id: "new", bytes: randomBytes(32) };
const binding = { table: "credential", row: "1", field: "clientSecret" };

describe("the vault", () => {
  test("opens what it sealed, in the row and field it was sealed for", async () => {
    const vault = openVault({ keys: [oldKey] });
    const sealed = await vault.seal(binding, "s3cret ✓");
    assert.equal(await vault.open(binding, sealed), "s3cret ✓");
    assert.ok(!Buffer.from(sealed).includes("s3cret"));
    for (const other of [{ table: "x" }, { row: "2" }, { field: "clientId" }]) {
      await assert.rejects(vault.open({ ...binding, ...other }, sealed), isCode("vault.cannot_open"));
    }
  });

  test("seals the same text differently every time", async () => {
    const vault = openVault({ keys: [oldKey] });
    assert.notEqual(await vault.seal(binding, "same"), await vault.seal(binding, "same"));
  });

  test("refuses a value of which any part was changed", async () => {
    const vault = openVault({ keys: [oldKey] });
    const parts = (await vault.seal(binding, "s3cret")).split(".");
    for (const [index, part] of parts.entries()) {
      const changed = parts.with(index, `${part.startsWith("A") ? "B" : "A"}${part.slice(1)}`).join(".");
      await assert.rejects(vault.open(binding, changed), isCode("vault.cannot_open", "vault.key_missing"));
    }
    await assert.rejects(vault.open(binding, "s3cret"), isCode("vault.cannot_open"));
  });

  test("seals with the first key and opens with all", async () => {
    const sealed = await openVault({ keys: [oldKey] }).seal(binding, "s3cret");
    const both = openVault({ keys: [newKey, oldKey] });
    assert.equal(await both.open(binding, sealed), "s3cret");
    assert.equal(keyIdOf(sealed), "old");
    assert.equal(keyIdOf(await both.seal(binding, "s3cret")), "new");
    await assert.rejects(openVault({ keys: [newKey] }).open(binding, sealed), isCode("vault.key_missing"));
  });

  test("recognises a text by its fingerprint under the same key only", () => {
    const one = openVault({ keys: [oldKey] });
    assert.deepEqual(one.fingerprint("a"), one.fingerprint("a"));
    assert.notDeepEqual(one.fingerprint("a"), one.fingerprint("b"));
    assert.notDeepEqual(one.fingerprint("a"), openVault({ keys: [newKey] }).fingerprint("a"));
  });
});

describe("the encryption keys", () => {
  test("come from the variable, the first one first", async () => {
    const text = `new:${Buffer.from(newKey.bytes).toString("base64")}, old:${Buffer.from(oldKey.bytes).toString("base64")}`;
    const keys = await loadEncryptionKeys(text, "/nowhere");
    assert.deepEqual(
      keys.map(({ id }) => id),
      ["new", "old"],
    );
    assert.deepEqual(Buffer.from(keys[0].bytes), newKey.bytes);
  });

  test("are refused without being repeated when the variable is not a list of keys", async () => {
    for (const text of ["canary", "a:canary", `a:${"A".repeat(43)}=,a:${"B".repeat(43)}=`, ","]) {
      await assert.rejects(
        loadEncryptionKeys(text, "/nowhere"),
        (error: unknown) => isCode("config.invalid")(error) && !String(error).includes("canary"),
      );
    }
  });

  test("are made once in a file that nobody else can read, even by processes that start together", async () => {
    await using folder = await aFolder();
    const starts = await Promise.all(
      Array.from({ length: 8 }, () => loadEncryptionKeys(null, join(folder.path, "data"))),
    );
    const [first] = starts;
    assert.ok(first);
    for (const keys of starts) {
      assert.deepEqual(keys, first);
    }
    const file = join(folder.path, "data", keyFileName);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(join(folder.path, "data")), [keyFileName]);
    assert.deepEqual(parseEncryptionKeys(await readFile(file, "utf8")), first);
  });

  test("are refused from a file that others can read", { skip: process.platform === "win32" }, async () => {
    await using folder = await aFolder();
    await loadEncryptionKeys(null, folder.path);
    await chmod(join(folder.path, keyFileName), 0o640);
    await assert.rejects(loadEncryptionKeys(null, folder.path), isCode("vault.key_file_unsafe"));
  });

  test("are refused from a file that was damaged, which is left as it is", async () => {
    await using folder = await aFolder();
    const file = join(folder.path, keyFileName);
    await writeFile(file, "k1:AAAA\n", { mode: 0o600 });
    await assert.rejects(loadEncryptionKeys(null, folder.path), isCode("vault.key_file_invalid"));
    assert.equal(await readFile(file, "utf8"), "k1:AAAA\n");
  });
});

function isCode(...codes: string[]) {
  return (error: unknown): boolean => error instanceof ProductError && codes.includes(error.code);
}

async function aFolder() {
  const path = await mkdtemp(join(tmpdir(), "rollcall-keys-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
