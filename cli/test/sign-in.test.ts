import assert from "node:assert/strict";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { type Cli, createCli } from "./run-cli.ts";

describe("signing in", () => {
  let server: TestServer;
  let cli: Cli;
  before(async () => {
    server = await startTestServer();
  });
  after(async () => await server[Symbol.asyncDispose]());

  const fresh = async (work: () => Promise<void>) => {
    cli = await createCli();
    try {
      await work();
    } finally {
      await cli[Symbol.asyncDispose]();
    }
  };
  const login = () => cli.run(["login", "--url", `${server.url}/`], { input: `${server.token}\n` });

  test("login checks the token and keeps it for its owner alone; logout forgets it", async () => {
    await fresh(async () => {
      const { code, stdout, stderr } = await login();
      assert.equal(code, 0, stderr);
      assert.match(stdout, /Signed in/);
      const file = join(cli.home, ".config", "rollcall", "credentials.json");
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.deepEqual(JSON.parse(await readFile(file, "utf8")), { url: server.url, token: server.token });
      assert.equal((await cli.run(["catalog", "list"])).code, 0);

      assert.equal((await cli.run(["logout"])).code, 0);
      assert.deepEqual(JSON.parse((await cli.run(["logout", "--json"])).stdout), { removed: false, file });
      assert.match((await cli.run(["catalog", "list"])).stderr, /no token/);
    });
  });

  test("XDG_CONFIG_HOME says where it is kept", async () => {
    await fresh(async () => {
      const env = { XDG_CONFIG_HOME: join(cli.home, "elsewhere") };
      const { code } = await cli.run(["login", "--url", server.url], { env, input: server.token });
      assert.equal(code, 0);
      await stat(join(cli.home, "elsewhere", "rollcall", "credentials.json"));
    });
  });

  test("a kept token is sent to no other server", async () => {
    await fresh(async () => {
      await login();
      const asked: (string | undefined)[] = [];
      const other = createServer((request, response) => {
        asked.push(request.headers.authorization);
        response.end("{}");
      }).listen(0, "127.0.0.1");
      try {
        await new Promise((resolve) => other.once("listening", resolve));
        const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
        const { code, stderr } = await cli.run(["run", "list"], { url });
        assert.equal(code, 1);
        assert.match(stderr, /no token for/);
        assert.deepEqual(asked, []);
      } finally {
        other.close();
      }
    });
  });

  test("a wrong token is refused and not kept", async () => {
    await fresh(async () => {
      const refused = await cli.run(["login", "--url", server.url], { input: "this-token-is-not-known" });
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /unknown, expired or revoked/);
      assert.match(refused.stderr, /rollcall login/);
      assert.doesNotMatch(refused.stderr, /this-token-is-not-known/);
      assert.equal(JSON.parse((await cli.run(["logout", "--json"])).stdout).removed, false);
      assert.equal((await cli.run(["login", "--url", server.url], { input: "" })).code, 2);
    });
  });

  test("a token that may not list connectors is a valid one", async () => {
    await fresh(async () => {
      const { body } = await server.api<{ token: string }>("POST", "/api-tokens", { name: "x", scopes: ["run.read"] });
      assert.equal((await cli.run(["login", "--url", server.url], { input: body.token })).code, 0);
      const refused = await cli.run(["catalog", "list"]);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /catalog\.read/);
    });
  });

  test("a damaged file of login is told without what it holds", async () => {
    await fresh(async () => {
      await mkdir(join(cli.home, ".config", "rollcall"), { recursive: true });
      await writeFile(join(cli.home, ".config", "rollcall", "credentials.json"), "secret-token");
      const { code, stderr } = await cli.run(["run", "list"]);
      assert.equal(code, 1);
      assert.match(stderr, /does not hold a sign-in/);
      assert.doesNotMatch(stderr, /secret/);
    });
  });

  test("something else than Rollcall at the address is told as such", async () => {
    await fresh(async () => {
      const page = createServer(({ url }, response) => {
        if (url?.startsWith("/moved") === true) {
          response.writeHead(301, { location: "https://example.com/" }).end();
          return;
        }
        response.writeHead(200, { "content-type": "text/html" }).end("<h1>Hello</h1>");
      }).listen(0, "127.0.0.1");
      try {
        await new Promise((resolve) => page.once("listening", resolve));
        const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
        for (const [address, said] of [
          [url, /text\/html, which no Rollcall server does/],
          [`${url}/moved`, /redirects to https:\/\/example\.com/],
        ] as const) {
          const { code, stderr } = await cli.run(["run", "list"], { url: address, token: server.token });
          assert.equal(code, 1);
          assert.match(stderr, said);
        }
        const wrong = await cli.run(["people", "export"], { url, token: server.token });
        assert.equal(wrong.code, 1);
        assert.equal(wrong.stdout, "");
      } finally {
        page.close();
        page.closeAllConnections();
      }
    });
  });
});
