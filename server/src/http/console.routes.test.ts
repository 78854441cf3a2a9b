import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startTestServer } from "@rollcall/server/test/start-test-server.ts";

const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe("the console", () => {
  test("is the same page under every address that is one of its own, never kept by caches", async () => {
    await using built = await buildConsole();
    await using server = await startTestServer({ app: { consoleFolder: built.folder } });
    for (const path of ["/", "/people", "/people/17?status=active", "/start", "/apiary", "/healthy"]) {
      const answer = await get(server.url, path, html);
      assert.deepEqual([answer.status, answer.text], [200, "the console"], path);
      assert.equal(answer.headers.get("cache-control"), "no-store");
      assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
    }
    const policy = (await get(server.url, "/", html)).headers.get("content-security-policy") ?? "";
    assert.match(policy, /script-src 'self'(;|$)/);
    assert.match(policy, /style-src 'self' 'unsafe-inline'(;|$)/);
  });

  test("has files that never change under their names", async () => {
    await using built = await buildConsole();
    await using server = await startTestServer({ app: { consoleFolder: built.folder } });
    const script = await get(server.url, "/assets/index-B0wZ1a2b.js", { accept: "*/*" });
    assert.deepEqual([script.status, script.text], [200, "script()"]);
    assert.equal(script.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.match(script.headers.get("content-type") ?? "", /javascript/);
    assert.equal(script.headers.get("x-content-type-options"), "nosniff");
    const icon = await get(server.url, "/favicon.svg", { accept: "image/*" });
    assert.deepEqual([icon.status, icon.headers.get("cache-control")], [200, "public, max-age=0"]);
  });

  test("answers 404 for files and calls that do not exist", async () => {
    await using built = await buildConsole();
    await using server = await startTestServer({ app: { consoleFolder: built.folder } });
    for (const [path, headers] of [
      ["/assets/gone.js", html],
      ["/assets/", html],
      ["/gone.png", { accept: "image/*" }],
      ["/api/v1/nothing", html],
      ["/api", html],
      ["/health/nothing", html],
      ["/metrics/nothing", html],
    ] as const) {
      const { status, text, headers: found } = await get(server.url, path, headers);
      assert.equal(status, 404, path);
      assert.match(text, /request\.not_found/);
      assert.equal(found.get("cache-control"), "no-store", path);
    }
    const posted = await fetch(`${server.url}/people`, { method: "POST", headers: html });
    assert.equal(posted.status, 404);
  });

  test("gives no file from outside its folder", async () => {
    await using built = await buildConsole();
    await using server = await startTestServer({ app: { consoleFolder: built.folder } });
    for (const path of [
      "/../secret.txt",
      "/assets/../../secret.txt",
      "/assets/..%2f..%2fsecret.txt",
      "/%2e%2e/secret.txt",
      "/..%5csecret.txt",
      "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
      "//secret.txt",
      "/.hidden",
      "/assets/%00.js",
    ]) {
      const answer = await rawGet(server.url, path);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, path);
      assert.ok(!answer.includes("secret"), path);
    }
  });

  test("has a page that says so when it is not built", async () => {
    await using server = await startTestServer({ app: { consoleFolder: join(tmpdir(), "rollcall-no-console") } });
    const home = await get(server.url, "/", html);
    assert.equal(home.status, 200);
    assert.match(home.text, /no console/);
    assert.equal((await get(server.url, "/people", html)).status, 404);
  });
});

type Got = { readonly status: number; readonly text: string; readonly headers: Headers };

async function get(url: string, path: string, headers: Readonly<Record<string, string>>): Promise<Got> {
  const response = await fetch(`${url}${path}`, { headers });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** `fetch` would tidy the path. */
async function rawGet(url: string, path: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\naccept: */*\r\nconnection: close\r\n\r\n`);
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return answer.replaceAll(path, "");
}

async function buildConsole(): Promise<AsyncDisposable & { readonly folder: string }> {
  const around = await mkdtemp(join(tmpdir(), "rollcall-console-"));
  const folder = join(around, "dist");
  await mkdir(join(folder, "assets"), { recursive: true });
  await writeFile(join(around, "secret.txt"), "secret");
  await writeFile(join(folder, "index.html"), "the console");
  await writeFile(join(folder, "favicon.svg"), "<svg/>");
  await writeFile(join(folder, ".hidden"), "secret");
  await writeFile(join(folder, "assets", "index-B0wZ1a2b.js"), "script()");
  return { folder, [Symbol.asyncDispose]: () => rm(around, { recursive: true }) };
}
