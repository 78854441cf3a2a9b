import { auditEventSchema, historyCheckSchema, listAuditQuerySchema } from "@rollcall/core/contract/access.ts";
import { listOf } from "@rollcall/core/contract/listing.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { listAuditEvents } from "./audit-queries.ts";
import { verifyHistory } from "./verify-history-queries.ts";

export async function auditRoutes(app: App, { database }: AppParts): Promise<void> {
  app.get(
    "/audit",
    {
      config: { permission: "audit.read", audit: "none" },
      schema: { tags: ["audit"], querystring: listAuditQuerySchema, response: { 200: listOf(auditEventSchema) } },
    },
    async ({ query }) => await listAuditEvents(database, query),
  );

  app.get(
    "/audit/history-check",
    {
      config: { permission: "audit.read", audit: "none" },
      schema: { tags: ["audit"], response: { 200: historyCheckSchema } },
    },
    async () => {
      const { runs, edits } = await verifyHistory(database);
      return { ok: runs.length + edits.length === 0, broken: [...runs], brokenEdits: [...edits] };
    },
  );
}
