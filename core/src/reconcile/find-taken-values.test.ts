import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findTakenValues } from "./find-taken-values.ts";
import type { KnownPerson, PlannedChange, ValueDocument } from "./plan.ts";

describe("taken values", () => {
  test("finds a value that somebody else keeps", () => {
    const taken = findTakenValues([aChange("2", null, { email: "Ann@a.io " })], [aPerson("1", "ann@a.io")], ["email"]);
    assert.deepEqual(taken, [{ key: "2", holder: "1" }]);
  });

  test("lets two people swap their addresses", () => {
    const people = [aPerson("1", "ann@a.io"), aPerson("2", "bo@a.io")];
    const changes = [aChange("k1", "1", { email: "bo@a.io" }), aChange("k2", "2", { email: "ann@a.io" })];
    assert.deepEqual(findTakenValues(changes, people, ["email"]), []);
  });

  test("follows a conflict along the chain: who waits for a value that is not given up cannot give up theirs", () => {
    const people = [aPerson("1", "a@a.io"), aPerson("2", "b@a.io"), aPerson("3", "c@a.io")];
    const changes = [aChange("k1", "1", { email: "b@a.io" }), aChange("k2", "2", { email: "c@a.io" })];
    const keys = findTakenValues(changes, people, ["email"]).map((taken) => taken.key);
    assert.deepEqual(keys.toSorted(), ["k1", "k2"]);
  });

  test("keeps one's own value out of it", () => {
    assert.deepEqual(
      findTakenValues([aChange("k1", "1", { email: "ANN@a.io" })], [aPerson("1", "ann@a.io")], ["email"]),
      [],
    );
  });
});

function aPerson(id: string, email: string): KnownPerson {
  return {
    id,
    document: { email },
    status: "active",
    statusBy: "run",
    protected: false,
    manualFields: [],
    archivedBy: null,
    activeElsewhere: false,
  };
}

function aChange(key: string, personId: string | null, person: ValueDocument): PlannedChange {
  return {
    key,
    kind: personId === null ? "create" : "update",
    personId,
    person,
    personStatus: null,
    saas: {},
    saasCreated: false,
    saasStatus: null,
    linkCreated: personId === null,
    linkActive: true,
    reason: null,
    withheld: null,
  };
}
