import { destinationSchema } from "@rollcall/core/contract/destinations.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { wrongUse } from "../../wrong-use.ts";
import { verb } from "../verb.ts";
import { describeDestination } from "./describe-destination.ts";
import { addDestinationOptions, type DestinationOptions, destinationDocument } from "./destination-options.ts";

export function addDestinationCreate(destination: Command, session: Session): void {
  const command = verb(destination, "create", "Makes a destination, which gets what runs apply from now on");
  addDestinationOptions(command).action(async (options: DestinationOptions) => {
    const api = await session.api();
    const body = await destinationDocument(session, api, options);
    for (const [name, option] of mandatory) {
      if (body[name] === undefined) throw wrongUse(`${option} is required, here or in the file.`);
    }
    const created = await api.call({ method: "POST", path: "/destinations", body }, destinationSchema);
    session.out.result(created, () => describeDestination(created));
    session.out.hint(`rollcall destination test ${created.id}    asks the instance`);
    session.out.hint(`rollcall destination resync ${created.id}    queues everybody who is here already`);
  });
}

const mandatory = [
  ["name", "--name"],
  ["url", "--url"],
  ["credentialId", "--credential"],
] as const;
