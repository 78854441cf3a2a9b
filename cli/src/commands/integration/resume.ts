import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addStatusVerb } from "./status-verb.ts";

export function addIntegrationResume(integration: Command, session: Session): void {
  addStatusVerb(integration, session, {
    verb: "resume",
    about: "Goes on with a paused integration",
    past: "Resumed",
  });
}
