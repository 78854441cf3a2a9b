import { destinationSchema } from "@rollcall/core/contract/destinations.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { destinationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { wrongUse } from "../../wrong-use.ts";
import { verb } from "../verb.ts";
import { describeDestination } from "./describe-destination.ts";
import { addDestinationOptions, type DestinationOptions, destinationDocument } from "./destination-options.ts";

export function addDestinationUpdate(destination: Command, session: Session): void {
  const command = verb(
    destination,
    "update <destination>",
    "Changes the settings that are named; a list (--follow, --field, --constant) is replaced as a whole",
  );
  addDestinationOptions(command).action(async (typed: string, options: DestinationOptions) => {
    if (Object.keys(options).every((name) => name === "json")) throw wrongUse("Name at least one setting to change.");
    const api = await session.api();
    const path = apiPath`/destinations/${await destinationId(api, typed)}`;
    const body = await destinationDocument(session, api, options);
    const updated = await api.call({ method: "PATCH", path, body }, destinationSchema);
    session.out.result(updated, () => describeDestination(updated));
  });
}
