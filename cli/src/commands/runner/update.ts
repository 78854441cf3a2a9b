import { runnerSchema } from "@rollcall/core/contract/runners.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { integrationId, runnerId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { printable } from "../../terminal/text.ts";
import { wrongUse } from "../../wrong-use.ts";
import { repeated, verb } from "../verb.ts";

type Options = {
  readonly name?: string;
  readonly integration?: readonly string[];
  readonly allIntegrations?: boolean;
};

export function addRunnerUpdate(runner: Command, session: Session): void {
  verb(runner, "update <runner>", "Renames a runner (id or name), or changes which integrations it may run")
    .option("--name <name>", "what to call it from now on")
    .addOption(repeated("--integration <integration>", "id or name of a local integration it may run; these alone"))
    .option("--all-integrations", "let it run every local integration")
    .action(async (typed: string, { name, integration, allIntegrations = false }: Options) => {
      if (integration !== undefined && allIntegrations) throw wrongUse("Name integrations, or all of them; not both.");
      if (name === undefined && integration === undefined && !allIntegrations) {
        throw wrongUse("Name at least one setting to change.");
      }
      const api = await session.api();
      const id = await runnerId(api, typed);
      const body = {
        ...(name === undefined ? {} : { name }),
        ...(allIntegrations ? { integrationIds: null } : {}),
        ...(integration === undefined
          ? {}
          : { integrationIds: await Promise.all(integration.map((each) => integrationId(api, each))) }),
      };
      const updated = await api.call({ method: "PATCH", path: apiPath`/runners/${id}`, body }, runnerSchema);
      session.out.result(updated, () => {
        const count = updated.integrationIds?.length;
        const may = count === undefined ? "every local integration" : `${count} of the local integrations`;
        return `The runner ${printable(updated.name)} may run ${may}.`;
      });
    });
}
