import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Run, runCountsSchema } from "@rollcall/core/contract/runs.ts";
import { asksForDecision, hasApplied, whyNotCancel, whyNotDecide, whyNotRetry, whyNotUndo } from "./run-decisions.ts";

describe("what may be done with a run", () => {
  test("a finished run with an applied plan can be undone, and not cancelled", () => {
    assert.equal(whyNotUndo(aRun()), undefined);
    assert.equal(whyNotCancel(aRun()), "The run is finished.");
  });

  test("nothing is undone twice, nor an undo, nor a preview", () => {
    assert.match(whyNotUndo(aRun({ plan: "undone" })) ?? "", /before/);
    assert.match(whyNotUndo(aRun({ kind: "undo" })) ?? "", /itself an undo/);
    assert.match(whyNotUndo(aRun({ dryRun: true, plan: "open" })) ?? "", /applied nothing/);
    assert.match(whyNotUndo(aRun({ finishedAt: null })) ?? "", /under way/);
  });

  test("creations and updates of a run that waits for review are applied", () => {
    assert.equal(hasApplied({ plan: "open", dryRun: false }), true);
    assert.equal(hasApplied({ plan: "open", dryRun: true }), false);
    assert.equal(hasApplied({ plan: "approved", dryRun: true }), true);
    assert.equal(hasApplied({ plan: "none", dryRun: false }), false);
  });

  test("only an open plan is decided about; any other says why not", () => {
    assert.equal(whyNotDecide(aRun({ plan: "open" })), undefined);
    assert.match(whyNotDecide(aRun({ plan: "stale" })) ?? "", /out of date/);
    assert.match(whyNotDecide(aRun({ plan: "open", finishedAt: null })) ?? "", /under way/);
  });

  test("a decision is shown for previews and for what the guard held back", () => {
    const guard = { reasons: [], knownActive: 10, wouldDeactivate: 10 };
    assert.equal(asksForDecision({ plan: "applied", guard: null, dryRun: false }), false);
    assert.equal(asksForDecision({ plan: "approved", guard, dryRun: false }), true);
    assert.equal(asksForDecision({ plan: "open", guard: null, dryRun: true }), true);
    assert.equal(asksForDecision({ plan: "none", guard: null, dryRun: true }), false);
  });

  test("only rejected and disputed records are retried", () => {
    assert.match(whyNotRetry(aRun()) ?? "", /No record/);
    assert.equal(whyNotRetry(aRun({ counts: runCountsSchema.parse({ disputed: 1 }) })), undefined);
  });
});

function aRun(differences: Partial<Run> = {}): Run {
  const at = "2026-01-01T00:00:00.000Z";
  return {
    id: "0197a000-0000-7000-8000-000000000001",
    integrationId: "0197a000-0000-7000-8000-000000000002",
    integrationName: "Legal",
    kind: "sync",
    ofRunId: null,
    trigger: "manual",
    requestedBy: null,
    status: "completed",
    stage: "finished",
    dryRun: false,
    reader: "server",
    runner: null,
    attempt: 1,
    queuedAt: at,
    startedAt: at,
    finishedAt: at,
    cancelRequestedAt: null,
    coverage: { complete: true, gaps: [] },
    counts: runCountsSchema.parse({}),
    progress: { pages: 1, records: 1, expected: 1, ratePerSecond: null, secondsLeft: null },
    plan: "applied",
    planExpiresAt: null,
    guard: null,
    decision: null,
    error: null,
    ...differences,
  };
}
