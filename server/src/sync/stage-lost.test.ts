import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aVendor, countsOf, users } from "@rollcall/server/test/vendor-world.ts";

const count = 20;

for (const table of ["record", "joined"]) {
  test(`C16 rows of the stage that are gone when the run begins to plan (${table}) are read again, and nobody is taken for missing`, async () => {
    await using rollcall = await startTestRollcall();
    await using vendor = await aVendor(rollcall, { users: users("stage.example", count) });
    await vendor.run();
    // Once, in the moment in which the run says that it plans.
    await rollcall.database.query(`
      create table planted (at timestamptz);
      create function lose_rows() returns trigger language plpgsql as $$
      begin
        if not exists (select from planted) then
          insert into planted values (now());
          execute format('delete from stage.${table}_%s where ctid in (select ctid from stage.${table}_%1$s limit 10)', replace(new.id::text, '-', ''));
        end if;
        return new;
      end $$;
      create trigger lose_rows before update on run for each row when (new.stage = 'planning') execute function lose_rows()`);
    const run = await vendor.run();
    assert.deepEqual([run.status, countsOf(run)], ["completed", { fetched: count, unchanged: count }]);
    assert.equal(run.attempt, 2);
    for (const known of Object.values(await vendor.known()))
      assert.deepEqual([known.person, known.role], ["active", "member"]);
  });
}
