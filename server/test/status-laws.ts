import assert from "node:assert/strict";
import { rows } from "@rollcall/server/postgres/query.ts";
import { inventoryRows, linkedRows, statusLines } from "./inventory-rows.ts";
import { assertKept, type Law, noGuard, type Scene, withPolicy } from "./law.ts";
import { planAndApply } from "./reconciliation-history.ts";

/** What a run may never do to anybody. */
export const statusLaws: readonly Law[] = [
  {
    name: "incomplete coverage ⇒ no deactivation for absence, nor for anything else",
    policy: { complete: false },
    holds: nobodyIsDeactivated,
    without: ["the verdict on coverage", withPolicy({ complete: true, guard: noGuard })],
  },
  {
    name: "A4 a tripped guard ⇒ not one deactivation",
    policy: { guard: { ...noGuard, enabled: true, maxPercent: 0, minCount: 0 } },
    holds: nobodyIsDeactivated,
    without: ["the guard", withPolicy({ guard: noGuard })],
  },
  {
    name: "a rejected record's row is neither updated nor deactivated",
    holds: async ({ transaction, integration, seen, policy, run }) => {
      const rejected = new Set(seen.filter(({ outcome }) => outcome === "rejected").map(({ key }) => key));
      const theirs = async () =>
        (await linkedRows(transaction, integration.integrationId)).filter(({ key }) => rejected.has(key));
      const before = await theirs();
      await run(transaction, integration, seen, policy);
      assert.deepEqual(await theirs(), before);
    },
    without: [
      "the staged row of a record that could not be mapped",
      {
        run: (transaction, integration, seen, policy) => {
          const mapped = seen.filter(({ outcome }) => outcome !== "rejected");
          return planAndApply(transaction, integration, mapped, policy);
        },
      },
    ],
  },
  {
    name: "A5 a protected person is never deactivated",
    policy: { guard: noGuard },
    holds: async ({ transaction, integration, seen, policy, run }) => {
      await transaction.query("update person set protected = true where id % 2 = 0");
      const active = async () => await peopleWhere(transaction, "protected and status = 'active'");
      const before = await active();
      await run(transaction, integration, seen, policy);
      assertKept(await active(), before);
    },
    without: [
      "the look at the protection",
      {
        run: async (transaction, ...others) => {
          await transaction.query(
            "update person set protected = false, attributes = '{\"was\": true}' where protected",
          );
          const taken = await planAndApply(transaction, ...others);
          await transaction.query("update person set protected = true where attributes ? 'was'");
          return taken;
        },
      },
    ],
  },
  {
    name: "A5 a person deactivated by hand is never reactivated by a run",
    holds: async ({ transaction, integration, seen, policy, run }) => {
      await transaction.query("update person set status = 'inactive', status_by = 'person' where id % 2 = 0");
      await transaction.query("update link set active = false where person_id % 2 = 0");
      const byHand = async () => await peopleWhere(transaction, "status = 'inactive' and status_by = 'person'");
      const before = await byHand();
      await run(transaction, integration, seen, policy);
      assertKept(await byHand(), before);
    },
    without: [
      "who set the status last",
      {
        run: async (transaction, ...others) => {
          await transaction.query("update person set status_by = 'run'");
          return await planAndApply(transaction, ...others);
        },
      },
    ],
  },
  {
    name: "A7 create-only never updates, nor changes a status",
    policy: { preference: "create-only" },
    holds: async ({ transaction, integration, seen, policy, run }) => {
      const before = await inventoryRows(transaction);
      await run(transaction, integration, seen, policy);
      const now = await inventoryRows(transaction);
      assertKept(now.people, before.people);
      assertKept(now.saasUsers, before.saasUsers);
      assertKept(now.ties, before.ties);
    },
    without: ["the preference", withPolicy({ preference: "create-update" })],
  },
  {
    name: "A7 update-only never creates",
    policy: { preference: "update-only" },
    holds: async ({ transaction, integration, seen, policy, run }) => {
      const before = await peopleWhere(transaction, "true");
      await run(transaction, integration, seen, policy);
      assert.deepEqual(await peopleWhere(transaction, "true"), before);
    },
    without: ["the preference", withPolicy({ preference: "create-update" })],
  },
  {
    name: "A7 deactivate-off never changes a status",
    policy: { deactivate: false },
    holds: async ({ transaction, integration, seen, policy, run }) => {
      const before = await statusLines(transaction);
      await run(transaction, integration, seen, policy);
      assertKept(await statusLines(transaction), before);
    },
    without: ["the setting", withPolicy({ deactivate: true, complete: true, guard: noGuard })],
  },
];

async function nobodyIsDeactivated({ transaction, integration, seen, policy, run }: Scene): Promise<void> {
  const active = async () => (await statusLines(transaction)).filter((line) => / (active|true)$/.test(line));
  const before = await active();
  await run(transaction, integration, seen, policy);
  assertKept(await active(), before);
}

async function peopleWhere(transaction: Scene["transaction"], condition: string): Promise<readonly string[]> {
  const found = await rows<{ id: string }>(transaction, `select id from person where ${condition} order by id`);
  return found.map(({ id }) => id);
}
