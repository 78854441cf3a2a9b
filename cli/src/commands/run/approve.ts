import { runSchema } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { describeRun } from "../../runs/describe-run.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";

export function addRunApprove(run: Command, { api, out }: Session): void {
  verb(run, "approve <run>", "Applies the open plan of a run or a preview: exactly that plan, once")
    .requiredOption("--reason <text>", "why; kept with your name")
    .action(async (id: string, { reason }: { reason: string }) => {
      const path = apiPath`/runs/${id}/approve`;
      const approved = await (await api()).call({ method: "POST", path, body: { reason } }, runSchema);
      out.result(approved, () => describeRun(approved));
    });
}
