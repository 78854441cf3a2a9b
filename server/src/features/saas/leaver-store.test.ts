import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { rows } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { aPerson, aSaasUser, aSoftware } from "@rollcall/server/test/inventory-factories.ts";
import { createTestDatabase } from "@rollcall/server/test/template-database.ts";
import { watchWork } from "@rollcall/server/test/watch-work.ts";
import { forgetLeavers } from "./leaver-store.ts";

const leave = "update person set status = 'inactive' where id = $1";
const comeBack = "update person set status = 'active' where id = $1";
const activate = "update saas_user set status = 'active', archived_at = null where id = $1";
const deactivate = "update saas_user set status = 'deactivated' where id = $1";

async function leavers(database: Database): Promise<readonly string[]> {
  return (await rows<{ id: string }>(database, "select person_id as id from leaver order by person_id")).map(
    ({ id }) => id,
  );
}

describe("who left and has a seat", () => {
  test("is remembered until the seat or the person's leaving is over", async () => {
    await using made = await createTestDatabase();
    const { database } = made;
    const software = await aSoftware(database);
    const person = await aPerson(database);
    const seat = await aSaasUser(database, software, { personId: person, status: "deactivated" });
    const others = [await aPerson(database, { status: "inactive" }), await aPerson(database)];
    await aSaasUser(database, software, { personId: others[1] ?? "" });
    const steps: readonly (readonly [string, string, boolean])[] = [
      [leave, person, false],
      [activate, seat, true],
      [comeBack, person, false],
      [leave, person, true],
      [deactivate, seat, false],
      ["update saas_user set status = 'active', archived_at = now() where id = $1", seat, false],
      ["update saas_user set archived_at = null where id = $1", seat, true],
      [`update saas_user set person_id = ${others[0]} where id = $1`, seat, false],
    ];
    for (const [statement, id, holds] of steps) {
      await database.query(statement, [id]);
      if (holds) assert.ok((await leavers(database)).includes(person), statement);
      await forgetLeavers(database);
      assert.equal((await leavers(database)).includes(person), holds, statement);
    }
    assert.deepEqual(await leavers(database), [others[0]]);
    await aSaasUser(database, software, { personId: person });
    await forgetLeavers(database);
    assert.deepEqual(await leavers(database), [person, others[0]]);
  });

  test("is remembered when another makes the seat active while they are made inactive", async () => {
    await using made = await createTestDatabase();
    const { database } = made;
    const software = await aSoftware(database);
    for (const isNew of [true, false]) {
      const person = await aPerson(database);
      const seat = isNew ? "" : await aSaasUser(database, software, { personId: person, status: "deactivated" });
      await inTransaction(database, async (transaction) => {
        if (isNew) {
          await transaction.query(
            "insert into saas_user (software_id, person_id, external_id) values ($1, $2, 'new')",
            [software, person],
          );
        } else await transaction.query(activate, [seat]);
        // Neither has seen the other's, nor does who forgets.
        await database.query(leave, [person]);
        await forgetLeavers(database);
      });
      await forgetLeavers(database);
      assert.ok((await leavers(database)).includes(person), isNew ? "new seat" : "seat made active");
    }
  });

  test("is remembered whatever many do at once", async () => {
    await using made = await createTestDatabase();
    const { database } = made;
    const software = await aSoftware(database);
    for (let n = 0; n < 40; n += 1) await aSaasUser(database, software);
    const some = "id % 40 between $1 and $1 + 14";
    const changes = [
      `update person set status = case status when 'active' then 'inactive' else 'active' end where ${some}`,
      `update saas_user set status = case status when 'active' then 'deactivated' else 'active' end where ${some}`,
      `update saas_user set archived_at = case when archived_at is null then now() end where ${some}`,
    ];
    for (let round = 0; round < 20; round += 1) {
      const writing = changes.flatMap((change, index) => [database.query(change, [(round * 7 + index * 11) % 26])]);
      await Promise.all([...writing, forgetLeavers(database), forgetLeavers(database)]);
      await forgetLeavers(database);
      const real = await rows<{ id: string }>(
        database,
        `select p.id from person p where p.status = 'inactive' and exists (
           select from saas_user u where u.person_id = p.id and u.status = 'active' and u.archived_at is null) order by p.id`,
      );
      assert.deepEqual(
        await leavers(database),
        real.map(({ id }) => id),
        `round ${round}`,
      );
    }
  });

  test("H30 costs a few rows for each seat that a run writes, also on a connection that has written a single one", async () => {
    await using made = await createTestDatabase({ max: 1 });
    const { database } = made;
    const software = await aSoftware(database);
    const seats = 300;
    for (let n = 0; n < seats; n += 1) await aSaasUser(database, software, { status: "deactivated" });
    await database.query(`${activate} and status <> 'active'`, [
      (await rows<{ id: string }>(database, "select id from saas_user limit 1"))[0]?.id,
    ]);
    const { heard } = watchWork(database);
    await database.query("update saas_user set status = 'active'");
    assert.ok(heard.some(({ statement }) => statement.includes("old_rows")));
    assert.deepEqual(
      heard.filter((worked) => worked.rows > 20 * seats),
      [],
    );
  });
});
