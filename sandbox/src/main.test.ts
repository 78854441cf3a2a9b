import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseArguments } from "./parse-arguments.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function run(...options: string[]): ChildProcess {
  return spawn(process.execPath, [main, "--port", "0", ...options], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
}

async function firstOutput(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout ?? child, "data");
  return String(chunk);
}

describe("main", () => {
  test("prints one line of JSON when ready, and stops on SIGTERM", async () => {
    const child = run("--json", "--users", "5", "--client-id", "x", "--pending-users", "absent");
    const ready = JSON.parse(await firstOutput(child));
    assert.deepEqual(Object.keys(ready), ["url", "clientId", "clientSecret"]);
    assert.equal(ready.clientId, "x");
    const state = (await (await fetch(`${ready.url}/_sandbox`)).json()) as Record<string, Record<string, unknown>>;
    assert.deepEqual([state.population?.users, state.modes?.pendingUsers], [5, "absent"]);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  test("stops when the program that started it goes away", async () => {
    const child = run();
    assert.match(await firstOutput(child), /client secret {2}sandbox-secret/);
    const exit = once(child, "exit");
    child.disconnect();
    assert.deepEqual(await exit, [0, null]);
  });

  test("names an option it does not know and ends with 2", async () => {
    const child = run("--colour", "red");
    const [message] = await once(child.stderr ?? child, "data");
    assert.match(String(message), /no option --colour/);
    child.disconnect();
    assert.equal((await once(child, "exit"))[0], 2);
  });
});

test("parseArguments reads numbers, modes and faults", () => {
  const { options, json } = parseArguments([
    "--users=3",
    "--token-lifetime",
    "60",
    "--revoke-on-mint",
    "false",
    "--request-id-header",
    "null",
    "--over-page-size",
    "400",
    "--faults",
    '{"call":"members","fault":{"kind":"reset"}}',
    "--json",
  ]);
  assert.equal(json, true);
  assert.deepEqual(options, {
    port: 4700,
    users: 3,
    tokenLifetime: 60,
    revokeOnMint: false,
    requestIdHeader: null,
    overPageSize: "400",
    faults: [{ call: "members", fault: { kind: "reset" } }],
  });
  assert.throws(() => parseArguments(["--users", "many"]), { name: "BadInput" });
  assert.throws(() => parseArguments(["--users"]), { name: "BadInput" });
});
