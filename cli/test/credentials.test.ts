import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { type Cli, createCli } from "./run-cli.ts";

const secret = "s3cret-value-4f2a";
const at = new Date().toISOString();

describe("credentials on the command line", () => {
  let server: TestServer;
  let cli: Cli;
  let outcome: TestOutcome = { ok: true, code: null, message: "The vendor answered.", nextStep: null, at };
  before(async () => {
    const unexpected = () => Promise.reject(new Error("Only credentials are tested here."));
    const vendor = { testCredential: async () => outcome, testIntegration: unexpected, sampleRecords: unexpected };
    server = await startTestServer({ parts: { vendor } });
    cli = await createCli(server);
  });
  after(async () => {
    await cli[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const add = (name: string, ...words: readonly string[]) => [
    ...["credential", "add", "--kind", "ironclad-clickwrap", "--name", name],
    ...words,
  ];

  test("are added with values from the standard input or the environment, and a secret is never printed", async () => {
    const values = JSON.stringify({ clientId: "id-1", clientSecret: secret });
    const first = await cli.run(add("From input", "--values-file", "-", "--json"), { input: values });
    assert.equal(first.code, 0, first.stderr);
    assert.equal(JSON.parse(first.stdout).name, "From input");
    const env = { CLICKWRAP_CLIENT_ID: "id-2", CLICKWRAP_CLIENT_SECRET: secret };
    const second = await cli.run(add("From env", "--values-from-env", "CLICKWRAP"), { env });
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /Added the credential From env/);
    const third = await cli.run(add("Both", "--value", "clientId=id-3", "--values-file", "-"), {
      input: JSON.stringify({ clientSecret: secret }),
    });
    assert.equal(third.code, 0, third.stderr);
    const list = await cli.run(["credential", "list"]);
    assert.match(list.stdout, /^ID +NAME +KIND/);
    for (const name of ["From input", "From env", "Both"]) assert.ok(list.stdout.includes(name));
    for (const { stdout, stderr } of [first, second, third, list]) assert.ok(!`${stdout}${stderr}`.includes(secret));
  });

  test("a secret on the command line is refused, and what is missing is named", async () => {
    const typed = await cli.run(add("x", "--value", `clientSecret=${secret}`));
    assert.equal(typed.code, 2);
    assert.match(typed.stderr, /clientSecret is secret and does not belong on the command line/);
    assert.ok(!typed.stderr.includes(secret));
    const missing = await cli.run(add("x", "--value", "clientId=id"));
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /Missing: clientSecret\./);
    const unknown = await cli.run(add("x", "--value", "clientID=id"));
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /Did you mean clientId/);
    const noJson = await cli.run(add("x", "--values-file", "-"), { input: secret });
    assert.equal(noJson.code, 2);
    assert.ok(!noJson.stderr.includes(secret));
    const kind = await cli.run(["credential", "add", "--kind", "ironclad", "--name", "x"]);
    assert.equal(kind.code, 2);
    assert.match(kind.stderr, /Did you mean ironclad-clickwrap/);
  });

  test("what the server refuses in a value is shown by field, with 2", async () => {
    const { code, stderr } = await cli.run(add("x", "--values-file", "-"), {
      input: JSON.stringify({ clientId: " id", clientSecret: secret }),
    });
    assert.equal(code, 2);
    assert.match(stderr, /^ {2}values\.clientId: must not begin or end with a space/m);
  });

  test("are tested and deleted by name or id; a refusal of the vendor ends with 1", async () => {
    const added = await cli.run(add("Short-lived", "--values-file", "-", "--json"), {
      input: JSON.stringify({ clientId: "id", clientSecret: secret }),
    });
    const { id } = JSON.parse(added.stdout);
    assert.match((await cli.run(["credential", "test", "Short-lived"])).stdout, /^ok {2}The vendor answered\./);
    outcome = { ok: false, code: "vendor.unauthorized", message: "Refused.", nextStep: "Enter a new secret.", at };
    const refused = await cli.run(["credential", "test", id]);
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /^fails {2}Refused\.\nEnter a new secret\.\n$/);
    assert.equal(JSON.parse((await cli.run(["credential", "test", id, "--json"])).stdout).ok, false);
    assert.equal((await cli.run(["credential", "delete", "Short-lived"])).code, 0);
    const gone = await cli.run(["credential", "delete", id]);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /There is no credential/);
    const unnamed = await cli.run(["credential", "test", "Short-lived"]);
    assert.equal(unnamed.code, 1);
    assert.match(unnamed.stderr, /There is no credential called "Short-lived"/);
  });
});
