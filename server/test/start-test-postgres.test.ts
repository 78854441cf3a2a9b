import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

const skip = process.platform === "win32" && "the watcher is a shell";

test("the server of a test process that is killed goes away with its folder", { skip }, async () => {
  const script = `
    import { startTestPostgres } from ${JSON.stringify(new URL("./start-test-postgres.ts", import.meta.url).href)};
    process.stdout.write((await startTestPostgres()).connectionString);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [text] = await once(child.stdout, "data");
  const socket = decodeURIComponent(new URL(String(text)).hostname);
  assert.ok(existsSync(socket));
  child.kill("SIGKILL");
  await once(child, "exit");
  while (existsSync(socket)) {
    await sleep(20);
  }
});
