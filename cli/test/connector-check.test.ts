import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Cli, createCli } from "./run-cli.ts";

const ironclad = fileURLToPath(new URL("../../connectors/ironclad-clickwrap", import.meta.url));

describe("connector check", () => {
  let cli: Cli;
  before(async () => {
    cli = await createCli();
  });
  after(async () => await cli[Symbol.asyncDispose]());

  test("passes a connector that keeps the contract, without a server or a token", async () => {
    const { code, stdout } = await cli.run(["connector", "check", ironclad]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /ironclad-clickwrap keeps the contract: \d+ checks\.\n$/);
    const { connector, ok, checks } = JSON.parse((await cli.run(["connector", "check", ironclad, "--json"])).stdout);
    assert.deepEqual({ connector, ok }, { connector: "ironclad-clickwrap", ok: true });
    assert.ok(checks.length > 10 && checks.every((check: { ok: boolean }) => check.ok));
  });

  test("fails a broken one with 1 and says where", async () => {
    const folder = join(cli.home, "ironclad-clickwrap");
    await cp(ironclad, folder, { recursive: true });
    const manifest = await readFile(join(folder, "connector.yaml"), "utf8");
    await writeFile(join(folder, "connector.yaml"), `${manifest}\nsurprise: true\n`);
    const { code, stdout } = await cli.run(["connector", "check", folder]);
    assert.equal(code, 1);
    assert.match(stdout, /fails the manifest follows the schema and its rules\n.*surprise/);

    await writeFile(join(folder, "connector.yaml"), "a: [1\n");
    const broken = await cli.run(["connector", "check", folder, "--json"]);
    assert.equal(broken.code, 1);
    assert.equal(JSON.parse(broken.stderr).error.code, "connector.invalid");
  });
});
