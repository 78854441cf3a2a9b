import assert from "node:assert/strict";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { users } from "@rollcall/server/test/vendor-world.ts";
import { type Cli, createCli } from "./run-cli.ts";

describe("a runner on the command line", () => {
  let rollcall: TestRollcall;
  let administrator: Cli;
  let cli: Cli;
  before(async () => {
    rollcall = await startTestRollcall({ sandbox: { users: users("cli.example", 25) } });
    administrator = await createCli({ url: rollcall.url, token: rollcall.token });
    cli = await createCli();
  });
  after(async () => {
    await cli[Symbol.asyncDispose]();
    await administrator[Symbol.asyncDispose]();
    await rollcall[Symbol.asyncDispose]();
  });

  const vendor = () => ({
    ROLLCALL_EGRESS_ALLOW: "127.0.0.1",
    ROLLCALL_CREDENTIAL_CLIENT_ID: rollcall.sandbox.clientId,
    ROLLCALL_CREDENTIAL_CLIENT_SECRET: rollcall.sandbox.clientSecret,
  });
  const begin = (id: string) => must(rollcall.api<Run>("POST", `/integrations/${id}/runs`));

  test("is created, enrolled, and reads what is due", async () => {
    const { id } = await rollcall.launch({ name: "On site", installation: "local", credentialId: null });
    const created = await administrator.run(["runner", "create", "--name", "Berlin", "--integration", "On site"]);
    assert.equal(created.code, 0, created.stderr);
    const [, code = ""] = /--code (\S+)/.exec(created.stdout) ?? [];
    const enrolled = await cli.run(["runner", "enroll", "--url", rollcall.url], { input: `${code}\n` });
    assert.equal(enrolled.code, 0, enrolled.stderr);
    const file = join(cli.home, ".config", "rollcall", "runner.json");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const { token } = JSON.parse(await readFile(file, "utf8")) as { token: string };
    assert.ok(!enrolled.stdout.includes(token) && !enrolled.stderr.includes(token));

    const run = await begin(id);
    const read = await cli.run(["runner", "start", "--once"], { env: vendor() });
    assert.equal(read.code, 0, read.stderr);
    assert.match(read.stdout, /On site was read/);
    const { status, counts } = await rollcall.waitFor(run.id);
    assert.deepEqual([status, counts.created], ["completed", 25]);

    const shown = await cli.run(["runner", "status"]);
    assert.match(shown.stdout, /Berlin, a runner of/);
    assert.match(shown.stdout, /On site +ironclad-clickwrap +active +completed/);
    const listed = await administrator.run(["runner", "list"]);
    assert.match(listed.stdout, /Berlin +enrolled/);
  });

  test("takes credentials from a key file that nobody else can read, and sends them to no other host", async () => {
    const { id } = await rollcall.launch({ name: "By key file", installation: "local", credentialId: null });
    const { clientId, clientSecret } = rollcall.sandbox;
    const entry = { values: { clientId, clientSecret } };
    const keyFile = join(cli.home, "keys.json");
    const start = async (entries: unknown, mode = 0o600) => {
      await writeFile(keyFile, JSON.stringify(entries));
      await chmod(keyFile, mode);
      const { ROLLCALL_EGRESS_ALLOW } = vendor();
      return await cli.run(["runner", "start", "--once", "--key-file", keyFile], { env: { ROLLCALL_EGRESS_ALLOW } });
    };
    const enrolled = await administrator.run(["runner", "create", "--name", "Keys", "--json"]);
    const { code } = JSON.parse(enrolled.stdout) as { code: string };
    assert.equal((await cli.run(["runner", "enroll", "--url", rollcall.url, "--code", code])).code, 0);
    for (const [entries, mode, said, status] of [
      [{ "By key file": entry }, 0o644, /chmod 600/, "failed"],
      [{ other: entry }, 0o600, /does not name it/, "failed"],
      [{ "By key file": { ...entry, hosts: ["api.pactsafe.com"] } }, 0o600, /only for api\.pactsafe\.com/, "failed"],
      [{ "By key file": { values: { clientId } } }, 0o600, /needs clientId and clientSecret/, "failed"],
      [{ "ironclad-clickwrap": { values: { clientId, clientSecret: "wrong-s3cret" } } }, 0o600, /was read/, "failed"],
      [{ "By key file": { ...entry, hosts: ["127.0.0.1"] } }, 0o600, /was read/, "completed"],
    ] as const) {
      const run = await begin(id);
      const { stdout, stderr } = await start(entries, mode);
      assert.match(stdout + stderr, said);
      assert.ok(!`${stdout}${stderr}`.includes(clientSecret) && !`${stdout}${stderr}`.includes("wrong-s3cret"));
      assert.match((await rollcall.waitFor(run.id)).status, new RegExp(`^${status}`), String(said));
    }
  });

  test("talks to a server over https alone, with its certificate checked", async () => {
    const plain = await cli.run(["runner", "enroll", "--url", "http://rollcall.example.com", "--code", "x"]);
    assert.equal(plain.code, 2);
    assert.match(plain.stderr, /over https alone/);
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    const unchecked = await cli.run(["runner", "enroll", "--url", "https://rollcall.example.com", "--code", "x"], {
      env,
    });
    assert.equal(unchecked.code, 2);
    assert.match(unchecked.stderr, /switches the check of certificates off/);
  });

  test("that is not enrolled, or was deleted, is told so", async () => {
    await using fresh = await createCli();
    const none = await fresh.run(["runner", "start", "--once"]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /rollcall runner enroll/);
    const wrong = await fresh.run(["runner", "enroll", "--url", rollcall.url, "--code", "wrong"]);
    assert.match(wrong.stderr, /wrong, was used, or has expired/);

    assert.equal((await administrator.run(["runner", "delete", "Keys"])).code, 0);
    const deleted = await cli.run(["runner", "start"]);
    assert.equal(deleted.code, 1);
    assert.match(deleted.stderr, /was deleted/);
  });

  test("stops calmly and gives back what it was reading", async () => {
    const { id } = await rollcall.launch({
      name: "Stopped",
      installation: "local",
      credentialId: null,
      inputs: { perPage: 1 },
    });
    const made = await administrator.run([
      "runner",
      "create",
      "--name",
      "Stopping",
      "--integration",
      "Stopped",
      "--json",
    ]);
    const { code } = JSON.parse(made.stdout) as { code: string };
    assert.equal((await cli.run(["runner", "enroll", "--url", rollcall.url, "--code", code])).code, 0);
    rollcall.sandbox.addFaults([{ call: "members", count: "always", fault: { kind: "slow", delayMs: 300 } }]);
    const run = await begin(id);
    const stopped = await cli.run(["runner", "start"], {
      env: vendor(),
      signalOn: (stderr) => (stderr.includes("Reading Stopped") ? "SIGTERM" : undefined),
    });
    assert.equal(stopped.code, 0, stopped.stderr);
    assert.match(stopped.stdout, /Stopped was given back/);
    rollcall.sandbox.clearFaults();
    assert.equal((await cli.run(["runner", "start", "--once"], { env: vendor() })).code, 0);
    assert.match((await rollcall.waitFor(run.id)).status, /^completed/);
  });
});
