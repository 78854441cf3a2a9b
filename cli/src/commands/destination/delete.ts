import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { destinationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";

export function addDestinationDelete(destination: Command, { api, out }: Session): void {
  verb(
    destination,
    "delete <destination>",
    "Deletes a destination (id or name) with what waits for it; in the instance nothing changes",
  ).action(async (typed: string) => {
    const server = await api();
    const id = await destinationId(server, typed);
    await server.send({ method: "DELETE", path: apiPath`/destinations/${id}` });
    out.result({ id, deleted: true }, () => `Deleted the destination ${typed}.`);
  });
}
