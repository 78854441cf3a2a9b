import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { users } from "@rollcall/server/test/vendor-world.ts";
import { type Cli, createCli } from "./run-cli.ts";

// The command line runs without a desktop's bus, as on a server. Other systems have a keychain that is somebody's own.
const skip = process.platform === "linux" ? false : "This machine's keychain is its owner's.";

describe("the keychain of a runner", { skip }, () => {
  let rollcall: TestRollcall;
  let cli: Cli;
  before(async () => {
    rollcall = await startTestRollcall({ sandbox: { users: users("keychain.example", 5) } });
    cli = await createCli();
    const { code } = await must(rollcall.api<{ code: string }>("POST", "/runners", { name: "Keychain" }));
    assert.equal((await cli.run(["runner", "enroll", "--url", rollcall.url, "--code", code])).code, 0);
  });
  after(async () => {
    await cli[Symbol.asyncDispose]();
    await rollcall[Symbol.asyncDispose]();
  });

  const store = (...words: readonly string[]) => ["runner", "store-credential", "ironclad-clickwrap", ...words];
  const secrets = () => {
    const { clientId, clientSecret } = rollcall.sandbox;
    return JSON.stringify({ clientId, clientSecret });
  };

  test("that does not answer is said so, with what to do instead", async () => {
    const { code, stdout, stderr } = await cli.run(store(), { input: secrets() });
    assert.equal(code, 1);
    assert.match(stderr, /keychain of this machine does not answer: .*\n.*use ROLLCALL_CREDENTIAL_… or a key file/);
    assert.ok(!`${stdout}${stderr}`.includes(rollcall.sandbox.clientSecret));
    const json = await cli.run(store("--json"), { input: secrets() });
    assert.equal(JSON.parse(json.stderr).error.code, "runner.no_keychain");
  });

  test("that does not answer is not replaced by another credential", async () => {
    const { id } = await rollcall.launch({ name: "Kept", installation: "local", credentialId: null });
    const run = await must(rollcall.api<Run>("POST", `/integrations/${id}/runs`));
    const env = {
      ROLLCALL_EGRESS_ALLOW: "127.0.0.1",
      ROLLCALL_CREDENTIAL_CLIENT_ID: rollcall.sandbox.clientId,
      ROLLCALL_CREDENTIAL_CLIENT_SECRET: rollcall.sandbox.clientSecret,
    };
    const read = await cli.run(["runner", "start", "--once", "--keychain"], { env });
    assert.equal(read.code, 1);
    assert.match(read.stdout + read.stderr, /keychain of this machine does not answer/);
    const { status, error } = await rollcall.waitFor(run.id);
    assert.deepEqual([status, error?.code], ["failed", "runner.no_keychain"]);
    const wrong = await cli.run(["runner", "start", "--once"], { env: { ROLLCALL_CREDENTIAL_KEYCHAIN: "attic" } });
    assert.equal(wrong.code, 2);
  });

  test("takes no secret from the command line, and repeats none", async () => {
    const typed = await cli.run(store("--ask", `clientSecret=${rollcall.sandbox.clientSecret}`));
    assert.deepEqual([typed.code, typed.stderr.includes(rollcall.sandbox.clientSecret)], [2, false]);
    for (const input of ["", "no json", "{}", '{"clientId": 7}']) {
      const { code } = await cli.run(store("--keychain", "keyutils"), { input, launcher: launcher() ?? [] });
      assert.equal(code, 2, input);
    }
  });

  test("gives the credential to the runner that asks it, for the hosts that were named, until it is to forget it", {
    skip: launcher() === undefined ? "The kernel keeps no keys for this process." : false,
  }, async () => {
    const way = { launcher: launcher() ?? [], env: { ROLLCALL_EGRESS_ALLOW: "127.0.0.1" } };
    const id = (await rollcall.launch({ name: "In the kernel", installation: "local", credentialId: null })).id;
    const start = async () => {
      const run = await must(rollcall.api<Run>("POST", `/integrations/${id}/runs`));
      const read = await cli.run(["runner", "start", "--once", "--keychain", "keyutils"], way);
      return { ...read, run: await rollcall.waitFor(run.id) };
    };
    const keep = async (...words: readonly string[]) => {
      const kept = await cli.run(store("--keychain", "keyutils", ...words), { ...way, input: secrets() });
      assert.equal(kept.code, 0, kept.stderr);
      assert.match(kept.stdout, /clientId and clientSecret for ironclad-clickwrap/);
      assert.ok(!`${kept.stdout}${kept.stderr}`.includes(rollcall.sandbox.clientSecret));
    };

    await keep("--host", "api.pactsafe.com");
    const elsewhere = await start();
    assert.match(elsewhere.stdout + elsewhere.stderr, /only for api\.pactsafe\.com/);
    await keep("--host", "127.0.0.1");
    const { run, stdout } = await start();
    assert.match(stdout, /In the kernel was read/);
    assert.equal(run.status, "completed");

    const forget = store("--keychain", "keyutils", "--forget");
    assert.equal((await cli.run(forget, way)).code, 0);
    const gone = await start();
    assert.equal(gone.run.error?.code, "runner.no_credential");
    assert.match((await cli.run(forget, way)).stderr, /has no credential for ironclad-clickwrap/);
  });
});

/**
 * Starts a program in a session of the kernel's keys in which those of the user are found, as a login does (keyctl(2), session-keyring(7));
 * undefined where that is not possible.
 */
function launcher(): readonly string[] | undefined {
  const join = `
import ctypes, os, platform, sys
number = {"x86_64": 250, "aarch64": 219}[platform.machine()]
libc = ctypes.CDLL(None)
if libc.syscall(number, 1, None) < 0 or libc.syscall(number, 8, -4, -3) < 0: sys.exit(1)
if len(sys.argv) > 1: os.execv(sys.argv[1], sys.argv[1:])
`;
  const tried = spawnSync("python3", ["-c", join]);
  return tried.status === 0 ? ["/usr/bin/env", "python3", "-c", join] : undefined;
}
