import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Plan } from "@rollcall/core/reconcile/plan.ts";
import { planReconciliation } from "@rollcall/core/reconcile/plan-reconciliation.ts";
import type { Transaction } from "@rollcall/server/postgres/database.ts";
import {
  aStep,
  planAndApply,
  rolledBack,
  type Step,
  type TestIntegration,
} from "@rollcall/server/test/reconciliation-history.ts";
import { anIntegration, loadKnown } from "@rollcall/server/test/reconciliation-world.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import fc from "fast-check";

const propertyRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 40);

describe("the plan in the database", () => {
  let test1: TestDatabase;
  before(async () => {
    test1 = await createTestDatabase();
  });
  after(async () => {
    await test1.close();
  });

  test("says what the reference plan says, run after run, and planning again after applying gives an empty plan", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep(), { minLength: 1, maxLength: 6 }), async (steps) => {
        await rolledBack(test1.database, async (transaction) => {
          const one = await anIntegration(transaction, "One");
          const other = await anIntegration(transaction, "Other");
          for (const step of steps) await takeStep(transaction, step.other ? other : one, step);
        });
      }),
      { numRuns: propertyRuns },
    );
  });
});

async function takeStep(transaction: Transaction, integration: TestIntegration, step: Step): Promise<void> {
  for (const edit of step.edits) await transaction.query(edit);
  const input = await loadKnown(transaction, integration.integrationId, step.seen, step.policy);
  const expected = planReconciliation(input);

  const first = await planAndApply(transaction, integration, step.seen, step.policy);
  assert.deepEqual(first.plan, summary(expected), "the database's plan differs from the reference");

  // With confirming runs a second look is a second witness, which may act on what the first withheld.
  if (step.policy.guard.confirmRuns > 1) return;
  const again = planReconciliation(await loadKnown(transaction, integration.integrationId, step.seen, step.policy));
  // What was disputed may have settled itself: somebody whose record was renamed by this plan is in nobody's way any more.
  const disputed = new Set(expected.disputed.map((question) => question.key));
  assert.deepEqual(
    again.changes
      .filter((change) => change.withheld === null && !disputed.has(change.key))
      .map((change) => [change.key, change.kind]),
    [],
    "planning again after applying finds changes",
  );
}

function summary(plan: Plan) {
  const brief = (items: Plan["disputed"]) =>
    items.map(({ key, code }) => ({ key, code })).sort((one, other) => (one.key < other.key ? -1 : 1));
  return { ...plan, disputed: brief(plan.disputed), skipped: brief(plan.skipped) };
}
