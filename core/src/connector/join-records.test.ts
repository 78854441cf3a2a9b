import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { joinRecord, readJoinedRow, unreadFields } from "./join-records.ts";
import type { Manifest } from "./manifest.ts";
import { smallestManifest } from "./manifest-examples.ts";
import { parseManifest } from "./parse-manifest.ts";
import { planStreams } from "./plan-streams.ts";
import { missingParents, namedParents, parentValue } from "./select-parents.ts";

function aManifest(): Manifest {
  const single = { kind: "single", because: "It is only a test." };
  const parsed = parseManifest({
    ...smallestManifest,
    inputs: {
      ...smallestManifest.inputs,
      sites: { kind: "list", label: "Sites", items: "integer", all: true, default: "all", help: "Help." },
      account: { kind: "integer", label: "Account", optional: true, min: 1, max: 99, help: "Help." },
    },
    streams: {
      ...smallestManifest.streams,
      sites: { label: "Sites", request: { path: ["sites"] }, pagination: single, records: "/data", key: "/id" },
      memberships: {
        label: "Memberships",
        forEach: {
          stream: "sites",
          value: "/id",
          where: [
            { pointer: "/deleted", isNot: true },
            { pointer: "/id", isIn: { from: "inputs.sites" } },
            { pointer: "/account", is: { from: "inputs.account" } },
          ],
          replacedBy: { from: "inputs.account" },
          everyOneOf: { from: "inputs.sites" },
        },
        request: { path: ["sites", { from: "parent" }] },
        pagination: single,
        records: "/data",
        key: "/id",
      },
    },
    joins: {
      memberships: { stream: "memberships", on: ["/user/id", "/user"], keep: { site: "/site", role: "/role" } },
    },
    derived: {
      role: {
        kind: "joined",
        join: "memberships",
        rule: "highest",
        text: [{ from: "row.role" }],
        ranking: ["owner", "admin"],
      },
      all: {
        kind: "joined",
        join: "memberships",
        rule: "list",
        text: [{ from: "row.site" }, ":", { from: "row.role" }],
      },
      mail: {
        kind: "items",
        list: "/mails",
        value: ["/value", ""],
        rule: "first",
        prefer: { pointer: "/main", is: true },
      },
    },
    fields: ["role", "all", "mail"].map((id) => ({ id, label: id, path: `/_derived/${id}`, type: "text" })),
    defaultMapping: smallestManifest.defaultMapping.map((rule) =>
      rule.source === "email" ? { ...rule, source: "mail" } : rule,
    ),
  });
  if (parsed.kind === "invalid") throw new Error(JSON.stringify(parsed.problems));
  return parsed.manifest;
}

const manifest = aManifest();
const join = manifest.joins.memberships as Manifest["joins"][string];
const derive = (rows: readonly { site: number; role: string | null }[], record: Record<string, unknown> = {}) =>
  joinRecord(manifest, {}, record, { memberships: rows })._derived;

describe("a joined row", () => {
  test("names its user by an object's id or by the id itself, and keeps only what is asked for", () => {
    const rest = { site: 1, role: "owner", permissions: { create: true } };
    const row = { kind: "row", key: "7", row: { site: 1, role: "owner" } };
    assert.deepEqual(readJoinedRow(join, { user: { id: 7, email: "a@example.com" }, ...rest }), row);
    assert.deepEqual(readJoinedRow(join, { user: 7, ...rest }), row);
    assert.deepEqual(readJoinedRow(join, { user: "7" }), { kind: "row", key: "7", row: { site: null, role: null } });
  });

  test("that names nobody is rejected", () => {
    for (const user of [undefined, null, {}, { id: null }, [], ""]) {
      assert.equal(readJoinedRow(join, { user, role: "owner" }).kind, "rejected");
    }
  });
});

describe("a derived value", () => {
  test("is the highest by rank, or the list of all", () => {
    const rows = [
      { site: 10, role: "member" },
      { site: 2, role: "admin" },
      { site: 2, role: "admin" },
      { site: 3, role: null },
    ];
    assert.deepEqual(derive(rows), { role: "admin", all: "2:admin, 10:member", mail: null });
    assert.deepEqual(derive([]), { role: null, all: null, mail: null });
  });

  test("prefers the marked item of a list, else takes any that is readable", () => {
    const mail = (mails: unknown) => (derive([], { mails }) as { mail: unknown }).mail;
    assert.equal(mail([{ value: "a@example.com" }, { value: "b@example.com", main: true }]), "b@example.com");
    assert.equal(mail([{}, { value: "a@example.com" }]), "a@example.com");
    assert.equal(mail(["c@example.com"]), "c@example.com");
    for (const none of [undefined, null, [], {}, "x", [null, {}]]) assert.equal(mail(none), null);
  });

  test("does not depend on the order of rows", () => {
    const row = fc.record({ site: fc.nat(12), role: fc.constantFrom("owner", "admin", "member", "auditor", "") });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        assert.deepEqual(derive(rows.toReversed()), derive(rows));
        const { role } = derive(rows) as { role: string | null };
        if (rows.some((one) => one.role === "owner")) assert.equal(role, "owner");
      }),
      { numRuns: Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 200) },
    );
  });

  test("is left alone when its stream, or the one that leads to it, was not read completely", () => {
    assert.deepEqual([...unreadFields(manifest, new Set(["memberships"]))], ["role", "all"]);
    assert.deepEqual([...unreadFields(manifest, new Set(["sites"]))], ["role", "all"]);
    assert.deepEqual([...unreadFields(manifest, new Set(["users"]))], []);
  });
});

describe("the streams of a run", () => {
  const inputs = { sites: "all", account: null };
  const names = (...used: Parameters<typeof planStreams>) => planStreams(...used).map((plan) => plan.name);

  test("come parents first and users last", () => {
    assert.deepEqual(names(manifest, inputs), ["sites", "memberships", "users"]);
  });

  test("leave out a parent the operator named and a join that no mapping uses", () => {
    assert.deepEqual(names(manifest, { ...inputs, account: 4 }), ["memberships", "users"]);
    assert.deepEqual(names(manifest, inputs, ["/email", "/_derived/mail"]), ["users"]);
    assert.deepEqual(names(manifest, inputs, ["/_derived/role"]), ["sites", "memberships", "users"]);
  });
});

describe("parents", () => {
  const forEach = manifest.streams.memberships?.forEach;
  if (forEach === undefined) throw new Error("memberships are read for each site");
  const all = { sites: "all", account: null } as const;

  test("count unless a condition leaves them out", () => {
    assert.deepEqual(parentValue(forEach, all, { id: 1 }), { kind: "value", value: "1" });
    assert.deepEqual(parentValue(forEach, all, { id: 1, deleted: true }), { kind: "excluded" });
    assert.deepEqual(parentValue(forEach, { ...all, sites: [2] }, { id: 1 }), { kind: "excluded" });
    assert.deepEqual(parentValue(forEach, { ...all, sites: [2] }, { id: "2" }), { kind: "value", value: "2" });
    assert.deepEqual(parentValue(forEach, { ...all, account: 5 }, { id: 1, account: 6 }), { kind: "excluded" });
    assert.deepEqual(parentValue(forEach, all, {}), { kind: "unreadable" });
  });

  test("are named by the operator where an input replaces discovery", () => {
    assert.equal(namedParents(forEach, all), null);
    assert.deepEqual(namedParents(forEach, { ...all, account: 5 }), ["5"]);
  });

  test("that the operator asked for and that are not found are told", () => {
    assert.deepEqual(missingParents(forEach, { ...all, sites: [1, 2] }, new Set(["1"])), ["2"]);
    assert.deepEqual(missingParents(forEach, all, new Set()), []);
  });
});
