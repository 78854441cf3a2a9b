import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { openJoinedRows } from "./joined-rows-store.ts";

const row = (key: string, userKey: string, role: string) => ({ key, join: "memberships", userKey, row: { role } });

describe("joined rows", () => {
  let folder: string;
  let path: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-rows-"));
    path = join(folder, "run.sqlite");
  });
  after(async () => await rm(folder, { recursive: true }));

  test("are found by user, in order, also by the next process", () => {
    {
      using rows = openJoinedRows(path);
      rows.restart(3);
      rows.keep(1, 1, [row("a", "u1", "admin"), row("b", "u2", "member"), { ...row("c", "", ""), join: null }]);
      rows.keep(1, 2, [row("d", "u1", "owner")]);
    }
    using rows = openJoinedRows(path);
    assert.equal(rows.generation(), 3);
    const found = rows.find(["u1", "u9", "it's"]);
    assert.deepEqual([...found], [["u1", { memberships: [{ role: "admin" }, { role: "owner" }] }]]);
  });

  test("of a page that comes again replace what was kept of it", () => {
    using rows = openJoinedRows(path);
    rows.keep(1, 2, [row("d", "u1", "member")]);
    assert.deepEqual(rows.find(["u1"]).get("u1"), { memberships: [{ role: "admin" }, { role: "member" }] });
  });

  test("are cut back to the pages that the server has, and say when one of these is missing", () => {
    using rows = openJoinedRows(path);
    assert.equal(rows.keepOnly([{ number: 1, pages: 1 }]), true);
    assert.deepEqual(rows.find(["u1"]).get("u1"), { memberships: [{ role: "admin" }] });
    assert.equal(rows.keepOnly([{ number: 1, pages: 2 }]), false);
    assert.equal(
      rows.keepOnly([
        { number: 1, pages: 1 },
        { number: 2, pages: 1 },
      ]),
      false,
    );
    assert.equal(rows.keepOnly([]), true);
    assert.equal(rows.find(["u1"]).size, 0);
  });

  test("are begun anew in a file that cannot be read, and leave nothing when they are wiped", async () => {
    await writeFile(
      path,
      "this is no database, whatever its name says; it is long enough to be looked at as one".repeat(50),
    );
    const rows = openJoinedRows(path);
    assert.equal(rows.generation(), 0);
    rows.keep(1, 1, [row("a", "u1", "admin")]);
    rows.wipe();
    assert.deepEqual(await readdir(folder), []);
  });
});
