import { listOf } from "@rollcall/core/contract/listing.ts";
import { removalCandidateSchema } from "@rollcall/core/contract/saas.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { softwareId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";
import { wholeNumber } from "../verb.ts";
import { writeExport } from "../write-export.ts";
import { lastActivityText } from "./last-activity-text.ts";

type Options = ListOptions & { idleDays?: number; csv?: boolean; output?: string };

export function addSaasRemovalList(saas: Command, session: Session): void {
  listVerb(saas, "removal-list <application>", "Lists who was not active for long, or left the company")
    .option("--idle-days <days>", "how long not active (default 90)", wholeNumber)
    .option("--csv", "all of them as CSV")
    .option("--output <file>", "where the CSV goes; the standard output when absent")
    .action(async (typed: string, { idleDays, csv = false, output, ...options }: Options) => {
      const api = await session.api();
      const path = apiPath`/saas/${await softwareId(api, typed)}/removal-list`;
      if (csv) {
        await writeExport(session, await api.csv(path, { idleDays, q: options.search, sort: options.sort }), output);
        return;
      }
      await printListing(
        session,
        api,
        {
          path,
          query: { idleDays },
          answer: listOf(removalCandidateSchema),
          noun: "users",
          empty: "Nobody is to be removed.",
          columns: [
            { title: "user", value: ({ saasUserId }) => saasUserId, whole: true },
            { title: "name", value: ({ name }) => name },
            { title: "e-mail", value: ({ email }) => email },
            { title: "role", value: ({ role }) => role },
            { title: "reason", value: ({ reason }) => reason },
            { title: "last activity", value: ({ lastActivity }) => lastActivityText(lastActivity) },
            { title: "monthly cost", value: ({ monthlyCost }) => monthlyCost },
          ],
        },
        options,
      );
    });
}
