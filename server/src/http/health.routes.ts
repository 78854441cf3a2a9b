import { z } from "zod";
import { databaseAnswers } from "../postgres/database-answers.ts";
import type { App, AppParts } from "./app-parts.ts";

const healthSchema = z.object({ status: z.literal("ok") });
const open = { permission: "public", audit: "none" } as const;

/** Live: the process answers. Ready: the database answers too. */
export async function healthRoutes(app: App, { database }: AppParts): Promise<void> {
  const schema = { tags: ["health"], response: { 200: healthSchema } };

  app.get("/health/live", { config: open, schema, logLevel: "warn" }, async () => ({ status: "ok" as const }));

  app.get("/health/ready", { config: open, schema, logLevel: "warn" }, async () => {
    await databaseAnswers(database);
    return { status: "ok" as const };
  });
}
