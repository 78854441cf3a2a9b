import { listOf } from "@rollcall/core/contract/listing.ts";
import { runnerSchema } from "@rollcall/core/contract/runners.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { instant } from "../../terminal/text.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";

export function addRunnerList(runner: Command, session: Session): void {
  listVerb(runner, "list", "Lists runners").action(async (options: ListOptions) => {
    await printListing(
      session,
      await session.api(),
      {
        path: "/runners",
        answer: listOf(runnerSchema),
        noun: "runners",
        empty: "There are no runners: rollcall runner create --name <name>",
        columns: [
          { title: "id", value: ({ id }) => id, whole: true },
          { title: "name", value: ({ name }) => name },
          { title: "state", value: ({ state }) => state },
          { title: "last seen", value: ({ lastSeenAt }) => instant(lastSeenAt) },
          { title: "version", value: ({ version }) => version },
          { title: "integrations", value: ({ integrationIds }) => integrationIds?.length ?? "all" },
          { title: "reads run", value: ({ runId }) => runId, whole: true },
        ],
      },
      options,
    );
  });
}
