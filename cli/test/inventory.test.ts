import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startTestServer, type TestServer } from "@rollcall/server/test/start-test-server.ts";
import { type Cli, createCli } from "./run-cli.ts";

describe("the inventory on the command line", () => {
  let server: TestServer;
  let cli: Cli;
  before(async () => {
    server = await startTestServer();
    cli = await createCli(server);
  });
  after(async () => {
    await cli[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test("people are listed, found by e-mail, explained, and exported", async () => {
    assert.match((await cli.run(["people", "list"])).stderr, /no such people.*rollcall run start/);
    assert.equal((await cli.run(["people", "export", "--json"])).stdout, "[]\n");
    for (const name of ["ada", "grace"]) {
      const person = { username: name, email: `${name}@example.com`, fullName: `${name}, =1+1` };
      assert.equal((await server.api("POST", "/people", person)).status, 201);
    }
    const list = await cli.run(["people", "list", "--search", "grace"]);
    assert.match(list.stdout, /grace@example\.com/);
    assert.doesNotMatch(list.stdout, /ada@/);
    assert.match((await cli.run(["people", "show", "Ada@Example.com"])).stdout, /Username +ada/);
    assert.match((await cli.run(["people", "why", "ada"])).stdout, /^active: /);
    assert.equal((await cli.run(["people", "history", "ada"])).code, 0);
    const unknown = await cli.run(["people", "show", "nobody@example.com"]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /no person called "nobody@example\.com"/);
    assert.equal((await cli.run(["people", "show", "999999"])).code, 1);

    const csv = (await cli.run(["people", "export"])).stdout;
    assert.match(csv, /ada@example\.com[\s\S]*grace@example\.com/);
    const file = join(cli.home, "people.csv");
    const written = await cli.run(["people", "export", "--output", file, "--search", "grace"]);
    assert.deepEqual([written.code, written.stdout], [0, ""]);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.doesNotMatch(await readFile(file, "utf8"), /ada@/);
    const people = JSON.parse((await cli.run(["people", "export", "--json"])).stdout);
    assert.deepEqual(people.map(({ username }: { username: string }) => username).sort(), ["ada", "grace"]);
  });

  test("an export that breaks off ends with 1", async () => {
    const { createServer } = await import("node:http");
    const broken = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/csv" });
      response.write("id,username\r\n", () => response.destroy());
    }).listen(0, "127.0.0.1");
    try {
      await new Promise((resolve) => broken.once("listening", resolve));
      const address = broken.address();
      assert.ok(address !== null && typeof address === "object");
      const { code, stderr } = await cli.run(["people", "export"], { url: `http://127.0.0.1:${address.port}` });
      assert.equal(code, 1);
      assert.match(stderr, /not complete/);
    } finally {
      broken.close();
    }
  });

  test("applications are listed and shown by name, with users, statistics and removal list", async () => {
    assert.match((await cli.run(["saas", "list"])).stderr, /no such applications/);
    const software = { name: "Clickwrap", publisher: "Ironclad", seats: 10, seatCost: 5, currency: "EUR" };
    assert.equal((await server.api("POST", "/saas", software)).status, 201);
    assert.match((await cli.run(["saas", "list"])).stdout, /Clickwrap +Ironclad/);
    assert.match((await cli.run(["saas", "show", "Clickwrap"])).stdout, /Seats +10/);
    assert.match((await cli.run(["saas", "users", "Clickwrap"])).stderr, /no such users/);
    assert.match((await cli.run(["saas", "users", "Clickwrap", "--csv"])).stdout, /email/i);
    assert.match((await cli.run(["saas", "statistics", "Clickwrap"])).stdout, /Seats free +10/);
    assert.equal(JSON.parse((await cli.run(["saas", "removal-list", "Clickwrap", "--json"])).stdout).total, 0);
    assert.equal((await cli.run(["saas", "removal-list", "Clickwrap", "--idle-days", "0"])).code, 2);
    assert.equal((await cli.run(["saas", "users", "Nothing"])).code, 1);
  });

  test("fields are added and listed, and the catalog is listed", async () => {
    const words = ["field", "add", "--label", "Cost centre", "--type", "choice", "--choice", "A1", "--choice", "B2"];
    const added = await cli.run([...words, "--no-history", "--json"]);
    assert.equal(added.code, 0, added.stderr);
    const { entity, history, editable, choices } = JSON.parse(added.stdout);
    assert.deepEqual(
      { entity, history, editable, choices },
      {
        ...{ entity: "person", history: false, editable: true },
        choices: ["A1", "B2"],
      },
    );
    assert.match((await cli.run(["field", "list", "--entity", "person"])).stdout, /Cost centre +choice/);
    assert.match((await cli.run(["catalog", "list"])).stdout, /Ironclad/);
  });
});
