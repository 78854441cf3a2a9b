import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Person } from "@rollcall/core/contract/people.ts";
import { changeOf, textOf } from "./person-values.ts";

const fields = [
  { name: "fullName", builtIn: true, type: "short-text" },
  { name: "costCentre", builtIn: false, type: "short-text" },
  { name: "contractor", builtIn: false, type: "yes-no" },
  { name: "since", builtIn: false, type: "date-time" },
] as const;

const person = {
  fullName: "Ada",
  attributes: { costCentre: "007", contractor: true, since: "2026-01-02T03:04:05.678Z" },
} as unknown as Person;

const texts = { fullName: "Ada", costCentre: "007", contractor: "true", since: "2026-01-02T03:04:05" };

describe("a person's form", () => {
  test("asks for nothing when nothing was changed", () => {
    assert.deepEqual(changeOf(person, fields, texts), {});
  });

  test("asks only for what was changed, own fields apart from custom ones; an empty text clears", () => {
    const changed = { ...texts, fullName: "", costCentre: "1e5", contractor: "false" };
    assert.deepEqual(changeOf(person, fields, changed), {
      fullName: null,
      attributes: { costCentre: "1e5", contractor: false },
    });
  });

  test("takes a time without seconds as UTC", () => {
    assert.deepEqual(changeOf(person, fields, { ...texts, since: "2027-01-01T10:00" }), {
      attributes: { since: "2027-01-01T10:00:00Z" },
    });
  });

  test("shows values as its inputs take them", () => {
    assert.equal(textOf(null, "short-text"), "");
    assert.equal(textOf(false, "yes-no"), "false");
    assert.equal(textOf("2026-01-02T03:04:05.678Z", "date-time"), "2026-01-02T03:04:05");
  });
});
