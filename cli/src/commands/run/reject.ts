import { runSchema } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { describeRun } from "../../runs/describe-run.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";

export function addRunReject(run: Command, { api, out }: Session): void {
  verb(run, "reject <run>", "Drops the open plan of a run or a preview")
    .option("--reason <text>", "why; kept with your name")
    .action(async (id: string, { reason }: { reason?: string }) => {
      const body = reason === undefined ? {} : { reason };
      const path = apiPath`/runs/${id}/reject`;
      const rejected = await (await api()).call({ method: "POST", path, body }, runSchema);
      out.result(rejected, () => describeRun(rejected));
    });
}
