import { integrationSchema } from "@rollcall/core/contract/integrations.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { integrationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { wrongUse } from "../../wrong-use.ts";
import { verb } from "../verb.ts";
import { describeIntegration } from "./describe-integration.ts";
import { addIntegrationOptions, type IntegrationOptions, integrationDocument } from "./integration-options.ts";

export function addIntegrationUpdate(integration: Command, session: Session): void {
  const command = verb(integration, "update <integration>", "Changes the settings that are named; a new revision");
  addIntegrationOptions(command).action(async (typed: string, options: IntegrationOptions) => {
    if (Object.keys(options).every((name) => name === "json")) throw wrongUse("Name at least one setting to change.");
    const api = await session.api();
    const path = apiPath`/integrations/${await integrationId(api, typed)}`;
    const body = await integrationDocument(
      session,
      api,
      options,
      async () => (await api.call({ method: "GET", path }, integrationSchema)).connector,
    );
    const updated = await api.call({ method: "PATCH", path, body }, integrationSchema);
    session.out.result(updated, () => describeIntegration(updated));
  });
}
