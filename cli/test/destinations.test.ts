import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Destination } from "@rollcall/core/contract/destinations.ts";
import { type DestinationWorld, startDestinationWorld } from "@rollcall/server/test/destination-world.ts";
import { type Cli, createCli } from "./run-cli.ts";

describe("destinations on the command line", () => {
  let world: DestinationWorld;
  let cli: Cli;
  before(async () => {
    world = await startDestinationWorld({ sandbox: { users: 4 }, destination: { name: "First", follows: [] } });
    cli = await createCli(world.rollcall);
  });
  after(async () => {
    await cli[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const create = (name: string) => [
    ...["destination", "create", "--name", name, "--url", world.oomnitza.url, "--credential", "Oomnitza"],
    ...["--follow", `${world.integration.name}=Clickwrap there`, "--constant", "role=25", "--json"],
    ...["--field", "username=username", "--field", "email=email", "--sync-key", "email"],
  ];

  test("are made, listed, shown, changed and deleted", async () => {
    const made = await cli.run(create("Second"));
    assert.equal(made.code, 0, made.stderr);
    const document = JSON.parse(made.stdout) as Destination;
    assert.deepEqual(
      [document.constants, document.fields.length, document.follows[0]?.saasName, document.mode, document.syncKey],
      [{ role: 25 }, 2, "Clickwrap there", "requests", "email"],
    );
    const list = await cli.run(["destination", "list"]);
    assert.match(list.stdout, /^ID +NAME +ADDRESS +STATE +WAITING +FAILED/);
    assert.match(list.stdout, /First[\s\S]*Second/);
    const shown = await cli.run(["destination", "show", "Second"]);
    assert.match(shown.stdout, /Follows +\S.* → Clickwrap there/);

    const update = ["destination", "update", "Second"];
    const refused = await cli.run([...update, "--mode", "bulk"]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /bulkConnector: must be the number of an integration/);
    const changed = await cli.run([
      ...update,
      ...["--mode", "bulk", "--bulk-connector", "9", "--no-enabled"],
      ...["--follow-people", world.integration.name],
    ]);
    assert.match(changed.stdout, /State +off[\s\S]*Mode +bulk, as 9 \(unverified\)[\s\S]*→ people alone/);
    assert.equal((await cli.run(update)).code, 2, "nothing named");
    const file = join(cli.home, "settings.json");
    await writeFile(file, JSON.stringify({ mode: "requests", constants: { position: "007" } }));
    const fromFile = await cli.run([...update, "--file", file, "--json"]);
    const { mode, constants } = JSON.parse(fromFile.stdout) as Destination;
    assert.deepEqual([mode, constants], ["requests", { position: "007" }]);

    assert.equal((await cli.run(["destination", "delete", "Second"])).code, 0);
    const gone = await cli.run(["destination", "show", "Second"]);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /no destination called "Second"/);
    assert.equal((await cli.run(["destination", "create", "--name", "x"])).code, 2);
  });

  test("are tested, brought into step, and told about record by record", async () => {
    const { oomnitza, rollcall, integration } = world;
    const tested = await cli.run(["destination", "test", "First"]);
    assert.deepEqual([tested.code, /ok +The instance accepted the credential/.test(tested.stdout)], [0, true]);
    oomnitza.addFaults([{ call: "users", fault: { kind: "status", status: 401 } }]);
    const refused = await cli.run(["destination", "test", "First"]);
    assert.deepEqual([refused.code, /fails/.test(refused.stdout)], [1, true]);

    await rollcall.run(integration.id);
    const follow = ["destination", "update", "First", "--follow", `${integration.name}=Clickwrap`];
    assert.equal((await cli.run(follow)).code, 0);
    oomnitza.addFaults([{ call: "create-user", fault: { kind: "status", status: 400 } }]);
    const queued = await cli.run(["destination", "resync", "First"]);
    assert.match(queued.stdout, /^4 records queued\.$/m);
    await world.settle();
    const failed = await cli.run(["destination", "deliveries", "First", "--state", "failed"]);
    assert.match(failed.stdout, /failed .*refused it with 400/);
    const retried = await cli.run(["destination", "retry", "First", "--json"]);
    assert.equal(JSON.parse(retried.stdout).queued, 1);
    await world.settle();
    const done = await cli.run(["destination", "deliveries", "First", "--state", "done", "--json"]);
    assert.equal(JSON.parse(done.stdout).total, 4);
    assert.equal(oomnitza.people().length, 4);
    const none = await cli.run(["destination", "deliveries", "First", "--state", "failed"]);
    assert.deepEqual([none.code, none.stdout], [0, ""]);
  });

  test("history that was tampered with is told, and ends with 1", async () => {
    const sound = await cli.run(["audit", "verify"]);
    assert.deepEqual([sound.code, sound.stdout], [0, "ok  History is as it was written.\n"]);
    const { database } = world.rollcall;
    await database.query("update change set reason = 'Somebody else did it' where id = (select min(id) from change)");
    const broken = await cli.run(["audit", "verify"]);
    assert.equal(broken.code, 1);
    assert.match(broken.stdout, /^broken +History is not as it was written in 1 run\.[\s\S]*an entry was edited/);
    const json = await cli.run(["audit", "verify", "--json"]);
    assert.deepEqual([json.code, JSON.parse(json.stdout).ok], [1, false]);
  });
});
