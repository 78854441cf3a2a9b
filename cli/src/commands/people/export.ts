import { listOf } from "@rollcall/core/contract/listing.ts";
import { personSchema } from "@rollcall/core/contract/people.ts";
import type { Command } from "commander";
import type { Api, Query } from "../../api/api.ts";
import { everyPage } from "../../api/read-list.ts";
import type { Session } from "../../session.ts";
import { verb } from "../verb.ts";
import { writeExport } from "../write-export.ts";
import { addPeopleFilters, type PeopleFilters, peopleQuery } from "./people-filters.ts";

type Options = PeopleFilters & { search?: string; output?: string };

export function addPeopleExport(people: Command, session: Session): void {
  addPeopleFilters(verb(people, "export", "Writes all people as CSV, or with --json as one JSON array"))
    .option("--search <text>", "only what contains the text")
    .option("--output <file>", "a file that only you may read; the standard output when absent")
    .action(async ({ search: q, output, ...filters }: Options) => {
      const api = await session.api();
      const query = { ...(await peopleQuery(api, filters)), q };
      const pieces = session.out.json ? jsonArray(api, query) : await api.csv("/people", query);
      await writeExport(session, pieces, output);
    });
}

/** A JSON array page by page, so that memory stays flat. */
async function* jsonArray(api: Api, query: Query): AsyncGenerator<string> {
  let before = "[\n";
  for await (const { data } of everyPage(api, "/people", listOf(personSchema), query)) {
    for (const person of data) {
      yield before + JSON.stringify(person);
      before = ",\n";
    }
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}
