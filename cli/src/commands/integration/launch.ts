import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addStatusVerb } from "./status-verb.ts";

export function addIntegrationLaunch(integration: Command, session: Session): void {
  addStatusVerb(integration, session, {
    verb: "launch",
    about: "Launches a draft: from then on it runs by its schedule",
    past: "Launched",
  });
}
