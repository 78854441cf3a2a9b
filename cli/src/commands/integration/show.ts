import { integrationSchema } from "@rollcall/core/contract/integrations.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { integrationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";
import { describeIntegration } from "./describe-integration.ts";

export function addIntegrationShow(integration: Command, { api, out }: Session): void {
  verb(integration, "show <integration>", "Shows an integration (id or name); with --json all its settings").action(
    async (typed: string) => {
      const server = await api();
      const path = apiPath`/integrations/${await integrationId(server, typed)}`;
      const found = await server.call({ method: "GET", path }, integrationSchema);
      out.result(found, () => describeIntegration(found));
    },
  );
}
