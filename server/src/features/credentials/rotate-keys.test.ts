import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import type { Credential } from "@rollcall/core/contract/credentials.ts";
import { affected, one } from "@rollcall/server/postgres/query.ts";
import { dumpTables } from "@rollcall/server/test/dump-tables.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { keyIdOf, openVault } from "@rollcall/server/vault/vault.ts";
import { tokenBinding } from "./bindings.ts";
import { openCredential } from "./open-credential.ts";
import { rotateKeys } from "./rotate-keys.ts";

const oldKey = { id: "old", bytes: randomBytes(32) };
const newKey = { id: "new", bytes: randomBytes(32) };
const before = openVault({ keys: [oldKey] });
const during = openVault({ keys: [newKey, oldKey] });
const after = openVault({ keys: [newKey] });

describe("rotating keys", () => {
  test("seals credentials and cached tokens with the first key, so that the old one can go", async () => {
    await using server = await startTestServer({ parts: { vault: before } });
    const ids = await credentials(server, 3);
    const sealed = await before.seal(tokenBinding(ids[0] ?? "", "https://t.example"), "the token");
    await affected(
      server.database,
      `insert into credential_token (credential_id, token_url, sealed, fingerprint) values ($1, 'https://t.example', $2, 'f')`,
      [ids[0], sealed],
    );
    assert.equal(await rotateKeys(server.database, during), 2 * 3 + 1);
    for (const [index, id] of ids.entries()) {
      const { values } = await openCredential(server.database, after, id);
      assert.deepEqual(values, { clientId: "client", clientSecret: `secret number ${index}` });
    }
    const token = await one<{ sealed: string }>(server.database, "select sealed from credential_token");
    assert.equal(await after.open(tokenBinding(ids[0] ?? "", "https://t.example"), token.sealed), "the token");
    assert.equal(keyIdOf(token.sealed), "new");
    assert.ok(!(await dumpTables(server.database)).includes("secret number"));
  });

  test("does nothing the second time, and goes on after an interruption", async () => {
    await using server = await startTestServer({ parts: { vault: before } });
    const [first = "", second = ""] = await credentials(server, 2);
    await affected(server.database, 'update credential set sealed = \'{"clientSecret": "damaged"}\' where id = $1', [
      second,
    ]);
    await assert.rejects(rotateKeys(server.database, during), { code: "vault.cannot_open" });
    assert.equal((await openCredential(server.database, after, first)).values.clientId, "client");
    await affected(server.database, "update credential set sealed = '{}' where id = $1", [second]);
    assert.equal(await rotateKeys(server.database, during), 0);
  });

  test("leaves everything readable while it runs", async () => {
    await using server = await startTestServer({ parts: { vault: before } });
    const ids = await credentials(server, 4);
    const rotation = rotateKeys(server.database, during);
    const reads = await Promise.all(
      ids.flatMap((id) => [1, 2, 3].map(() => openCredential(server.database, during, id))),
    );
    assert.equal(await rotation, 8);
    assert.ok(reads.every(({ values }) => values.clientSecret?.startsWith("secret number")));
  });
});

async function credentials(server: TestServer, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const { body } = await server.api<Credential>("POST", "/credentials", {
      name: `credential ${index}`,
      kind: "ironclad-clickwrap",
      values: { clientId: "client", clientSecret: `secret number ${index}` },
    });
    ids.push(body.id);
  }
  return ids;
}
