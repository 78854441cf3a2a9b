import { randomBytes } from "node:crypto";
import { loadConfig } from "@rollcall/server/config/config.ts";
import type { ConnectorCatalog } from "@rollcall/server/features/integrations/connector-catalog.ts";
import { buildApp } from "@rollcall/server/http/app.ts";
import { createLogger } from "@rollcall/server/http/logger.ts";
import { openDatabase } from "@rollcall/server/postgres/database.ts";
import { openVault } from "@rollcall/server/vault/vault.ts";
import { formatJson } from "./format-json.ts";

/** docs/openapi.json, asked of the real application, which is built but answers nobody else and reaches no database. */
export async function openapiDocument(connectors: ConnectorCatalog): Promise<string> {
  const database = openDatabase({ connectionString: "postgres://127.0.0.1:1/none" });
  const app = await buildApp(
    {
      database,
      vault: openVault({ keys: [{ id: "none", bytes: randomBytes(32) }] }),
      connectors,
      queue: { enqueueRun: unused, removeRun: unused },
      plans: { approve: unused, undo: unused },
      intake: { claim: unused, accept: unused, beat: unused, restartJoins: unused, end: unused },
      vendor: { testCredential: unused, testIntegration: unused, sampleRecords: unused },
      destinations: { test: unused, readFields: unused },
      config: loadConfig({}),
      now: () => new Date(),
    },
    { logger: createLogger("silent") },
  );
  try {
    const { body } = await app.inject({ method: "GET", url: "/api/v1/openapi.json" });
    return formatJson(JSON.parse(body));
  } finally {
    await app.close();
    await database.close();
  }
}

function unused(): Promise<never> {
  return Promise.reject(new Error("Describing the API calls nothing."));
}
