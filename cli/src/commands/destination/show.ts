import { destinationSchema } from "@rollcall/core/contract/destinations.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { destinationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";
import { describeDestination } from "./describe-destination.ts";

export function addDestinationShow(destination: Command, { api, out }: Session): void {
  verb(destination, "show <destination>", "Shows a destination (id or name) and how its pushes go").action(
    async (typed: string) => {
      const server = await api();
      const path = apiPath`/destinations/${await destinationId(server, typed)}`;
      const found = await server.call({ method: "GET", path }, destinationSchema);
      out.result(found, () => describeDestination(found));
    },
  );
}
