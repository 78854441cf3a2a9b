import { runSchema } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";

export function addRunCancel(run: Command, { api, out }: Session): void {
  verb(run, "cancel <run>", "Stops a run within one page").action(async (id: string) => {
    const asked = await (await api()).call({ method: "POST", path: apiPath`/runs/${id}/cancel` }, runSchema);
    out.result(asked, () =>
      asked.finishedAt === null ? `Run ${id} ends after the page it is at.` : `Run ${id} is cancelled.`,
    );
  });
}
