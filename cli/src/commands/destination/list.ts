import { destinationSchema } from "@rollcall/core/contract/destinations.ts";
import { listOf } from "@rollcall/core/contract/listing.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { instant } from "../../terminal/text.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";
import { stateText } from "./describe-destination.ts";

export function addDestinationList(destination: Command, session: Session): void {
  listVerb(destination, "list", "Lists destinations").action(async (options: ListOptions) => {
    await printListing(
      session,
      await session.api(),
      {
        path: "/destinations",
        answer: listOf(destinationSchema),
        noun: "destinations",
        empty:
          "There are no destinations: rollcall destination create --name <name> --url <address> --credential <name>",
        columns: [
          { title: "id", value: ({ id }) => id, whole: true },
          { title: "name", value: ({ name }) => name },
          { title: "address", value: ({ url }) => url },
          {
            title: "state",
            value: stateText,
            style: (item) => (stateText(item) === "stopped" ? "red" : undefined),
          },
          { title: "waiting", value: ({ deliveries }) => deliveries.waiting ?? 0 },
          { title: "failed", value: ({ deliveries }) => deliveries.failed ?? 0 },
          { title: "last push", value: ({ lastPush }) => instant(lastPush?.finishedAt ?? null) },
        ],
      },
      options,
    );
  });
}
