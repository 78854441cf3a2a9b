import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { addQueueVerb } from "./queue-verb.ts";

export function addDestinationResync(destination: Command, session: Session): void {
  addQueueVerb(destination, session, {
    name: "resync",
    about: "Queues everybody whom a followed integration knows, to be brought into step",
    call: "resynchronise",
  });
}
