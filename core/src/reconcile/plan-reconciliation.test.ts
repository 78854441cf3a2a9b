import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KnownLink, KnownPerson, PlanPolicy, SeenRecord } from "./plan.ts";
import { planReconciliation, type ReconciliationInput } from "./plan-reconciliation.ts";

describe("the reference plan", () => {
  test("creates who is new, with the SaaS user and the link", () => {
    const plan = planReconciliation(anInput({ seen: [aRecord("1", "ann@a.io")] }));
    assert.deepEqual(
      plan.changes.map(({ key, kind, saasCreated, linkCreated }) => ({ key, kind, saasCreated, linkCreated })),
      [{ key: "1", kind: "create", saasCreated: true, linkCreated: true }],
    );
  });

  test("renames by the vendor's key when the e-mail changed, and makes no second person", () => {
    const plan = planReconciliation(anInput({ ...ann, seen: [aRecord("1", "ann.new@a.io")] }));
    const [change, ...others] = plan.changes;
    assert.deepEqual(others, []);
    assert.equal(change?.kind, "update");
    assert.deepEqual(change?.person, { email: "ann.new@a.io", username: "ann.new@a.io" });
  });

  test("never hands a gone user's person to a new key with the same e-mail", () => {
    const plan = planReconciliation(
      anInput({ ...ann, seen: [aRecord("2", "ann@a.io")], policy: { deactivate: false } }),
    );
    assert.deepEqual(plan.changes, []);
    assert.equal(plan.disputed[0]?.code, "identity.person_already_linked");
  });

  test("gives an e-mail to a new key when its owner visibly moved to another one", () => {
    const plan = planReconciliation(
      anInput({ ...ann, seen: [aRecord("1", "ann.new@a.io"), aRecord("2", "ann@a.io")] }),
    );
    assert.deepEqual(
      plan.changes.map(({ key, kind }) => [key, kind]),
      [
        ["1", "update"],
        ["2", "create"],
      ],
    );
  });

  test("withholds everybody who is missing from an incomplete listing, and says how many", () => {
    const plan = planReconciliation(anInput({ ...ann, policy: { complete: false } }));
    assert.deepEqual(plan.changes, []);
    assert.equal(plan.counts.withheld, 1);
  });

  test("takes a filtered or rejected record as present", () => {
    for (const outcome of ["filtered", "rejected"] as const) {
      const plan = planReconciliation(anInput({ ...ann, seen: [{ ...aRecord("1", "ann@a.io"), outcome }] }));
      assert.deepEqual(plan.changes, [], outcome);
    }
  });

  test("keeps a protected person, withheld with the reason", () => {
    const people = ann.people.map((person) => ({ ...person, protected: true }));
    const [change] = planReconciliation(anInput({ ...ann, people })).changes;
    assert.equal(change?.withheld, "protected");
  });

  test("leaves a person active whom another integration still sees", () => {
    const people = ann.people.map((person) => ({ ...person, activeElsewhere: true }));
    const [change] = planReconciliation(anInput({ ...ann, people })).changes;
    assert.equal(change?.kind, "deactivate");
    assert.equal(change?.personStatus, null);
  });
});

type Changes = Partial<Omit<ReconciliationInput, "policy">> & { readonly policy?: Partial<PlanPolicy> };

function anInput({ policy, ...changes }: Changes): ReconciliationInput {
  return {
    links: [],
    people: [],
    saasUsers: [],
    seen: [],
    answers: [],
    ...changes,
    policy: {
      mode: "user-plus-saas",
      preference: "create-update",
      deactivate: true,
      personDeactivation: "when-unseen",
      restoreArchived: false,
      fieldPolicies: {},
      uniqueFields: ["email", "username"],
      syncKeyCount: 1,
      mandatoryFields: ["email", "username", "role"],
      complete: true,
      judgesAbsence: true,
      guard: {
        enabled: false,
        maxPercent: 10,
        minCount: 5,
        windowPercent: 20,
        confirmRuns: 1,
        windowDeactivated: 0,
        goneLists: [],
      },
      ...policy,
    },
  };
}

function aRecord(key: string, email: string): SeenRecord {
  return {
    key,
    outcome: "mapped",
    activity: "unknown",
    person: { email, username: email, role: "User" },
    saas: { externalId: key },
    uniques: [email, email],
    contentHash: `${key} ${email}`,
  };
}

const ann: {
  links: readonly KnownLink[];
  people: readonly KnownPerson[];
  saasUsers: ReconciliationInput["saasUsers"];
} = {
  links: [{ key: "1", personId: "11", saasUserId: "21", contentHash: "1 ann@a.io", active: true, missingRuns: 0 }],
  people: [
    {
      id: "11",
      document: { email: "ann@a.io", username: "ann@a.io", role: "User" },
      status: "active",
      statusBy: "run",
      protected: false,
      manualFields: [],
      archivedBy: null,
      activeElsewhere: false,
    },
  ],
  saasUsers: [{ id: "21", document: { externalId: "1" }, status: "active", statusBy: "run" }],
};
