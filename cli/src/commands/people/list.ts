import { listOf } from "@rollcall/core/contract/listing.ts";
import { personSchema } from "@rollcall/core/contract/people.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";
import { addPeopleFilters, type PeopleFilters, peopleQuery } from "./people-filters.ts";

export function addPeopleList(people: Command, session: Session): void {
  addPeopleFilters(listVerb(people, "list", "Lists people")).action(async (options: ListOptions & PeopleFilters) => {
    const api = await session.api();
    await printListing(
      session,
      api,
      {
        path: "/people",
        query: await peopleQuery(api, options),
        answer: listOf(personSchema),
        noun: "people",
        empty: "There are no such people. Runs fill the list: rollcall run start <integration> --wait",
        columns: [
          { title: "id", value: ({ id }) => id, whole: true },
          { title: "username", value: ({ username }) => username },
          { title: "e-mail", value: ({ email }) => email },
          { title: "name", value: ({ fullName }) => fullName },
          { title: "role", value: ({ role }) => role },
          {
            title: "status",
            value: ({ status }) => status,
            style: ({ status }) => (status === "inactive" ? "dim" : undefined),
          },
          { title: "seen by", value: ({ integrations }) => integrations.map(({ name }) => name).join(", ") },
        ],
      },
      options,
    );
  });
}
