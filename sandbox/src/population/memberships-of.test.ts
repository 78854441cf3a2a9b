import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accountOfSite, firstSiteId, membershipsOf, siteSequence } from "./memberships-of.ts";

describe("membershipsOf", () => {
  test("gives owners, admins, members, users of several sites and users of none", () => {
    const all = Array.from({ length: 200 }, (_, index) => membershipsOf({ accounts: 1, sites: 3 }, index));
    const roles = new Set(all.flatMap((list) => list.map(({ role }) => role)));
    assert.deepEqual([...roles].sort(), ["admin", "member", "owner"]);
    assert.equal(all.filter((list) => list.length === 0).length, 10);
    assert.ok(all.some((list) => list.length === 2 && list[0]?.role !== list[1]?.role));
    const owners = all.flat().filter(({ role }) => role === "owner");
    assert.deepEqual(owners.map(({ site }) => site).sort(), [11, 12, 13]);
  });

  test("gives no role when there is no site", () => {
    assert.deepEqual(membershipsOf({ accounts: 1, sites: 0 }, 0), []);
    assert.deepEqual(membershipsOf({ accounts: 2, sites: 1 }, 1), []);
  });
});

test("siteSequence lists exactly the users whose memberships name the site", () => {
  for (const shape of [
    { accounts: 1, sites: 1 },
    { accounts: 1, sites: 3 },
    { accounts: 2, sites: 3 },
    { accounts: 2, sites: 2 },
  ]) {
    for (let ordinal = 0; ordinal < shape.sites; ordinal++) {
      const site = firstSiteId + ordinal;
      const expected = Array.from({ length: 500 }, (_, index) => index).filter((index) =>
        membershipsOf(shape, index).some((role) => role.site === site),
      );
      const sequence = siteSequence(shape, 500, site);
      const actual = Array.from({ length: sequence.length }, (_, k) => sequence.nth(k));
      assert.deepEqual(actual, expected);
      assert.ok(expected.every((index) => index % shape.accounts === accountOfSite(shape, site)));
    }
  }
});
