import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { Problem } from "@rollcall/core/contract/problem.ts";
import fc from "fast-check";
import {
  aDraft,
  anAccount,
  type IntegrationServer,
  startIntegrationServer,
} from "../../../test/integration-fixtures.ts";
import type { Answer } from "../../../test/start-test-server.ts";
import { one } from "../../postgres/query.ts";

const numRuns = Number(process.env.ROLLCALL_PROPERTY_RUNS ?? 150);

const oddText = fc.constantFrom(
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "__proto__",
  "constructor",
  "toString",
  "0x1F",
  "1e309",
  "'; drop table integration; --",
  "../../etc/passwd",
  "{{",
  '{{"',
  "profiles[",
  "/~2",
  "😀".repeat(300),
  "x".repeat(2000),
  "019ab3d2-0000-7000-8000-000000000001",
  "2026-13-45",
  "Europe/Berln",
);
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom(null, true, -1, 0, 1.5, 1e300, Number.MAX_SAFE_INTEGER, [], {}, [[]], [null], { kind: "cron" }),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** One place of a document: how deep to go, and which key at each level. */
const place = fc.array(fc.nat(50), { minLength: 1, maxLength: 5 });
const change = fc.record({
  place,
  value: oddValue,
  how: fc.constantFrom("replace", "remove", "add"),
  name: fc.oneof(oddText, fc.string({ unit: "binary", maxLength: 8 })),
});

describe("generated bad input", () => {
  let server: IntegrationServer;
  let draft: Integration;
  let document: Record<string, unknown>;
  before(async () => {
    server = await startIntegrationServer();
    draft = await aDraft(server);
    document = {
      name: "Generated",
      connector: "ironclad-clickwrap",
      mode: "user-only",
      softwareId: null,
      contacts: [await anAccount(server.database)],
      inputs: draft.inputs,
      schedule: { kind: "weekly", days: ["mon"], at: "02:00", timeZone: "UTC" },
      mapping: {
        rules: draft.mapping.rules.map((rule, index) =>
          index === 2
            ? { ...rule, functions: [{ name: "split", separator: " ", index: 0 }], policy: "when-empty" }
            : rule,
        ),
        customFields: [{ name: "Provider", path: "profiles[0].provider" }],
      },
      filter: { mode: "if", rules: { any: [{ field: "email", operator: "ends-with", value: "@example.com" }] } },
      guard: { maxPercent: 10 },
    };
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  const written = async () =>
    await one(
      server.database,
      `select (select count(*)::int from integration) as integrations, (select count(*)::int from integration_revision) as revisions,
         (select count(*)::int from account) as accounts, (select count(*)::int from software) as software,
         (select max(updated_at) from integration) as changed, (select count(*)::int from audit_event) as audited`,
    );

  const judge = (answer: Answer<Problem>, unchanged: boolean): void => {
    assert.ok(answer.status < 500, answer.text);
    if (answer.status >= 400) {
      assert.ok(unchanged, `Refused with ${answer.status}, but something was written.`);
      assert.ok(answer.body.code.length > 0);
      assert.ok(answer.body.code !== "request.invalid" || answer.body.errors.length > 0, answer.text);
      assert.ok(
        answer.body.errors.every(({ pointer }) => pointer === "" || pointer.startsWith("/")),
        answer.text,
      );
    }
  };

  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    const earlier = await written();
    const answer = await server.refused(method, path, body);
    judge(answer, JSON.stringify(earlier) === JSON.stringify(await written()));
    if (answer.status === 201) {
      await server.database.query("delete from integration where name <> $1", [draft.name]);
    }
  };

  test("a create with something odd in any place is never our fault, and writes all or nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        await send("POST", "/integrations", changes.reduce(applyChange, structuredClone(document)));
      }),
      { numRuns },
    );
  });

  test("an update with something odd in any place is never our fault, and writes all or nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const patch = changes.reduce(applyChange, structuredClone({ ...document, name: draft.name }));
        await send("PATCH", `/integrations/${draft.id}`, patch);
      }),
      { numRuns },
    );
  });

  test("nor is a body that is no document at all, on any call that takes one", async () => {
    const path = fc.constantFrom(
      ["POST", "/integrations"],
      ["PATCH", `/integrations/${draft.id}`],
      ["POST", `/integrations/${draft.id}/preview-mapping`],
      ["POST", `/integrations/${draft.id}/launch`],
    );
    await fc.assert(
      fc.asyncProperty(path, oddValue, async ([method = "", url = ""], body) => {
        await send(method, url, body);
      }),
      { numRuns },
    );
  });

  test("nor is a header or a parameter of any kind", async () => {
    const text = fc
      .oneof(oddText, fc.string({ unit: "binary", maxLength: 30 }))
      .filter((value) => value.isWellFormed());
    await fc.assert(
      fc.asyncProperty(text, text, fc.string({ maxLength: 20 }), async (sort, cursor, tag) => {
        const query = new URLSearchParams({ sort, cursor, status: sort, q: cursor, limit: tag });
        judge(await server.refused("GET", `/integrations?${query}`), true);
        judge(await server.refused("GET", `/integrations?${new URLSearchParams({ q: sort, cursor })}`), true);
        judge(
          await server.refused("GET", `/integrations/${draft.id}/revisions?${new URLSearchParams({ cursor })}`),
          true,
        );
        const headers = { "if-match": tag.replace(/[^\x20-\x7e]/g, "") };
        judge(await server.refused("PATCH", `/integrations/${draft.id}`, {}, { headers }), true);
      }),
      { numRuns },
    );
  });
});

type Change = {
  readonly place: readonly number[];
  readonly value: unknown;
  readonly how: string;
  readonly name: string;
};

function applyChange(document: Record<string, unknown>, { place, value, how, name }: Change): Record<string, unknown> {
  let target: Record<string, unknown> = document;
  // A later change may go into it, and the generator gives the same object again.
  const own = structuredClone(value);
  for (const [depth, choice] of place.entries()) {
    const keys = Object.keys(target);
    const key = keys[choice % Math.max(keys.length, 1)];
    const inner = key === undefined ? undefined : target[key];
    if (depth < place.length - 1 && typeof inner === "object" && inner !== null) {
      target = inner as Record<string, unknown>;
      continue;
    }
    if (how === "add" || key === undefined) {
      Object.defineProperty(target, name, { value: own, enumerable: true, configurable: true, writable: true });
    } else if (how === "remove") {
      Array.isArray(target) ? target.splice(Number(key), 1) : delete target[key];
    } else {
      target[key] = own;
    }
    break;
  }
  return document;
}
