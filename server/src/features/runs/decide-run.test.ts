import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ProductError } from "@rollcall/core/errors.ts";
import type { Database, Transaction } from "@rollcall/server/postgres/database.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";
import { createTestDatabase, type TestDatabase } from "@rollcall/server/test/template-database.ts";
import { approveRun } from "./approve-run.ts";
import { cancelRun } from "./cancel-run.ts";
import type { ApproveOutcome, PlanActions, PlanDecision } from "./plan-actions.ts";
import { rejectRun } from "./reject-run.ts";
import { retryFailed } from "./retry-failed.ts";
import { aClaimedRun, anAccount, aQueue, aRun } from "./run-fixtures.ts";
import { addRunErrors, claimRun, finishRun, heartbeat, type RunEnd } from "./run-store.ts";
import { undoRun } from "./undo-run.ts";

const noon = new Date("2026-11-24T12:00:00Z");
const later = new Date("2026-11-30T12:00:00Z");
const refusedWith = (code: string) => (error: unknown) => error instanceof ProductError && error.code === code;

describe("what people do with a run", () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let actorId: string;
  before(async () => {
    testDatabase = await createTestDatabase();
    database = testDatabase.database;
    actorId = await anAccount(database);
  });
  after(async () => await testDatabase.close());

  const write = <Result>(work: (transaction: Transaction) => Promise<Result>) => inTransaction(database, work);
  const aFinishedRun = async (end: RunEnd): Promise<string> => {
    const { run, lease } = await aClaimedRun(database);
    await write((transaction) => finishRun(transaction, run.id, lease, end));
    return run.id;
  };
  const planOf = (runId: string) =>
    one(database, "select plan, decided_by, decision_reason from run where id = $1", [runId]);

  test("a waiting run is cancelled at once and its task removed", async () => {
    const { id } = await aRun(database);
    const queue = aQueue();
    await write((transaction) => cancelRun(transaction, { queue }, id));
    assert.deepEqual(queue.removed, [id]);
    const claim = await write((transaction) => claimRun(transaction, id, crypto.randomUUID()));
    assert.deepEqual(claim, { kind: "finished", status: "cancelled" });
  });

  test("a running run is asked to stop, which its next heartbeat says", async () => {
    const { run, lease } = await aClaimedRun(database);
    assert.deepEqual(await heartbeat(database, run.id, lease), { alive: true, cancelRequested: false });
    await write((transaction) => cancelRun(transaction, { queue: aQueue() }, run.id));
    await write((transaction) => cancelRun(transaction, { queue: aQueue() }, run.id));
    assert.deepEqual(await heartbeat(database, run.id, lease), { alive: true, cancelRequested: true });
    await write((transaction) => finishRun(transaction, run.id, lease, { status: "cancelled" }));
    await assert.rejects(
      write((transaction) => cancelRun(transaction, { queue: aQueue() }, run.id)),
      refusedWith("run.finished"),
    );
  });

  const plans = (outcome: ApproveOutcome): PlanActions & { readonly approved: readonly PlanDecision[] } => {
    const approved: PlanDecision[] = [];
    return {
      approved,
      approve: async (_, decision) => {
        approved.push(decision);
        return outcome;
      },
      undo: async (_, { runId }) => ({ kind: "started", runId }),
    };
  };

  test("an open plan is applied once, with who approved it and why", async () => {
    const runId = await aFinishedRun({ status: "needs_review", plan: "open", planExpiresAt: later });
    const actions = plans({ kind: "applied" });
    const decision = { runId, actorId, reason: "They left." };
    const approve = () =>
      write((transaction) => approveRun(transaction, { plans: actions, now: () => noon }, decision));
    assert.deepEqual(await approve(), { kind: "applied" });
    assert.deepEqual(await planOf(runId), { plan: "approved", decided_by: actorId, decision_reason: "They left." });
    await assert.rejects(approve(), refusedWith("run.plan_not_open"));
    assert.equal(actions.approved.length, 1);
  });

  test("a plan that the inventory has left behind is closed as stale, and stays refused", async () => {
    const runId = await aFinishedRun({ status: "needs_review", plan: "open", planExpiresAt: later });
    const parts = { plans: plans({ kind: "stale", detail: "2 people were edited." }), now: () => noon };
    const decision = { runId, actorId, reason: "They left." };
    assert.equal((await write((transaction) => approveRun(transaction, parts, decision))).kind, "stale");
    assert.deepEqual(await planOf(runId), { plan: "stale", decided_by: null, decision_reason: null });
    await assert.rejects(
      write((transaction) => approveRun(transaction, parts, decision)),
      refusedWith("run.plan_stale"),
    );
  });

  test("an expired plan is neither approved nor rejected", async () => {
    const runId = await aFinishedRun({ status: "needs_review", plan: "open", planExpiresAt: noon });
    const actions = plans({ kind: "applied" });
    const parts = { plans: actions, now: () => later };
    const decision = { runId, actorId, reason: "They left." };
    await assert.rejects(
      write((transaction) => approveRun(transaction, parts, decision)),
      refusedWith("run.plan_expired"),
    );
    await assert.rejects(
      write((transaction) => rejectRun(transaction, parts, decision)),
      refusedWith("run.plan_expired"),
    );
    assert.equal(actions.approved.length, 0);
  });

  test("a rejected plan stays rejected", async () => {
    const runId = await aFinishedRun({ status: "needs_review", plan: "open" });
    const parts = { plans: plans({ kind: "applied" }), now: () => noon };
    await write((transaction) => rejectRun(transaction, parts, { runId, actorId, reason: null }));
    assert.deepEqual(await planOf(runId), { plan: "rejected", decided_by: actorId, decision_reason: null });
    await assert.rejects(
      write((transaction) => approveRun(transaction, parts, { runId, actorId, reason: "Yes." })),
      refusedWith("run.plan_not_open"),
    );
  });

  test("only what was applied can be undone, and once", async () => {
    const parts = { plans: plans({ kind: "applied" }) };
    const undo = (runId: string) => write((transaction) => undoRun(transaction, parts, { runId, actorId }));
    const applied = await aFinishedRun({ status: "completed", plan: "applied", appliedAt: noon });
    assert.deepEqual(await undo(applied), { kind: "started", runId: applied });
    await database.query("update run set plan = 'undone' where id = $1", [applied]);
    await assert.rejects(undo(applied), refusedWith("run.not_undoable"));
    await assert.rejects(undo(await aFinishedRun({ status: "failed" })), refusedWith("run.not_undoable"));
    await assert.rejects(undo(crypto.randomUUID()), refusedWith("run.not_found"));
    await assert.rejects(undo("1"), refusedWith("run.not_found"));
  });

  test("the records that failed are retried under their keys, each once", async () => {
    const { run, lease } = await aClaimedRun(database);
    await write(async (transaction) => {
      await addRunErrors(transaction, run.id, [
        { kind: "rejected", code: "mapping.mandatory_empty", vendorKey: "b" },
        { kind: "rejected", code: "mapping.too_long", vendorKey: "b" },
        { kind: "disputed", code: "identity.several_people", vendorKey: "a" },
        { kind: "rejected", code: "mapping.key_missing" },
        { kind: "field", code: "mapping.too_long", vendorKey: "c" },
        { kind: "skipped", code: "preference.create_only", vendorKey: "d" },
      ]);
      await finishRun(transaction, run.id, lease, { status: "completed_with_errors" });
    });
    const queue = aQueue();
    const outcome = await write((transaction) => retryFailed(transaction, { queue }, { runId: run.id, actorId }));
    assert.ok(outcome.kind === "started");
    assert.deepEqual(outcome.run.onlyKeys, ["a", "b"]);
    assert.equal(outcome.run.ofRunId, run.id);
    assert.equal(outcome.run.trigger, "retry");
    assert.deepEqual(queue.enqueued, [outcome.run.id]);
  });

  test("a run without failed records is not retried", async () => {
    const runId = await aFinishedRun({ status: "completed" });
    await assert.rejects(
      write((transaction) => retryFailed(transaction, { queue: aQueue() }, { runId, actorId })),
      refusedWith("run.nothing_to_retry"),
    );
  });
});
