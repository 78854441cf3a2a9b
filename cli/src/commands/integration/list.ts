import { integrationSchema, integrationStatuses } from "@rollcall/core/contract/integrations.ts";
import { listOf } from "@rollcall/core/contract/listing.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { instant } from "../../terminal/text.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";
import { oneOf } from "../verb.ts";
import { scheduleText, statusStyle } from "./describe-integration.ts";

type Options = ListOptions & { status?: string; connector?: string };

export function addIntegrationList(integration: Command, session: Session): void {
  listVerb(integration, "list", "Lists integrations")
    .addOption(oneOf("--status <status>", "only those in this state", integrationStatuses))
    .option("--connector <id>", "only those of this connector")
    .action(async ({ status, connector, ...options }: Options) => {
      await printListing(
        session,
        await session.api(),
        {
          path: "/integrations",
          query: { status, connector },
          answer: listOf(integrationSchema),
          noun: "integrations",
          empty: "There are no such integrations: rollcall integration create --name <name> --connector <id>",
          columns: [
            { title: "id", value: ({ id }) => id, whole: true },
            { title: "name", value: ({ name }) => name },
            { title: "status", value: (item) => item.status, style: (item) => statusStyle(item.status) },
            { title: "connector", value: (item) => item.connector },
            { title: "schedule", value: ({ schedule }) => scheduleText(schedule) },
            { title: "last run", value: ({ lastRun }) => lastRun?.status ?? "never" },
            { title: "next run", value: ({ nextRunAt }) => instant(nextRunAt) },
          ],
        },
        options,
      );
    });
}
