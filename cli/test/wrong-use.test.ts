import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Cli, createCli } from "./run-cli.ts";

/** An address at which nothing listens: the port of a service that nobody has, and that no test gets by chance. */
const nowhere = "http://127.0.0.1:2";

describe("the command line without a server", () => {
  let cli: Cli;
  before(async () => {
    cli = await createCli({ url: nowhere, token: "a-token-nobody-knows" });
  });
  after(async () => await cli[Symbol.asyncDispose]());

  test("wrong use ends with 2 and says what is wrong", async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [["run", "strat"], /did you mean start/i],
      [["rum"], /unknown command 'rum'/i],
      [["run", "start"], /missing required argument 'integration'/i],
      [["run", "show", "x", "y"], /too many arguments/i],
      [["run", "list", "--colour"], /unknown option '--colour'/i],
      [["run", "list", "--limit", "many"], /whole number/],
      [["run", "list", "--status", "lost"], /allowed choices are queued/i],
      [["run", "approve", "x"], /--reason/],
      [["credential", "add", "--name", "x"], /--kind/],
      [["integration", "create", "--connector", "x"], /--name is required/],
      [["integration", "create", "--name", "x"], /--connector is required/],
      [["integration", "create", "--schedule", "sometimes"], /no schedule/],
      [["integration", "create", "--file", "missing.json"], /missing\.json cannot be read \(ENOENT\)/],
      [["integration", "update", "x"], /at least one setting/],
      [["run", "show", ".."], /no id/],
      [["connector", "check", "missing"], /no folder missing/],
    ];
    for (const [words, said] of cases) {
      const { code, stdout, stderr } = await cli.run(words);
      assert.equal(code, 2, `${words.join(" ")}: ${stderr}`);
      assert.equal(stdout, "");
      assert.match(stderr, said);
    }
  });

  test("a noun alone, and nothing at all, print help and end with 2; --help ends with 0", async () => {
    for (const words of [[], ["run"]]) {
      const { code, stderr } = await cli.run(words);
      assert.equal(code, 2);
      assert.match(stderr, /Usage: rollcall/);
    }
    const { code, stdout } = await cli.run(["run", "start", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /--dry-run/);
    assert.match((await cli.run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  test("a server that does not answer ends with 1 and says what to check", async () => {
    const { code, stdout, stderr } = await cli.run(["run", "list"]);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.ok(stderr.startsWith(`No answer from the Rollcall server at ${nowhere}. Nothing listens`), stderr);
    assert.match(stderr, /ROLLCALL_URL/);
  });

  test("with --json a failure is one JSON object on the error output", async () => {
    for (const [words, code, exit] of [
      [["run", "list", "--json"], "cli.server_unreachable", 1],
      [["run", "strat", "--json"], "cli.wrong_use", 2],
    ] as const) {
      const ended = await cli.run(words);
      assert.equal(ended.code, exit);
      assert.equal(ended.stdout, "");
      const { error } = JSON.parse(ended.stderr);
      assert.equal(error.code, code);
      assert.deepEqual(Object.keys(error), ["code", "message", "nextStep", "errors"]);
    }
  });

  test("without a token, or with an address that is none, nothing is asked", async () => {
    const without = await cli.run(["run", "list"], { token: "" });
    assert.equal(without.code, 1);
    assert.equal(without.stderr, `There is no token for ${nowhere}.\nRun \`rollcall login\`, or set ROLLCALL_TOKEN.\n`);
    for (const url of ["rollcall.example.com", "ftp://example.com", "http://ada:secret@example.com"]) {
      const { code, stderr } = await cli.run(["run", "list"], { url });
      assert.equal(code, 2);
      assert.match(stderr, /address/);
    }
  });
});
