import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addQueueVerb } from "./queue-verb.ts";

export function addDestinationRetry(destination: Command, session: Session): void {
  addQueueVerb(destination, session, {
    name: "retry",
    about: "Tries again what failed, and at once what waits",
    call: "retry",
  });
}
