import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import {
  aCredential,
  aDraft,
  type IntegrationServer,
  startIntegrationServer,
} from "@rollcall/server/test/integration-fixtures.ts";
import { type Cli, createCli } from "./run-cli.ts";

describe("integrations on the command line", () => {
  let server: IntegrationServer;
  let cli: Cli;
  before(async () => {
    server = await startIntegrationServer();
    cli = await createCli(server);
  });
  after(async () => {
    await cli[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const json = async <Value>(...words: readonly string[]): Promise<Value> => {
    const { code, stdout, stderr } = await cli.run([...words, "--json"]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Value;
  };
  const create = (name: string, ...words: readonly string[]) => [
    ...["integration", "create", "--name", name, "--connector", "ironclad-clickwrap"],
    ...words,
  ];

  test("an empty list says what to do and prints nothing on the output", async () => {
    const { code, stdout, stderr } = await cli.run(["integration", "list", "--search", "nobody has this name"]);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "" });
    assert.match(stderr, /Nothing contains "nobody has this name"\. .*rollcall integration create/);
    assert.deepEqual(await json("integration", "list", "--search", "nobody has this name"), {
      data: [],
      nextCursor: null,
      total: 0,
    });
  });

  test("are created with typed inputs, a credential by name, and a schedule", async () => {
    const credentialId = await aCredential(server.database);
    const { body } = await server.api<{ name: string }>("GET", `/credentials/${credentialId}`);
    const words = ["--credential", body.name, "--mode", "user-plus-saas", "--deactivate"];
    const inputs = ["--input", "baseUrl=https://api.pactsafe.com", "--input", "perPage=50"];
    const schedule = ["--schedule", "weekly mon,fri 03:30", "--time-zone", "Europe/Berlin"];
    const made = await json<Integration>(...create("Legal EU", ...words, ...inputs, ...schedule));
    assert.equal(made.credentialId, credentialId);
    assert.equal(made.mode, "user-plus-saas");
    assert.equal(made.deactivate, true);
    assert.equal(made.inputs.perPage, 50);
    assert.deepEqual(made.schedule, { kind: "weekly", days: ["mon", "fri"], at: "03:30", timeZone: "Europe/Berlin" });
    const { stdout } = await cli.run(["integration", "show", "Legal EU"]);
    assert.match(stdout, /Status +draft/);
    assert.match(stdout, /Schedule +weekly mon,fri 03:30 Europe\/Berlin/);
  });

  test("are created from a document, over which options go", async () => {
    const document = { name: "In the file", connector: "ironclad-clickwrap", inputs: { perPage: 7 }, deactivate: true };
    const { code, stdout, stderr } = await cli.run(
      [
        ...["integration", "create", "--file", "-", "--name", "Over it", "--no-deactivate"],
        "--input=perPage=9",
        "--json",
      ],
      { input: JSON.stringify(document) },
    );
    assert.equal(code, 0, stderr);
    const made: Integration = JSON.parse(stdout);
    assert.deepEqual([made.name, made.deactivate, made.inputs.perPage], ["Over it", false, 9]);
  });

  test("what does not fit is refused with 2, by field", async () => {
    const unknown = await cli.run(create("x", "--input", "baseURL=https://a.example"));
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /no input called "baseURL"\. Did you mean baseUrl/);
    const bad = await cli.run(create("x", "--input", "perPage=lots"));
    assert.equal(bad.code, 2, bad.stderr);
    assert.match(bad.stderr, /^ {2}inputs\.perPage: /m);
    const connector = await cli.run(["integration", "create", "--name", "x", "--connector", "ironclad"]);
    assert.equal(connector.code, 2, connector.stderr);
  });

  test("are launched, paused, resumed and archived by name; an unready one says what is missing", async () => {
    await json(...create("Not ready"));
    const refused = await cli.run(["integration", "launch", "Not ready"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /credential/i);
    const { name } = await aDraft(server, { credentialId: await aCredential(server.database) });
    assert.match((await cli.run(["integration", "test", name])).stdout, /^ok/);
    assert.match((await cli.run(["integration", "launch", name])).stdout, /^Launched .* it is active now\./);
    assert.equal((await json<Integration>("integration", "pause", name)).status, "paused");
    assert.equal((await json<Integration>("integration", "resume", name)).status, "active");
    assert.equal((await json<Integration>("integration", "archive", name)).status, "archived");
    const again = await cli.run(["integration", "resume", name]);
    assert.equal(again.code, 1);
  });

  test("are changed one setting at a time", async () => {
    const { name } = await aDraft(server);
    const changed = await json<Integration>("integration", "update", name, "--input=perPage=33", "--schedule=every 60");
    assert.equal(changed.inputs.perPage, 33);
    assert.deepEqual(changed.schedule, { kind: "interval", minutes: 60 });
  });

  test("a name that several archived ones have ends with 2 and their ids; the one in use goes before them", async () => {
    const ids: string[] = [];
    for (let round = 0; round < 2; round++) {
      const { id } = await json<Integration>(...create("Twice"));
      await json("integration", "archive", id);
      ids.push(id);
    }
    const { code, stderr } = await cli.run(["integration", "show", "Twice"]);
    assert.equal(code, 2);
    for (const id of ids) assert.ok(stderr.includes(id), stderr);
    const { id } = await json<Integration>(...create("Twice"));
    assert.equal((await json<Integration>("integration", "show", "Twice")).id, id);
  });

  test("a preview shows mapped records, and escapes of the vendor do not reach the terminal", async () => {
    server.vendor.records = [{ id: 1, email: "ada@example.com", name: "Ada\u001b[31m Lovelace" }];
    const { name } = await aDraft(server, { credentialId: await aCredential(server.database) });
    const { code, stdout, stderr } = await cli.run(["integration", "preview", name]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /ada@example\.com/);
    assert.ok(!stdout.includes("\u001b"));
  });

  test("connectors are listed and shown", async () => {
    assert.match((await cli.run(["connector", "list"])).stdout, /ironclad-clickwrap/);
    const { stdout } = await cli.run(["connector", "show", "ironclad-clickwrap"]);
    assert.match(stdout, /clientSecret \(secret\)/);
    const unknown = await cli.run(["connector", "show", "ironclad"]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /Did you mean ironclad-clickwrap/);
  });
});
