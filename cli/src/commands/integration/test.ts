import { testOutcomeSchema } from "@rollcall/core/contract/credentials.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { integrationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { printTestOutcome } from "../print-test-outcome.ts";
import { verb } from "../verb.ts";

export function addIntegrationTest(integration: Command, session: Session): void {
  verb(integration, "test <integration>", "Calls the vendor as a run would").action(async (typed: string) => {
    const api = await session.api();
    const path = apiPath`/integrations/${await integrationId(api, typed)}/test`;
    printTestOutcome(session, await api.call({ method: "POST", path }, testOutcomeSchema));
  });
}
