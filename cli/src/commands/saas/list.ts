import { listOf } from "@rollcall/core/contract/listing.ts";
import { softwareSchema } from "@rollcall/core/contract/saas.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";

export function addSaasList(saas: Command, session: Session): void {
  listVerb(saas, "list", "Lists SaaS applications").action(async (options: ListOptions) => {
    await printListing(
      session,
      await session.api(),
      {
        path: "/saas",
        answer: listOf(softwareSchema),
        noun: "applications",
        empty: "There are no such applications. An integration with --mode user-plus-saas makes its own.",
        columns: [
          { title: "id", value: ({ id }) => id, whole: true },
          { title: "name", value: ({ name }) => name },
          { title: "publisher", value: ({ publisher }) => publisher },
          { title: "active", value: ({ activeUsers }) => activeUsers },
          { title: "deactivated", value: ({ deactivatedUsers }) => deactivatedUsers },
          { title: "seats", value: ({ seats }) => seats },
          { title: "filled by", value: ({ integrations }) => integrations.map(({ name }) => name).join(", ") },
        ],
      },
      options,
    );
  });
}
