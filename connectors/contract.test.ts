import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readConnectorFolder } from "@rollcall/cli/connector-folder.ts";
import { checkConnector } from "@rollcall/core/connector/check-connector.ts";

/** Every folder beside this file is a connector and must keep the contract. */
const entries = await readdir(import.meta.dirname, { withFileTypes: true });
const connectors = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);

test("there are connectors to check", () => assert.ok(connectors.length > 0));

for (const id of connectors) {
  const checks = checkConnector(await readConnectorFolder(join(import.meta.dirname, id)));
  describe(`the connector ${id}`, () => {
    for (const { name, ok, detail } of checks) test(name, () => assert.ok(ok, detail));
  });
}
