import { deliveryStates, destinationDeliverySchema } from "@rollcall/core/contract/destinations.ts";
import { listOf } from "@rollcall/core/contract/listing.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { destinationId, personId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { instant } from "../../terminal/text.ts";
import { type ListOptions, pagedVerb, printListing } from "../listing.ts";
import { oneOf } from "../verb.ts";

type Options = Omit<ListOptions, "search"> & {
  readonly state?: string;
  readonly person?: string;
  readonly run?: string;
};

export function addDestinationDeliveries(destination: Command, session: Session): void {
  pagedVerb(destination, "deliveries <destination>", "Lists what waits, is done or failed, with reasons; latest first")
    .addOption(oneOf("--state <state>", "only those in this state", deliveryStates))
    .option("--person <person>", "only those of this person: id, username or e-mail")
    .option("--run <run>", "only those of this run")
    .action(async (typed: string, { state, person, run: runId, ...options }: Options) => {
      const api = await session.api();
      const id = await destinationId(api, typed);
      await printListing(
        session,
        api,
        {
          path: apiPath`/destinations/${id}/deliveries`,
          query: { state, runId, personId: person === undefined ? undefined : await personId(api, person) },
          answer: listOf(destinationDeliverySchema),
          noun: "deliveries",
          empty: "There are no such deliveries.",
          columns: [
            { title: "person", value: ({ personName, personId: of }) => personName ?? of },
            {
              title: "state",
              value: (item) => item.state,
              style: (item) => (item.state === "failed" ? "red" : undefined),
            },
            { title: "what was done", value: ({ actions }) => actions.join(", ") },
            { title: "tries", value: ({ attempts }) => attempts },
            { title: "at", value: ({ createdAt, endedAt }) => instant(endedAt ?? createdAt) },
            { title: "problem", value: ({ problem }) => problem },
          ],
        },
        options,
      );
    });
}
