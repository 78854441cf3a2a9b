import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { runnerId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";

export function addRunnerDelete(runner: Command, { api, out }: Session): void {
  verb(runner, "delete <runner>", "Deletes a runner (id or name); its token opens nothing any more").action(
    async (typed: string) => {
      const server = await api();
      const id = await runnerId(server, typed);
      await server.send({ method: "DELETE", path: apiPath`/runners/${id}` });
      out.result({ id, deleted: true }, () => `Deleted the runner ${typed}.`);
    },
  );
}
