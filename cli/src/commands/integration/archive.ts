import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addStatusVerb } from "./status-verb.ts";

export function addIntegrationArchive(integration: Command, session: Session): void {
  addStatusVerb(integration, session, {
    verb: "archive",
    about: "Ends an integration; its history is kept",
    past: "Archived",
  });
}
