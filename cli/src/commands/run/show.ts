import { runSchema } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { describeRun } from "../../runs/describe-run.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";

export function addRunShow(run: Command, { api, out }: Session): void {
  verb(run, "show <run>", "Shows a run").action(async (id: string) => {
    const found = await (await api()).call({ method: "GET", path: apiPath`/runs/${id}` }, runSchema);
    out.result(found, () => describeRun(found));
  });
}
