import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { changeFields } from "./change-fields.ts";
import { harmlessCell } from "./harmless-cell.ts";
import { planAt } from "./open-plan.ts";
import { progressAt } from "./run-document.ts";
import { runErrorText } from "./run-error-text.ts";

describe("a run's progress", () => {
  const startedAt = "2026-11-24T12:00:00.000Z";
  const tenSecondsLater = new Date("2026-11-24T12:00:10.000Z");

  test("tells rate and time left from what was fetched since the start", () => {
    const progress = { pages: 5, records: 500, expected: 1200, startedAt };
    assert.deepEqual(progressAt({ progress, status: "running", stage: "fetching" }, tenSecondsLater), {
      pages: 5,
      records: 500,
      expected: 1200,
      ratePerSecond: 50,
      secondsLeft: 14,
    });
  });

  test("counts the rate of a resumed run from the resume", () => {
    const progress = { pages: 5, records: 500, expected: 500, startedAt, startedAtRecords: 400 };
    const { ratePerSecond, secondsLeft } = progressAt(
      { progress, status: "running", stage: "fetching" },
      tenSecondsLater,
    );
    assert.deepEqual([ratePerSecond, secondsLeft], [10, 0]);
  });

  test("tells neither while it plans, when the total is unknown, or before anything came", () => {
    const progress = { pages: 1, records: 100, expected: null, startedAt };
    assert.equal(progressAt({ progress, status: "running", stage: "planning" }, tenSecondsLater).ratePerSecond, null);
    assert.equal(progressAt({ progress, status: "running", stage: "fetching" }, tenSecondsLater).secondsLeft, null);
    assert.deepEqual(progressAt({ progress: {}, status: "queued", stage: "waiting" }, tenSecondsLater), {
      pages: 0,
      records: 0,
      expected: null,
      ratePerSecond: null,
      secondsLeft: null,
    });
  });
});

describe("the fields of a change", () => {
  test("are those that differ, with the SaaS user's behind saas.", () => {
    const fields = changeFields(
      {
        person: { email: "old@x.example", role: "User" },
        personStatus: { status: "active", by: "run" },
        saas: { role: "Admin", siteRoles: "A" },
        saasStatus: { status: "active" },
      },
      {
        person: { email: "new@x.example", role: "User" },
        personStatus: { status: "inactive", by: "run" },
        saas: { role: "Admin", siteRoles: null },
        saasStatus: { status: "deactivated" },
      },
    );
    assert.deepEqual(fields, [
      { field: "email", before: "old@x.example", after: "new@x.example" },
      { field: "status", before: "active", after: "inactive" },
      { field: "saas.siteRoles", before: "A", after: null },
      { field: "saas.status", before: "active", after: "deactivated" },
    ]);
  });

  test("of a creation are all that have a value", () => {
    assert.deepEqual(changeFields({}, { person: { email: "a@x.example", locale: null }, link: { active: true } }), [
      { field: "email", before: null, after: "a@x.example" },
    ]);
  });
});

test("an open plan is shown as expired after its time, a decided one as it was decided", () => {
  const expiresAt = new Date("2026-11-24T12:00:00Z");
  const after = new Date("2026-11-24T12:00:01Z");
  assert.equal(planAt({ plan: "open", planExpiresAt: expiresAt }, expiresAt), "open");
  assert.equal(planAt({ plan: "open", planExpiresAt: expiresAt }, after), "expired");
  assert.equal(planAt({ plan: "open", planExpiresAt: null }, after), "open");
  assert.equal(planAt({ plan: "approved", planExpiresAt: expiresAt }, after), "approved");
});

test("every kind of code has its sentence, and an unknown one says so", () => {
  for (const code of ["mapping.too_long", "identity.several_people", "page.failed", "vendor.rate_limited"]) {
    assert.doesNotMatch(runErrorText(code).meaning, /does not know/, code);
  }
  assert.match(runErrorText("future.code").meaning, /future\.code/);
  assert.match(runErrorText("constructor").meaning, /does not know/);
});

test("a cell that a spreadsheet would take for a formula gets an apostrophe", () => {
  for (const cell of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]) {
    assert.equal(harmlessCell(cell), `'${cell}`);
  }
  assert.equal(harmlessCell("a=1"), "a=1");
  assert.equal(harmlessCell(null), "");
});
