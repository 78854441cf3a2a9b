import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { canonicalText } from "./canonical-text.ts";
import { mapRecord } from "./map-record.ts";
import type { MapOutcome } from "./mapping-schema.ts";
import { aCompiledMapping, aTargetField, essentialRules, mapped, targetFields } from "./test-factories.ts";
import { valueProblemTable } from "./value-problems.ts";

const propertyRuns = { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) };
const context = { now: "2026-01-31T12:00:00.000Z" };

const ada = {
  id: "u-1",
  email: "Ada@Example.com",
  name: "Ada Lovelace",
  locale: "en",
  timezone: "EDT",
  verified: true,
  memberships: [{ role: "admin", site: "Main" }],
};

const allRules = [
  ...essentialRules,
  { source: "name", target: "fullName" },
  { source: "locale", target: "locale" },
  { source: "timeZone", target: "timeZone" },
  { source: "siteRole", target: "saas.role" },
  { source: "verified", target: "saas.verified" },
];

const everything = aCompiledMapping({ rules: allRules });
const map = (record: unknown, compiled = everything, unavailable?: ReadonlySet<string>) =>
  mapRecord(compiled, record, unavailable === undefined ? context : { ...context, unavailable });

describe("mapRecord", () => {
  test("maps a record to the person and the SaaS user", () => {
    assert.deepEqual(map(ada), {
      kind: "mapped",
      key: "u-1",
      person: {
        email: "Ada@Example.com",
        fullName: "Ada Lovelace",
        locale: "en",
        role: "User",
        timeZone: "EDT",
        username: "Ada@Example.com",
      },
      saas: { role: "admin", verified: true },
      syncKeys: ["Ada@Example.com"],
      activity: "unknown",
      problems: [],
    });
  });

  test("keeps odd text exactly in text fields", () => {
    for (const odd of ["007", "1e5", "3.10", "0x1F", "EDT", "Null", "True", " x ", "\u202e"]) {
      assert.equal(mapped(map({ ...ada, timezone: odd })).person.timeZone, odd);
    }
  });

  test("clears what is null, absent or empty at the vendor", () => {
    const { name: _, ...rest } = ada;
    const outcome = mapped(map({ ...rest, locale: null, timezone: "", memberships: [] }));
    assert.deepEqual(
      [outcome.person.fullName, outcome.person.locale, outcome.person.timeZone, outcome.saas.role],
      [null, null, null, null],
    );
    assert.deepEqual(outcome.problems, []);
  });

  test("leaves a field as it was when its value does not fit, and lists it without the value", () => {
    const outcome = mapped(map({ ...ada, name: ["Ada"], verified: "perhaps" }));
    assert.ok(!("fullName" in outcome.person) && !("verified" in outcome.saas));
    assert.deepEqual(
      outcome.problems.map(({ code, target, source, found }) => [code, target, source, found]),
      [
        ["mapping.wrong_type", "fullName", "name", "list of 1"],
        ["mapping.wrong_type", "saas.verified", "verified", "text of 7 characters"],
      ],
    );
  });

  test("leaves fields as they were when their stream was not read completely", () => {
    const compiled = aCompiledMapping({
      rules: [...allRules, { source: "Site", target: "saas.lastActivity" }],
      customFields: [{ name: "Site", path: "memberships[0].since" }],
    });
    const outcome = mapped(map({ ...ada, memberships: [] }, compiled, new Set(["siteRole"])));
    assert.deepEqual(outcome.saas, { verified: true });
    assert.equal(outcome.notCreatable, undefined);
  });

  test("forbids creating, not updating, when a mandatory field's stream was not read completely", () => {
    const rules = [...essentialRules.slice(0, 2), { source: "siteRole", target: "role" }];
    const outcome = mapped(map(ada, aCompiledMapping({ rules }), new Set(["siteRole"])));
    assert.ok(!("role" in outcome.person));
    assert.deepEqual(
      outcome.notCreatable?.map(({ code, target }) => [code, target]),
      [["mapping.not_read", "role"]],
    );
  });

  test("rejects a record whose first sync key's stream was not read completely", () => {
    const outcome = map(ada, everything, new Set(["email"]));
    assert.equal(outcome.kind === "rejected" && outcome.problem.code, "mapping.not_read");
  });

  for (const empty of [undefined, null, "", "  "]) {
    test(`rejects a record whose first sync key is ${JSON.stringify(empty) ?? "absent"}, naming the other problems too`, () => {
      const outcome = map({ ...ada, email: empty, name: {} });
      assert.equal(outcome.kind, "rejected");
      if (outcome.kind !== "rejected") return;
      assert.deepEqual([outcome.key, outcome.problem.code], ["u-1", "mapping.sync_key_empty"]);
      assert.deepEqual(
        outcome.others.map(({ code }) => code),
        ["mapping.mandatory_empty", "mapping.wrong_type"],
      );
    });
  }

  test("rejects a record whose mandatory value does not fit", () => {
    const outcome = map({ ...ada, email: "x".repeat(300) });
    assert.equal(outcome.kind === "rejected" && outcome.problem.code, "mapping.too_long");
  });

  const keys: readonly (readonly [unknown, string | null])[] = [
    ["u-1", "u-1"],
    [" u-1", " u-1"],
    [0, "0"],
    [42, "42"],
    [undefined, null],
    [null, null],
    ["", null],
    ["  ", null],
    [{ id: 1 }, null],
    [["u-1"], null],
    [true, null],
    [1.5, null],
    [2 ** 60, null],
    ["a\u0000", null],
    ["\udc00", null],
    ["x".repeat(1025), null],
  ];
  for (const [id, expected] of keys) {
    test(`reads ${String(JSON.stringify(id)).slice(0, 20)} as ${expected === null ? "no key" : `the key ${expected}`}`, () => {
      const outcome = map({ ...ada, id });
      assert.equal(outcome.key, expected);
      if (expected === null) assert.equal(outcome.kind === "rejected" && outcome.problem.code, "mapping.key_missing");
    });
  }

  test("filters before mapping, but never without a key", () => {
    const filter = { mode: "if", rules: { all: [{ field: "locale", operator: "equals", value: "de" }] } };
    const compiled = aCompiledMapping({ rules: allRules, filter });
    assert.deepEqual(map({ ...ada, email: null }, compiled), { kind: "filtered", key: "u-1" });
    assert.equal(map({ ...ada, id: null }, compiled).kind, "rejected");
    assert.equal(map({ ...ada, locale: "de" }, compiled).kind, "mapped");
  });

  test("applies the functions in their order", () => {
    const functions = [{ name: "split", separator: "@", index: 0 }, { name: "upper" }];
    const rules = [...essentialRules, { source: "email", target: "fullName", functions }];
    assert.equal(mapped(map(ada, aCompiledMapping({ rules }))).person.fullName, "ADA");
  });

  test("a later sync key only finds, unless it is told to write or a new person needs it", () => {
    const fields = [...targetFields, aTargetField({ name: "badge", unique: true })];
    const rules = (writeSyncKey: boolean) => [
      essentialRules[0],
      { source: "userId", target: "username", syncKey: 3 },
      essentialRules[2],
      { source: "name", target: "badge", syncKey: 2, writeSyncKey },
    ];
    const finding = mapped(map(ada, aCompiledMapping({ rules: rules(false), targetFields: fields })));
    assert.deepEqual(finding.syncKeys, ["Ada@Example.com", "Ada Lovelace", "u-1"]);
    assert.deepEqual(Object.keys(finding.person), ["email", "role", "username"]);
    const writing = mapped(map(ada, aCompiledMapping({ rules: rules(true), targetFields: fields })));
    assert.equal(writing.person.badge, "Ada Lovelace");
    const without = mapped(
      map({ ...ada, name: null }, aCompiledMapping({ rules: rules(false), targetFields: fields })),
    );
    assert.deepEqual(without.syncKeys, ["Ada@Example.com", null, "u-1"]);
  });

  test("writes no SaaS fields in user-only mode and never a tracking field", () => {
    const rules = [...allRules, { source: "connector.syncTime", target: "syncTime" }];
    const outcome = mapped(map(ada, aCompiledMapping({ rules, mode: "user-only" })));
    assert.deepEqual(outcome.saas, {});
    assert.ok(!("syncTime" in outcome.person));
  });
});

describe("activity", () => {
  const activity = {
    kind: "field",
    path: "/state/code",
    active: ["on", 1, null],
    inactive: ["off", 0, false],
  } as const;
  const compiled = aCompiledMapping({ activity });
  const states: readonly (readonly [unknown, string, number])[] = [
    ["on", "active", 0],
    [1, "active", 0],
    [null, "active", 0],
    ["off", "inactive", 0],
    [false, "inactive", 0],
    [undefined, "unknown", 0],
    ["OFF", "unknown", 1],
    ["suspended", "unknown", 1],
    ["0", "unknown", 1],
    [["off"], "unknown", 1],
  ];
  for (const [code, expected, problems] of states) {
    test(`${JSON.stringify(code) ?? "nothing"} is ${expected}`, () => {
      const outcome = mapped(map({ ...ada, state: { code } }, compiled));
      assert.equal(outcome.activity, expected);
      assert.deepEqual(
        outcome.problems.map((p) => p.code),
        Array(problems).fill("mapping.unknown_status"),
      );
    });
  }

  test("is unknown for a value on both lists", () => {
    const both = aCompiledMapping({ activity: { kind: "field", path: "/s", active: ["x"], inactive: ["x"] } });
    assert.equal(mapped(map({ ...ada, s: "x" }, both)).activity, "unknown");
  });

  test("is unknown when its part of the record was not read completely", () => {
    const byRole = aCompiledMapping({
      activity: { kind: "field", path: "/memberships/0/state", active: [], inactive: [0] },
    });
    const record = { ...ada, memberships: [{ state: 0 }] };
    assert.equal(mapped(map(record, byRole)).activity, "inactive");
    assert.equal(mapped(map(record, byRole, new Set(["siteRole"]))).activity, "unknown");
  });
});

describe("laws of mapping", () => {
  const value = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }), fc.constantFrom(undefined, null, "", "a@b.c"));
  const names = ["id", "email", "name", "locale", "timezone", "verified", "memberships", "__proto__"];
  const record = fc.dictionary(fc.constantFrom(...names), value);
  const likelyRecord = fc.oneof(
    fc.anything(),
    record,
    record.map((changes) => ({ ...ada, ...changes })),
  );
  const activity = { kind: "field", path: "/verified", active: [true], inactive: [false] } as const;
  const full = aCompiledMapping({ rules: allRules, activity });

  test("every record has exactly one outcome, valid and never half written", () => {
    fc.assert(
      fc.property(likelyRecord, fc.subarray(["email", "siteRole", "name"]), (input, unread) => {
        const outcome = map(input, full, new Set(unread));
        for (const problem of problemsOf(outcome)) assert.ok(problem.code in valueProblemTable);
        if (outcome.kind !== "mapped") return;
        for (const name of ["email", "username", "role"]) assert.ok(String(outcome.person[name] ?? "").trim() !== "");
        assert.ok(outcome.syncKeys[0] !== null && outcome.key !== "");
        for (const field of Object.values({ ...outcome.person, ...outcome.saas })) {
          assert.ok(field === null || typeof field === "string" || typeof field === "boolean");
        }
      }),
      propertyRuns,
    );
  });

  test("the order of the rules changes nothing, not even the text that is hashed", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(allRules, { minLength: allRules.length }), likelyRecord, (rules, input) => {
        const outcome = map(input, aCompiledMapping({ rules, activity }));
        const expected = map(input, full);
        assert.deepEqual(outcome, expected);
        if (outcome.kind === "mapped") assert.equal(canonicalText(outcome, "1"), canonicalText(mapped(expected), "1"));
      }),
      { numRuns: Math.min(propertyRuns.numRuns, 500) },
    );
  });

  test("a field the record does not have is null in the outcome", () => {
    fc.assert(
      fc.property(fc.subarray(["name", "locale", "timezone", "verified", "memberships"] as const), (removed) => {
        const input = Object.fromEntries(
          Object.entries(ada).filter(([name]) => !removed.some((gone) => gone === name)),
        );
        const outcome = mapped(map(input));
        const nulls = Object.values({ ...outcome.person, ...outcome.saas, role: outcome.saas.role }).filter(
          (v) => v === null,
        );
        assert.equal(nulls.length, removed.length);
      }),
      propertyRuns,
    );
  });

  test("activity is inactive only for a listed value", () => {
    fc.assert(
      fc.property(value, (verified) => {
        const outcome = mapped(map({ ...ada, verified }, full));
        assert.equal(outcome.activity === "inactive", verified === false);
      }),
      propertyRuns,
    );
  });
});

describe("canonicalText", () => {
  const outcome = mapped(map(ada));

  test("does not depend on the order of the fields", () => {
    const person = Object.fromEntries(Object.entries(outcome.person).reverse());
    assert.equal(canonicalText({ ...outcome, person }, "r1"), canonicalText(outcome, "r1"));
  });

  test("differs for every difference that would be written", () => {
    const different = [
      canonicalText(outcome, "r1"),
      canonicalText(outcome, "r2"),
      canonicalText({ ...outcome, key: "u-2" }, "r1"),
      canonicalText({ ...outcome, activity: "inactive" }, "r1"),
      canonicalText({ ...outcome, syncKeys: [null] }, "r1"),
      canonicalText({ ...outcome, person: { ...outcome.person, locale: null } }, "r1"),
      canonicalText({ ...outcome, person: { ...outcome.person, locale: "null" } }, "r1"),
      canonicalText({ ...outcome, saas: { ...outcome.saas, verified: "true" } }, "r1"),
      canonicalText({ ...outcome, saas: { role: "admin" } }, "r1"),
      canonicalText({ ...outcome, person: outcome.saas, saas: outcome.person }, "r1"),
    ];
    assert.equal(new Set(different).size, different.length);
  });

  test("does not change with problems", () => {
    const problem = { code: "mapping.wrong_type", target: "t", source: "s", expected: "e", found: "f" };
    assert.equal(canonicalText({ ...outcome, problems: [problem] }, ""), canonicalText(outcome, ""));
  });
});

function problemsOf(outcome: MapOutcome) {
  if (outcome.kind === "mapped") return outcome.problems;
  return outcome.kind === "rejected" ? [outcome.problem, ...outcome.others] : [];
}
