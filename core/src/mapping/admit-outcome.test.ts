import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { admitMapped, admitRejected } from "./admit-outcome.ts";
import { mapRecord } from "./map-record.ts";
import type { MapOutcome } from "./mapping-schema.ts";
import { aCompiledMapping, aTargetField, essentialRules, mapped, targetFields } from "./test-factories.ts";

const runs = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 500) };
const context = { now: "2026-01-31T12:00:00.000Z" };

const compiled = aCompiledMapping({
  targetFields: [
    ...targetFields,
    aTargetField({ name: "badge", type: "number", unique: true }),
    aTargetField({ name: "status", type: "yes-no" }),
    aTargetField({ name: "weight", type: "decimal" }),
    aTargetField({ name: "plan", type: "choice", choices: ["Free", "Paid"] }),
  ],
  rules: [
    ...essentialRules,
    { source: "userId", target: "badge", syncKey: 2 },
    { source: "name", target: "fullName", functions: [{ name: "trim" }] },
    { source: "locale", target: "locale" },
    { source: "verified", target: "status" },
    { source: "timeZone", target: "weight" },
    { source: "locale", target: "plan" },
    { source: "siteRole", target: "saas.role" },
    { source: "verifiedTime", target: "saas.lastActivity" },
    { source: "verified", target: "saas.verified" },
  ],
  activity: { kind: "field", path: "/state", active: ["on"], inactive: ["off"] },
});

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    "",
    " ",
    "x",
    7,
    1.5,
    2 ** 60,
    true,
    [],
    ["a"],
    { a: 1 },
    "2026-01-31",
    "Free",
  ),
  fc.string({ maxLength: 12 }),
  fc.constant("x".repeat(300)),
);
const records = fc.record({
  id: fc.oneof(fc.integer({ min: 0, max: 99 }).map(String), odd),
  email: fc.oneof({ weight: 4, arbitrary: fc.constant("ada@example.com") }, odd),
  name: odd,
  locale: odd,
  timezone: fc.oneof(fc.constantFrom("3.10", "+007", "-0"), odd),
  verified: fc.oneof(fc.boolean(), odd),
  verified_time: fc.oneof(fc.constant("2026-01-02T03:04:05+02:00"), odd),
  state: fc.oneof(fc.constantFrom("on", "off"), odd),
  memberships: fc.oneof(fc.constant([{ role: "admin" }]), odd),
});
const unread = fc.constantFrom(new Set<string>(), new Set(["siteRole"]), new Set(["siteRole", "locale"]));

const ada = { id: "7", email: "ada@example.com", name: "Ada", verified: true, state: "on" };

describe("an outcome that was made elsewhere", () => {
  test("is admitted unchanged whenever mapRecord made it", () => {
    fc.assert(
      fc.property(records, unread, (record, unavailable) => {
        const made = mapRecord(compiled, record, { ...context, unavailable });
        if (made.kind === "filtered") return;
        const claimed: MapOutcome = JSON.parse(JSON.stringify(made));
        const admission =
          claimed.kind === "mapped"
            ? admitMapped(compiled, claimed, unavailable)
            : claimed.kind === "rejected"
              ? admitRejected(compiled, claimed)
              : undefined;
        assert.deepEqual(admission, { kind: "admitted", outcome: claimed });
      }),
      runs,
    );
  });

  const made = mapped(mapRecord(compiled, ada, context));
  const refusals: Readonly<Record<string, object>> = {
    "with a field that is not mapped": { person: { ...made.person, salary: 1 } },
    "with a SaaS field that is not mapped": { saas: { ...made.saas, siteRoles: "x" } },
    "with a prototype": { person: JSON.parse('{"__proto__": {"a": 1}}') },
    "without a mapped field": { person: Object.fromEntries(Object.entries(made.person).slice(1)) },
    "with another constant": { person: { ...made.person, role: "Owner" } },
    "with an empty mandatory field": { person: { ...made.person, username: " " } },
    "with a value of another type": { person: { ...made.person, status: "perhaps" } },
    "with a value in another form": { person: { ...made.person, weight: "+007" } },
    "with text that is too long": { person: { ...made.person, fullName: "x".repeat(257) } },
    "with another sync key than it writes": { syncKeys: ["eve@example.com", "7"] },
    "without a sync key": { syncKeys: ["ada@example.com"] },
    "with more sync keys": { syncKeys: [...made.syncKeys, "x"] },
    "with a value for what does not fit": {
      problems: [{ code: "mapping.wrong_type", target: "fullName", source: "name", expected: "x", found: "nothing" }],
    },
    "with a problem of no field": {
      problems: [{ code: "mapping.wrong_type", target: "salary", source: "name", expected: "x", found: "nothing" }],
    },
    "with a field said to be unread that was read": {
      notCreatable: [{ code: "mapping.not_read", target: "role", source: "x", expected: "x", found: "nothing" }],
    },
  };
  for (const [what, change] of Object.entries(refusals)) {
    test(`is refused ${what}`, () => {
      assert.equal(admitMapped(compiled, { ...made, ...change }, undefined).kind, "refused");
    });
  }

  test("is refused with a field whose stream was not read completely", () => {
    assert.equal(admitMapped(compiled, made, new Set(["siteRole"])).kind, "refused");
  });

  test("is refused when it tells a value in the words of a problem", () => {
    const problem = { code: "mapping.wrong_type", target: "email", source: "email", expected: "text", found: "Ada" };
    assert.equal(admitRejected(compiled, { kind: "rejected", key: "7", problem, others: [] }).kind, "refused");
    const plain = { ...problem, found: "text of 3 characters" };
    assert.equal(admitRejected(compiled, { kind: "rejected", key: "7", problem: plain, others: [] }).kind, "admitted");
    const unknown = { ...plain, code: "mapping.invented" };
    assert.equal(admitRejected(compiled, { kind: "rejected", key: "7", problem: unknown, others: [] }).kind, "refused");
    assert.equal(admitRejected(compiled, { kind: "rejected", key: null, problem: plain, others: [] }).kind, "refused");
  });

  test("is active or inactive only where the connector says how to tell", () => {
    const silent = aCompiledMapping();
    const outcome = mapped(mapRecord(silent, ada, context));
    assert.equal(admitMapped(silent, outcome, undefined).kind, "admitted");
    assert.equal(admitMapped(silent, { ...outcome, activity: "inactive" }, undefined).kind, "refused");
  });
});
