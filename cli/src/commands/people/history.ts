import { listOf } from "@rollcall/core/contract/listing.ts";
import { changeSchema } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { personId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { changeColumns } from "../change-columns.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";

export function addPeopleHistory(people: Command, session: Session): void {
  listVerb(people, "history <person>", "Lists what changed of a person (id, username or e-mail), and when").action(
    async (typed: string, options: ListOptions) => {
      const api = await session.api();
      await printListing(
        session,
        api,
        {
          path: apiPath`/people/${await personId(api, typed)}/history`,
          answer: listOf(changeSchema),
          noun: "changes",
          empty: "Nothing of this person has changed.",
          columns: changeColumns,
        },
        options,
      );
    },
  );
}
