import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addStatusVerb } from "./status-verb.ts";

export function addIntegrationPause(integration: Command, session: Session): void {
  addStatusVerb(integration, session, {
    verb: "pause",
    about: "Stops the schedule of an active integration",
    past: "Paused",
  });
}
