import assert from "node:assert/strict";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one, rows } from "@rollcall/server/postgres/query.ts";
import { knownUsers } from "@rollcall/server/test/vendor-world.ts";
import type { Tenant } from "./fleet-tenants.ts";

/** People, SaaS users and links are exactly those that the vendor has or had, once each. */
export async function assertPopulation(database: Database, tenant: Tenant): Promise<number> {
  const known = await knownUsers(database, tenant.integrationId);
  const atVendor = tenant.sandbox.users().filter(({ email }) => String(email).endsWith(`@${tenant.domain}`));
  assert.equal(atVendor.length, tenant.present.length);
  for (const { id, email, name } of atVendor) {
    const user = known[String(id)];
    const found = [user?.email, user?.username, user?.name, user?.person, user?.saas, user?.link];
    assert.deepEqual(found, [email, email, name, "active", "active", true], `user ${id} of ${tenant.domain}`);
  }
  const present = new Set(tenant.present.map(String));
  for (const [key, user] of Object.entries(known).filter(([id]) => !present.has(id))) {
    assert.ok(tenant.gone.includes(Number(key)), `user ${key} of ${tenant.domain} was never there`);
    assert.deepEqual(
      [user.person, user.saas, user.link],
      ["inactive", "deactivated", false],
      `user ${key}, who is gone`,
    );
  }
  const { people, saasUsers } = await one<{ people: number; saasUsers: number }>(
    database,
    `select count(distinct p.id)::int as people, count(u.id)::int as "saasUsers"
     from person p left join saas_user u on u.person_id = p.id where p.email like '%@' || $1`,
    [tenant.domain],
  );
  const links = Object.keys(known).length;
  assert.deepEqual({ people, saasUsers }, { people: links, saasUsers: links }, `duplicates in ${tenant.domain}`);
  return atVendor.length;
}

/** Nobody was created twice, and no change was made twice in a row; the runs' counts are those of their changes. */
export async function assertChangedOnce(database: Database, integrationId: string): Promise<void> {
  const doubled = await rows(
    database,
    `select vendor_key, kind, run_id from (
       select c.*, lag(c.kind) over w as last_kind, lag(c.after) over w as last_after, count(*) filter (where c.kind = 'create') over w as creations
       from change c join run r on r.id = c.run_id and r.applied_at is not null
       where c.integration_id = $1 and c.withheld is null
       window w as (partition by c.vendor_key order by c.id)) c
     where kind = last_kind and (after = last_after or kind in ('deactivate', 'reactivate')) or creations > 1`,
    [integrationId],
  );
  assert.deepEqual(doubled, [], "changes that were made twice");
  const miscounted = await rows(
    database,
    `select r.id, r.counts, c.counted from run r cross join lateral (
       select jsonb_build_object('created', count(*) filter (where kind = 'create'), 'updated', count(*) filter (where kind = 'update'),
         'deactivated', count(*) filter (where kind = 'deactivate'), 'reactivated', count(*) filter (where kind = 'reactivate')) as counted
       from change where run_id = r.id and withheld is null) c
     where r.integration_id = $1 and r.applied_at is not null and not r.counts @> c.counted`,
    [integrationId],
  );
  assert.deepEqual(miscounted, [], "runs whose counts are not those of their changes");
}
