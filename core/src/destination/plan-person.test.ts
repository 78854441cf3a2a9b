import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { DestinationField } from "../contract/destinations.ts";
import { keyFilter } from "./key-filter.ts";
import { type FieldType, isSameValue, outgoingValue } from "./outgoing-value.ts";
import { type PersonSettings, planPerson } from "./plan-person.ts";

const types: Readonly<Record<string, FieldType>> = {
  email: "short-text",
  badge: "short-text",
  level: "number",
  since: "date-time",
  confirmed: "yes-no",
};
const fields: readonly DestinationField[] = Object.keys(types).map((field) => ({
  field,
  externalId: `x_${field}`,
  when: field === "badge" ? "create" : "always",
}));
const settings: PersonSettings = { fields, types, constants: { role: 25 }, suspendPeople: true };
const person = { email: "a@x.io", badge: "007", level: 7, since: "2026-01-02T03:04:05.678Z", confirmed: true };

describe("planPerson", () => {
  test("sends a new person everything that is not empty, typed by its field, and the constants", () => {
    assert.deepEqual(planPerson(settings, { values: { ...person, level: null }, active: true }, undefined), {
      kind: "create",
      body: { role: 25, x_email: "a@x.io", x_badge: "007", x_since: "2026-01-02T03:04:05Z", x_confirmed: true },
    });
  });

  test("sends of a known person only what differs, and never what is for new ones", () => {
    const found = { x_email: "A@x.io", x_badge: "1", x_level: "7", x_since: 1_767_323_045, x_confirmed: true };
    assert.deepEqual(planPerson(settings, { values: person, active: true }, found), {
      kind: "update",
      body: { x_email: "a@x.io" },
      actions: ["updated"],
    });
  });

  test("suspends and resumes when told to, and makes nobody only to be suspended", () => {
    const found = { x_email: "a@x.io", x_level: 7, x_since: 1_767_323_045, x_confirmed: "1", suspended: false };
    const plan = planPerson(settings, { values: person, active: false }, found);
    assert.deepEqual(plan, { kind: "update", body: { suspended: true }, actions: ["suspended"] });
    const back = planPerson(settings, { values: person, active: true }, { ...found, suspended: true });
    assert.deepEqual(back.kind === "update" && back.actions, ["resumed"]);
    const silent = { ...settings, suspendPeople: false };
    assert.equal(planPerson(silent, { values: person, active: false }, found).kind, "unchanged");
    assert.equal(planPerson(settings, { values: person, active: false }, undefined).kind, "not-needed");
  });

  test("has nothing to send after what it planned was done", () => {
    const value = fc.oneof(fc.string(), fc.constantFrom(null, "", "007", "1e5", "true"), fc.integer(), fc.boolean());
    const record = fc.record({
      email: value,
      badge: value,
      level: value,
      since: fc.oneof(
        value,
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((at) => at.toISOString()),
      ),
      confirmed: value,
    });
    const runs = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 1000);
    fc.assert(
      fc.property(record, fc.option(record), fc.boolean(), (values, before, active) => {
        const wanted = { values, active };
        const found = before === null ? undefined : outgoingAsFound(before);
        const plan = planPerson(settings, wanted, found);
        if (plan.kind !== "create" && plan.kind !== "update") return;
        const after = { ...found, ...plan.body };
        assert.equal(planPerson(settings, wanted, after).kind, "unchanged");
      }),
      { numRuns: runs },
    );
  });
});

function outgoingAsFound(values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    fields.map(({ field, externalId }) => [externalId, outgoingValue(types[field] ?? "number", values[field])]),
  );
}

test("texts that look like numbers, dates or booleans stay texts", () => {
  for (const text of ["007", "1e5", "3.10", "0x1F", "True", "EDT"]) {
    assert.equal(outgoingValue("short-text", text), text);
    assert.equal(isSameValue(text, text), true);
  }
  assert.equal(isSameValue("007", 7), false);
  assert.equal(isSameValue("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+02:00"), true, "an offset means nothing there");
});

test("a key that the filter language may not be able to quote is not asked for", () => {
  assert.equal(keyFilter("username", ["o'brien@x.io", "a&b"]), `username IN ["o'brien@x.io","a&b"]`);
  for (const key of ['a"b', "a\\b", "a\nb"]) assert.equal(keyFilter("username", ["fine", key]), undefined);
  assert.equal(keyFilter("username", []), undefined);
});
