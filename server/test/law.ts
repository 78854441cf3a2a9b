import assert from "node:assert/strict";
import type { PlanPolicy, SeenRecord } from "@rollcall/core/reconcile/plan.ts";
import type { Transaction } from "@rollcall/server/postgres/database.ts";
import { planAndApply, type TestIntegration, undoStep } from "./reconciliation-history.ts";

/** Something that holds for every run, whatever the vendor shows, people do and the settings say. */
export type Law = {
  readonly name: string;
  /** Settings that the law is about, in place of the generated ones. */
  readonly policy?: Partial<PlanPolicy>;
  readonly holds: (scene: Scene) => Promise<void>;
  /** A guard that the law rests on, and the product without it: then a counter-example has to be found. */
  readonly without: readonly [guard: string, Partial<Product>];
};

/** The run that is looked at, after a generated past. */
export type Scene = Product & {
  readonly transaction: Transaction;
  readonly integration: TestIntegration;
  readonly other: TestIntegration;
  readonly seen: readonly SeenRecord[];
  readonly policy: PlanPolicy;
  readonly chance: readonly number[];
};

/** What a planted fault replaces. */
export type Product = { readonly run: typeof planAndApply; readonly undo: typeof undoStep };

export const honest: Product = { run: planAndApply, undo: undoStep };

/** The product ignoring a setting. */
export function withPolicy(policy: Partial<PlanPolicy>): Partial<Product> {
  return {
    run: (transaction, integration, seen, given) =>
      planAndApply(transaction, integration, seen, { ...given, ...policy }),
  };
}

export const noGuard: PlanPolicy["guard"] = {
  enabled: false,
  maxPercent: 100,
  minCount: 1000,
  windowPercent: 100,
  confirmRuns: 1,
  windowDeactivated: 0,
  goneLists: [],
};

/** Every line that was there is still there, unchanged. */
export function assertKept(now: readonly string[], before: readonly string[]): void {
  const present = new Set(now);
  assert.deepEqual(
    before.filter((line) => !present.has(line)),
    [],
  );
}
