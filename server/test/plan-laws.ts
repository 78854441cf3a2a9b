import assert from "node:assert/strict";
import type { PlanPolicy, SeenRecord } from "@rollcall/core/reconcile/plan.ts";
import { inventoryRows, linkedRows } from "./inventory-rows.ts";
import { assertKept, type Law, noGuard, type Product, withPolicy } from "./law.ts";
import { inSavepoint, planAndApply } from "./reconciliation-history.ts";

type Run = Product["run"];

/** What every plan is, whatever it plans. */
export const planLaws: readonly Law[] = [
  {
    name: "applying and planning again gives an empty plan",
    policy: { guard: noGuard },
    holds: async ({ transaction, integration, seen, policy, run }) => {
      const first = await run(transaction, integration, seen, policy);
      const { plan } = await planAndApply(transaction, integration, seen, policy);
      // A question may have settled itself: whoever had the disputed value was renamed by the first plan.
      const disputed = new Set(first.plan.disputed.map(({ key }) => key));
      assert.deepEqual(
        plan.changes.filter(({ key, withheld }) => withheld === null && !disputed.has(key)),
        [],
      );
    },
    without: [
      "writing what was planned",
      {
        run: (transaction, integration, seen, policy) =>
          inSavepoint(transaction, () => planAndApply(transaction, integration, seen, policy)),
      },
    ],
  },
  {
    name: "order and paging do not matter",
    holds: async ({ transaction, integration, seen, policy, chance, run }) => {
      const shuffled = seen
        .map((record, index) => ({ record, rank: chance[index] ?? 0 }))
        .sort((one, two) => one.rank - two.rank)
        .map(({ record }) => record);
      const plan = async (records: readonly SeenRecord[], take: Run) =>
        inSavepoint(transaction, async () => (await take(transaction, integration, records, policy)).plan);
      assert.deepEqual(await plan(shuffled, run), await plan(seen, planAndApply));
    },
    without: [
      "the last record of a page",
      {
        run: (transaction, integration, seen, policy) =>
          planAndApply(transaction, integration, seen.slice(0, -1), policy),
      },
    ],
  },
  {
    name: "every known link and every seen record is accounted for exactly once",
    holds: async ({ transaction, integration, seen, policy, run }) => {
      const keys = new Set(seen.map(({ key }) => key));
      const judged = policy.deactivate && policy.judgesAbsence && policy.preference !== "create-only";
      const known = await linkedRows(transaction, integration.integrationId);
      const missing = judged ? known.filter(({ key, active }) => active && !keys.has(key)).length : 0;
      const { plan } = await run(transaction, integration, seen, policy);
      const total = Object.values(plan.counts).reduce((sum, count) => sum + count, 0);
      assert.equal(total, keys.size + missing);
      const listed = [...plan.changes, ...plan.disputed, ...plan.skipped].map(({ key }) => key);
      assert.equal(new Set(listed).size, listed.length);
    },
    without: [
      "a record that was seen",
      {
        run: (transaction, integration, [, ...seen], policy) => planAndApply(transaction, integration, seen, policy),
      },
    ],
  },
  {
    name: "A7 a plan never touches another integration's links",
    holds: async ({ transaction, integration, other, seen, policy, run }) => {
      const others = async () => {
        const { links, saasUsers } = await inventoryRows(transaction);
        return [...links, ...saasUsers].filter(
          (row) => row.includes(other.integrationId) || row.includes(other.softwareId),
        );
      };
      const before = await others();
      await run(transaction, integration, seen, policy);
      assert.deepEqual(await others(), before);
    },
    without: [
      "the integration's own id in the condition",
      {
        run: async (transaction, integration, seen, policy) => {
          const taken = await planAndApply(transaction, integration, seen, policy);
          await transaction.query("update link set active = false where vendor_key <> all ($1)", [
            seen.map(({ key }) => key),
          ]);
          return taken;
        },
      },
    ],
  },
  {
    name: "raising a limit never removes a change",
    holds: async ({ transaction, integration, seen, policy, chance, run }) => {
      const [more = 0, next = 0] = chance;
      const { guard } = policy;
      const raised: PlanPolicy["guard"] = {
        ...guard,
        maxPercent: guard.maxPercent + (more % 60),
        minCount: guard.minCount + (next % 5),
        windowPercent: guard.windowPercent + (more % 80),
      };
      const applied = async (limits: PlanPolicy["guard"], take: Run) =>
        inSavepoint(transaction, async () => {
          const { plan } = await take(transaction, integration, seen, { ...policy, guard: limits });
          return plan.changes.filter(({ withheld }) => withheld === null).map((change) => JSON.stringify(change));
        });
      assertKept(await applied(raised, run), await applied(guard, planAndApply));
    },
    without: [
      "the direction of the limit",
      withPolicy({ guard: { ...noGuard, enabled: true, maxPercent: 0, minCount: 0 } }),
    ],
  },
  {
    name: "same inputs, same plan",
    holds: async ({ transaction, integration, seen, policy, run }) => {
      const plan = (take: Run) =>
        inSavepoint(transaction, async () => (await take(transaction, integration, seen, policy)).plan);
      assert.deepEqual(await plan(run), await plan(planAndApply));
    },
    without: ["one of the inputs", withPolicy({ preference: "update-only" })],
  },
];
