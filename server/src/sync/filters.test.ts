import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { FilterGroup } from "@rollcall/core/mapping/filter-schema.ts";
import { startTestRollcall, type TestRollcall } from "@rollcall/server/test/start-test-rollcall.ts";
import { aUser, aVendor, countsOf, type VendorWorld } from "@rollcall/server/test/vendor-world.ts";

const day = 86_400_000;

describe("filters", () => {
  let rollcall: TestRollcall;
  let vendor: VendorWorld;
  before(async () => {
    rollcall = await startTestRollcall();
    vendor = await aVendor(rollcall, {
      users: [
        aUser("filters.example", 1, { locale: "en-US", level: 7, name: "Ada Lovelace" }),
        aUser("filters.example", 2, { locale: "EN-us ", level: "12", name: "Alan Turing" }),
        aUser("filters.example", 3, { locale: "de-DE", level: 30, name: null }),
        aUser("filters.example", 4, { locale: null, level: 3, name: "  " }),
        aUser("filters.example", 5, { verified: false, verified_time: new Date(Date.now() - 5 * day).toISOString() }),
        { ...aUser("filters.example", 6, { tags: ["one", "two"] }), memberships: [{ site: 11, role: "admin" }] },
      ],
    });
  });
  after(async () => {
    await vendor[Symbol.asyncDispose]();
    await rollcall[Symbol.asyncDispose]();
  });

  const cases: readonly (readonly [rules: FilterGroup, passing: readonly number[]])[] = [
    [{ all: [{ field: "locale", operator: "equals", value: "en-us" }] }, [1, 2, 5, 6]],
    [{ all: [{ field: "locale", operator: "not-equals", value: "en-US" }] }, [3, 4]],
    [{ all: [{ field: "locale", operator: "empty" }] }, [4]],
    [{ all: [{ field: "name", operator: "not-empty" }] }, [1, 2, 5, 6]],
    [{ all: [{ field: "name", operator: "contains", value: "love" }] }, [1]],
    [{ all: [{ field: "name", operator: "starts-with", value: "a" }] }, [1, 2]],
    [{ all: [{ field: "name", operator: "matches", value: "A* ?uring" }] }, [2]],
    [{ all: [{ field: "locale", operator: "in-list", value: ["de-DE", "fr-FR"] }] }, [3]],
    [{ all: [{ field: "/level", operator: "greater", value: 7 }] }, [2, 3]],
    [{ all: [{ field: "/level", operator: "less", value: 10 }] }, [1, 4]],
    [{ all: [{ field: "verified_time", operator: "within-last-days", value: 7 }] }, [5]],
    [{ all: [{ field: "verified_time", operator: "before", value: "2026-01-03" }] }, [1, 2, 3, 4, 6]],
    [{ all: [{ field: "/tags", operator: "equals", value: "two" }] }, [6]],
    [{ all: [{ field: "role", operator: "equals", value: "admin" }] }, [6]],
    [
      {
        all: [
          { field: "profiles[0].provider", operator: "equals", value: "local" },
          { field: "/level", operator: "greater", value: 20 },
        ],
      },
      [3],
    ],
    [
      {
        any: [
          {
            all: [
              { field: "locale", operator: "equals", value: "en-US" },
              { field: "/level", operator: "less", value: 10 },
            ],
          },
          { all: [{ field: "verified", operator: "equals", value: false }] },
          { any: [{ field: "name", operator: "ends-with", value: "turing" }] },
        ],
      },
      [1, 2, 5],
    ],
  ];

  for (const [rules, passing] of cases) {
    test(`creates and updates exactly who passes ${JSON.stringify(rules)}`, async () => {
      await vendor.set({ filter: { mode: "if", rules } });
      const run = await vendor.run({ dryRun: true });
      assert.equal(run.error, null);
      const changes = await vendor.changes(run);
      assert.deepEqual(
        changes.map(({ vendorKey }) => Number(vendorKey)).sort((one, other) => one - other),
        passing,
      );
      assert.deepEqual(countsOf(run), { fetched: 6, created: passing.length, skippedByFilter: 6 - passing.length });
    });
  }

  test("a group without rules is not a filter, and is refused", async () => {
    const answer = await rollcall.api<{ code: string; errors: { pointer: string }[] }>(
      "PATCH",
      `/integrations/${vendor.integration.id}`,
      { filter: { mode: "if", rules: { all: [] } } },
    );
    assert.equal(answer.status, 400);
    assert.ok(answer.body.errors.some(({ pointer }) => pointer.startsWith("/filter/rules")));
  });

  test("the role in a filter counts as unknown when the memberships were not read: such a record is left as it is", async () => {
    await vendor.set({
      filter: { mode: "if", rules: { all: [{ field: "role", operator: "equals", value: "admin" }] } },
    });
    assert.deepEqual(countsOf(await vendor.run()), { fetched: 6, created: 1, skippedByFilter: 5 });
    vendor.sandbox.addFaults([{ call: "memberships", count: "always", fault: { kind: "status", status: 403 } }]);
    vendor.sandbox.changeUser(6, { set: { name: "Changed" } });
    const run = await vendor.run();
    vendor.sandbox.clearFaults();
    assert.equal(run.status, "incomplete");
    assert.equal((await vendor.known())[6]?.person, "active");
    assert.equal(run.counts.deactivated, 0);
    assert.deepEqual(Object.keys(await vendor.known()), ["6"], "nobody is created over a role that was not read");
  });
});
