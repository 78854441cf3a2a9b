import { idParamsSchema } from "@rollcall/core/contract/listing.ts";
import { nextRunsSchema } from "@rollcall/core/contract/schedules.ts";
import type { App, AppParts } from "../../http/app-parts.ts";
import { integrationNotFound } from "../runs/start-run.ts";
import { findNextRuns } from "./schedule-queries.ts";

export async function scheduleRoutes(app: App, { database, now }: AppParts): Promise<void> {
  app.get(
    "/integrations/:id/next-runs",
    {
      config: { permission: "integration.read", audit: "none" },
      schema: { tags: ["integrations"], params: idParamsSchema, response: { 200: nextRunsSchema } },
    },
    async ({ params }) => {
      const runs = await findNextRuns(database, params.id, now());
      if (runs === undefined) {
        throw integrationNotFound(params.id);
      }
      return runs;
    },
  );
}
