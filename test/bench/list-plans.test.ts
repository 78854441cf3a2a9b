import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { one } from "@rollcall/server/postgres/query.ts";
import { startTestServer } from "@rollcall/server/test/start-test-server.ts";
import { fillInventory } from "./fill-inventory.ts";
import { listRequests } from "./list-requests.ts";

test("H31 no page, sort, filter or search of people and users reads a whole table", async () => {
  await using server = await startTestServer();
  const { database, api } = server;
  const inventory = await fillInventory(database, 30_000);
  const heard: Statement[] = [];
  const whole: string[] = [];
  database.pool.on("acquire", (client) => listen(client, heard));
  for (const { name, path } of listRequests(inventory)) {
    const first = await api<ListOf<unknown>>("GET", path);
    assert.equal(first.status, 200, name);
    const { nextCursor = null } = first.body;
    if (nextCursor !== null) await api("GET", `${path}${path.includes("?") ? "&" : "?"}cursor=${nextCursor}`);
    for (const statement of heard.splice(0)) {
      const tables = await scannedTables(database, statement);
      if (tables.length > 0) whole.push(`${name} reads ${tables.join(", ")}: ${statement.text}`);
    }
    heard.length = 0;
  }
  assert.deepEqual(whole, []);
});

type Statement = { readonly text: string; readonly values: readonly unknown[] };

type Client = { readonly query: (...args: never[]) => unknown };

const heardClients = new WeakSet<Client>();

/** Remembers the reading statements that a connection is given. */
function listen(client: Client, heard: Statement[]): void {
  if (heardClients.has(client)) return;
  heardClients.add(client);
  const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
  const listening = (...args: readonly unknown[]): unknown => {
    const [text, values] = args;
    if (typeof text === "string" && /^\s*(select|with)\b/i.test(text)) {
      heard.push({ text, values: Array.isArray(values) ? values : [] });
    }
    return query(...args);
  };
  Object.assign(client, { query: listening });
}

type Plan = {
  readonly "Node Type": string;
  readonly "Plan Rows": number;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly Plan[];
};

/** The large tables that the plan reads from one end to the other. */
async function scannedTables(database: Database, { text, values }: Statement): Promise<readonly string[]> {
  const { plans } = await one<{ plans: readonly { readonly Plan: Plan }[] }>(
    database,
    `explain (format json) ${text}`,
    values,
  ).then((row) => ({ plans: Object.values(row)[0] as unknown as readonly { readonly Plan: Plan }[] }));
  return plans.flatMap(({ Plan: plan }) => wholeTables(plan, Number.POSITIVE_INFINITY));
}

/** A scan right below a limit that it is sure to reach ends there. */
function wholeTables(plan: Plan, limit: number): readonly string[] {
  const table = plan["Relation Name"] ?? "";
  const isLarge = ["person", "saas_user", "link", "change"].includes(table);
  const isWhole = plan["Node Type"].includes("Seq Scan") && isLarge && plan["Plan Rows"] <= limit;
  const below = plan["Node Type"] === "Limit" ? plan["Plan Rows"] : Number.POSITIVE_INFINITY;
  return [...(isWhole ? [table] : []), ...(plan.Plans ?? []).flatMap((part) => wholeTables(part, below))];
}
