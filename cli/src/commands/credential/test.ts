import { testOutcomeSchema } from "@rollcall/core/contract/credentials.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { credentialId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { printTestOutcome } from "../print-test-outcome.ts";
import { verb } from "../verb.ts";

export function addCredentialTest(credential: Command, session: Session): void {
  verb(credential, "test <credential>", "Calls the vendor with a credential (id or name)").action(
    async (typed: string) => {
      const api = await session.api();
      const path = apiPath`/credentials/${await credentialId(api, typed)}/test`;
      printTestOutcome(session, await api.call({ method: "POST", path, body: {} }, testOutcomeSchema));
    },
  );
}
