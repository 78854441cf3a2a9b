import { runSchema } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { followRun } from "../../runs/follow-run.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";

export function addRunRetryFailed(run: Command, session: Session): void {
  verb(run, "retry-failed <run>", "Runs again for the records of a run that were rejected or disputed")
    .option("--wait", "follow the new run to its end")
    .action(async (id: string, { wait = false }: { wait?: boolean }) => {
      const api = await session.api();
      const started = await api.call({ method: "POST", path: apiPath`/runs/${id}/retry-failed` }, runSchema);
      await followRun(session, api, started, wait);
    });
}
