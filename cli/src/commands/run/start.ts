import { runSchema } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { integrationId } from "../../api/find-by-name.ts";
import { followRun } from "../../runs/follow-run.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";

export function addRunStart(run: Command, session: Session): void {
  verb(run, "start <integration>", "Runs an integration (id or name) now")
    .option("--dry-run", "make the complete plan and write nothing")
    .option("--wait", "follow it to its end; exit code 3 when it needs review")
    .action(async (typed: string, { dryRun = false, wait = false }: { dryRun?: boolean; wait?: boolean }) => {
      const api = await session.api();
      const path = apiPath`/integrations/${await integrationId(api, typed)}/runs`;
      const started = await api.call({ method: "POST", path, body: { dryRun } }, runSchema);
      await followRun(session, api, started, wait);
    });
}
