import { integrationSchema } from "@rollcall/core/contract/integrations.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { wrongUse } from "../../wrong-use.ts";
import { verb } from "../verb.ts";
import { describeIntegration } from "./describe-integration.ts";
import { addIntegrationOptions, type IntegrationOptions, integrationDocument } from "./integration-options.ts";

export function addIntegrationCreate(integration: Command, session: Session): void {
  const command = verb(integration, "create", "Creates an integration as a draft");
  addIntegrationOptions(command.option("--connector <id>", "the vendor; rollcall connector list shows them")).action(
    async ({ connector, ...options }: IntegrationOptions & { connector?: string }) => {
      const api = await session.api();
      const typed = await integrationDocument(session, api, options, async (document) =>
        required(connector ?? document.connector, "--connector"),
      );
      const body: Readonly<Record<string, unknown>> = { ...typed, ...(connector === undefined ? {} : { connector }) };
      required(body.connector, "--connector");
      required(body.name, "--name");
      const created = await api.call({ method: "POST", path: "/integrations", body }, integrationSchema);
      session.out.result(created, () => describeIntegration(created));
    },
  );
}

function required(value: unknown, option: string): string {
  if (typeof value !== "string" || value === "") throw wrongUse(`${option} is required, here or in the file.`);
  return value;
}
