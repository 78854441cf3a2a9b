import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { PlanPolicy } from "@rollcall/core/reconcile/plan.ts";
import { honest, type Law, noGuard, type Product } from "@rollcall/server/test/law.ts";
import { planLaws } from "@rollcall/server/test/plan-laws.ts";
import { aStep, planAndApply, rolledBack, type Step } from "@rollcall/server/test/reconciliation-history.ts";
import { anIntegration } from "@rollcall/server/test/reconciliation-world.ts";
import { statusLaws } from "@rollcall/server/test/status-laws.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { undoLaws } from "@rollcall/server/test/undo-laws.ts";
import fc from "fast-check";

const propertyRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 10);

/**
 * The laws of ARCHITECTURE.md on the real database. For each one a guard is taken away as well, to see that the law then fails: so
 * none of them holds for want of cases.
 */
describe("the laws", () => {
  let testDatabase: TestDatabase;
  before(async () => {
    testDatabase = await createTestDatabase();
  });
  after(() => testDatabase.close());

  for (const law of [...statusLaws, ...planLaws, ...undoLaws]) {
    const [guard, broken] = law.without;

    test(law.name, () => fc.assert(property(law, honest, {}), { numRuns: propertyRuns }));

    test(`planted fault: without ${guard} there is a counter-example to “${law.name}”`, async () => {
      const found = await fc.check(property(law, { ...honest, ...broken }, eventful), {
        numRuns: 500,
        seed: 7,
        endOnFailure: true,
      });
      assert.ok(found.failed);
    });
  }

  function property(law: Law, product: Product, settings: Partial<PlanPolicy>) {
    return fc.asyncProperty(aCase(), ({ past, last, chance }) =>
      rolledBack(testDatabase.database, async (transaction) => {
        const integration = await anIntegration(transaction, "One");
        const other = await anIntegration(transaction, "Other");
        for (const step of past) {
          for (const edit of step.edits) await transaction.query(edit);
          await planAndApply(transaction, step.other ? other : integration, step.seen, { ...step.policy, ...settings });
        }
        for (const edit of last.edits) await transaction.query(edit);
        const policy = { ...last.policy, ...settings, ...law.policy };
        await law.holds({ ...product, transaction, integration, other, seen: last.seen, policy, chance });
      }),
    );
  }
});

/** Settings under which the most happens: a fault is found sooner. */
const eventful: Partial<PlanPolicy> = {
  mode: "user-plus-saas",
  preference: "create-update",
  deactivate: true,
  complete: true,
  judgesAbsence: true,
  guard: noGuard,
};

/** A generated past, the run that is looked at, and chance for whatever a law needs. */
function aCase() {
  return fc.record({
    past: fc.array<Step>(aStep(), { minLength: 1, maxLength: 2 }),
    last: aStep(),
    chance: fc.array(fc.nat(1000), { minLength: 7, maxLength: 7 }),
  });
}
