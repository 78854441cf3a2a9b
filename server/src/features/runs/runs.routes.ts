import type { App, AppParts } from "../../http/app-parts.ts";
import { runCommandRoutes } from "./run-commands.routes.ts";
import { runReadingRoutes } from "./run-reading.routes.ts";

export async function runsRoutes(app: App, parts: AppParts): Promise<void> {
  runReadingRoutes(app, parts);
  runCommandRoutes(app, parts);
}
