import { listOf } from "@rollcall/core/contract/listing.ts";
import { changeKinds, changeSchema } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import type { Session } from "../../session.ts";
import { changeColumns } from "../change-columns.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";
import { oneOf } from "../verb.ts";

type Options = ListOptions & { kind?: string; withheld?: boolean };

export function addRunChanges(run: Command, session: Session): void {
  listVerb(run, "changes <run>", "Lists what a run changed, or would change")
    .addOption(oneOf("--kind <kind>", "only changes of this kind", changeKinds))
    .option("--withheld", "only what was kept back")
    .action(async (id: string, { kind, withheld, ...options }: Options) => {
      await printListing(
        session,
        await session.api(),
        {
          path: apiPath`/runs/${id}/changes`,
          query: { kind, withheld: withheld === true ? "true" : undefined },
          answer: listOf(changeSchema),
          noun: "changes",
          empty: "The run has no such changes.",
          columns: changeColumns,
        },
        options,
      );
    });
}
