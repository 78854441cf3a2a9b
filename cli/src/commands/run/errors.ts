import { listOf } from "@rollcall/core/contract/listing.ts";
import { runErrorSchema } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import type { Session } from "../../session.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";
import { oneOf } from "../verb.ts";
import { writeExport } from "../write-export.ts";

type Options = ListOptions & { kind?: string; csv?: boolean; output?: string };

export function addRunErrors(run: Command, session: Session): void {
  listVerb(run, "errors <run>", "Lists the records of a run that did not fit")
    .addOption(oneOf("--kind <kind>", "only errors of this kind", ["rejected", "field", "disputed", "skipped"]))
    .option("--csv", "all of them as CSV")
    .option("--output <file>", "where the CSV goes; the standard output when absent")
    .action(async (id: string, { kind, csv = false, output, ...options }: Options) => {
      const api = await session.api();
      const path = apiPath`/runs/${id}/errors`;
      if (csv) {
        await writeExport(session, await api.csv(path, { kind, q: options.search }), output);
        return;
      }
      await printListing(
        session,
        api,
        {
          path,
          query: { kind },
          answer: listOf(runErrorSchema),
          noun: "errors",
          empty: "The run has no such errors.",
          columns: [
            { title: "kind", value: (error) => error.kind },
            { title: "record", value: ({ vendorKey }) => vendorKey },
            { title: "field", value: ({ field, pointer }) => field ?? pointer },
            { title: "code", value: ({ code }) => code },
            { title: "message", value: ({ message }) => message },
            { title: "next step", value: ({ nextStep }) => nextStep },
          ],
        },
        options,
      );
    });
}
