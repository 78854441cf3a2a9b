import { testOutcomeSchema } from "@rollcall/core/contract/credentials.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { destinationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { printTestOutcome } from "../print-test-outcome.ts";
import { verb } from "../verb.ts";

export function addDestinationTest(destination: Command, session: Session): void {
  verb(destination, "test <destination>", "Asks the instance for one person; changes nothing there").action(
    async (typed: string) => {
      const api = await session.api();
      const path = apiPath`/destinations/${await destinationId(api, typed)}/test`;
      printTestOutcome(session, await api.call({ method: "POST", path }, testOutcomeSchema));
    },
  );
}
