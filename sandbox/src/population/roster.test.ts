import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { explicitSource, generatedSource } from "./population-source.ts";
import { createRoster, type Roster, type Scope } from "./roster.ts";
import { firstUserId } from "./user-at.ts";

const runs = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 100);
const account: Scope = { kind: "account", account: 501, pending: true, removed: false };
const site: Scope = { kind: "site", site: 12 };

function aRoster(count: number): Roster {
  return createRoster(generatedSource("plain", 1, count, { accounts: 1, sites: 2 }, "both"));
}

function indexesOf(roster: Roster, scope: Scope): number[] {
  const view = roster.view(scope);
  return Array.from({ length: view.length }, (_, k) => view.nth(k));
}

describe("createRoster", () => {
  test("lists what a plain array would list after any removals, restorations, additions and role changes", () => {
    const action = fc.record({
      kind: fc.constantFrom("remove", "restore", "add", "join", "leave"),
      index: fc.nat(70),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const roster = aRoster(60);
        const model = new Map<number, { removed: boolean; sites: Set<number> }>();
        for (let index = 0; index < 60; index++) {
          model.set(index, { removed: false, sites: new Set(roster.rolesOf(index).map((role) => role.site)) });
        }
        for (const { kind, index } of actions) {
          const known = model.get(index);
          if (kind === "add") {
            model.set(roster.nextIndex(), { removed: false, sites: new Set([12]) });
            roster.add({ user: { id: 5000 + roster.nextIndex() }, memberships: [{ site: 12, role: "member" }] });
          } else if (known === undefined) {
          } else if (kind === "remove") {
            known.removed = true;
            roster.remove([index]);
          } else if (kind === "restore") {
            known.removed = false;
            roster.restore([index]);
          } else if (kind === "join") {
            known.sites.add(12);
            roster.setRole(index, 12, "admin");
          } else {
            known.sites.delete(12);
            roster.setRole(index, 12, undefined);
          }
        }
        const present = [...model].filter(([, entry]) => !entry.removed);
        assert.deepEqual(
          indexesOf(roster, account),
          present.map(([index]) => index),
        );
        assert.deepEqual(
          indexesOf(roster, site).sort((a, b) => a - b),
          present.filter(([, entry]) => entry.sites.has(12)).map(([index]) => index),
        );
      }),
      { numRuns: runs },
    );
  });

  test("changes, unsets and finds a user by the id of the moment", () => {
    const roster = aRoster(5);
    roster.change(2, { email: "new@example.com", id: 7 }, ["name"]);
    assert.equal(roster.find("7"), 2);
    assert.equal(roster.find(String(firstUserId + 2)), undefined);
    assert.equal(JSON.parse(roster.userText(2)).email, "new@example.com");
    assert.ok(!("name" in roster.user(2)));
  });

  test("finds the last of a million users behind a hundred thousand removed ones", () => {
    const roster = aRoster(1_000_000);
    roster.remove(Array.from({ length: 100_000 }, (_, k) => k * 10));
    const view = roster.view(account);
    assert.equal(view.length, 900_000);
    assert.equal(view.nth(899_999), 999_999);
    assert.equal(view.nth(0), 1);
  });

  test("leaves pending users out, and removed ones in, when asked", () => {
    const roster = aRoster(40);
    roster.remove([0]);
    assert.equal(roster.view({ ...account, pending: false }).length, 37);
    assert.equal(roster.view({ ...account, removed: true }).length, 40);
  });

  test("answers explicit users from their own account and sites", () => {
    const roster = createRoster(
      explicitSource([
        { user: { id: 1 }, memberships: [{ site: 12, role: "owner" }] },
        { user: { id: 2, verified: false }, account: 502 },
      ]),
    );
    assert.deepEqual(indexesOf(roster, account), [0]);
    assert.deepEqual(indexesOf(roster, { ...account, account: 502 }), [1]);
    assert.deepEqual(indexesOf(roster, { ...account, account: 502, pending: false }), []);
    assert.deepEqual(indexesOf(roster, site), [0]);
  });
});
