import { catalogEntrySchema } from "@rollcall/core/contract/catalog.ts";
import { listOf } from "@rollcall/core/contract/listing.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";

export function addCatalogList(catalog: Command, session: Session): void {
  listVerb(catalog, "list", "Lists the software catalog").action(async (options: ListOptions) => {
    await printListing(
      session,
      await session.api(),
      {
        path: "/catalog",
        answer: listOf(catalogEntrySchema),
        noun: "entries",
        empty: "The catalog has no such entries; each connector brings its own.",
        columns: [
          { title: "key", value: ({ key }) => key, whole: true },
          { title: "name", value: ({ name }) => name },
          { title: "publisher", value: ({ publisher }) => publisher },
          { title: "category", value: ({ category }) => category },
          { title: "linked to", value: ({ software }) => software.map(({ name }) => name).join(", ") },
        ],
      },
      options,
    );
  });
}
