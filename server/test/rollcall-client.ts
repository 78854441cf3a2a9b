import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { ListOf } from "@rollcall/core/contract/listing.ts";
import type { Run } from "@rollcall/core/contract/runs.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { IroncladSandbox } from "@rollcall/sandbox/start-ironclad-sandbox.ts";
import type { Database } from "@rollcall/server/postgres/database.ts";
import { maybeOne } from "@rollcall/server/postgres/query.ts";
import { type ApiAnswer, callApi } from "./call-api.ts";

/** What a test does with a running product, over its API. */
export type RollcallClient = {
  readonly api: <Body = unknown>(method: string, path: string, body?: unknown) => Promise<ApiAnswer<Body>>;
  /** A launched integration with the sandbox; `settings` go into its document. */
  readonly launch: (settings?: Readonly<Record<string, unknown>>) => Promise<Integration>;
  /** Starts a run and waits for its end. */
  readonly run: (integrationId: string, body?: unknown) => Promise<Run>;
  /** Waits for the end of a run, also while the product's database is away. */
  readonly waitFor: (runId: string) => Promise<Run>;
  /** Every item of a list call, page by page. */
  readonly all: <Item>(path: string) => Promise<Item[]>;
};

type ClientOptions = {
  readonly url: string;
  readonly token: string;
  /** Whose address and credential `launch` enters when its settings name no other. */
  readonly sandbox: Pick<IroncladSandbox, "url" | "clientId" | "clientSecret">;
  readonly database: Database;
};

export function rollcallClient({ url, token, sandbox, database }: ClientOptions): RollcallClient {
  const api = <Body>(method: string, path: string, body?: unknown) => callApi<Body>(url, token, method, path, body);
  // The row is looked at, not the API, whose limit of requests a minute many waiting tests would meet.
  const waitFor = async (runId: string): Promise<Run> => {
    while (await isUnderWay(database, runId)) await sleep(20);
    return must(api<Run>("GET", `/runs/${runId}`));
  };
  return {
    api,
    waitFor,
    launch: async (settings = {}) => {
      const { clientId, clientSecret } = sandbox;
      const name = `Sandbox ${randomBytes(3).toString("hex")}`;
      const credential = await must(
        api<{ id: string }>("POST", "/credentials", {
          name,
          kind: "ironclad-clickwrap",
          values: { clientId, clientSecret },
        }),
      );
      const { inputs, ...others } = settings;
      const created = await must(
        api<Integration>("POST", "/integrations", {
          name,
          connector: "ironclad-clickwrap",
          credentialId: credential.id,
          mode: "user-plus-saas",
          inputs: { baseUrl: sandbox.url, ...(inputs as object) },
          // The usual schedule starts a run every night, at which the tests may be running.
          schedule: { kind: "manual" },
          ...others,
        }),
      );
      return must(api<Integration>("POST", `/integrations/${created.id}/launch`));
    },
    run: async (integrationId, body) => {
      const started = await must(api<Run>("POST", `/integrations/${integrationId}/runs`, body));
      return waitFor(started.id);
    },
    all: async <Item>(path: string) => {
      const items: Item[] = [];
      let cursor: string | null = null;
      do {
        const query: string = `${path.includes("?") ? "&" : "?"}limit=500${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
        const page: ListOf<Item> = await must(api<ListOf<Item>>("GET", `${path}${query}`));
        items.push(...page.data);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    },
  };
}

/** A run is under way as far as one can tell while the database is away. */
async function isUnderWay(database: Database, runId: string): Promise<boolean> {
  try {
    const text = "select 1 from run where id = $1 and status in ('queued', 'running')";
    return (await maybeOne(database, text, [runId])) !== undefined;
  } catch (error) {
    if (error instanceof ProductError && error.code === "database.unreachable") return true;
    throw error;
  }
}

/** The body of a call that is expected to succeed. */
export async function must<Body>(answer: Promise<ApiAnswer<Body>>): Promise<Body> {
  const { status, body } = await answer;
  if (status >= 400) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
