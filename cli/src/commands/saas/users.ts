import { listOf } from "@rollcall/core/contract/listing.ts";
import { saasUserSchema } from "@rollcall/core/contract/saas.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { softwareId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";
import { oneOf } from "../verb.ts";
import { writeExport } from "../write-export.ts";
import { lastActivityText } from "./last-activity-text.ts";

type Options = ListOptions & { status?: string; role?: string; csv?: boolean; output?: string };

export function addSaasUsers(saas: Command, session: Session): void {
  listVerb(saas, "users <application>", "Lists the users of an application (id or name)")
    .addOption(oneOf("--status <status>", "only active or deactivated users", ["active", "deactivated", "all"]))
    .option("--role <role>", "only users with this role")
    .option("--csv", "all of them as CSV")
    .option("--output <file>", "where the CSV goes; the standard output when absent")
    .action(async (typed: string, { status, role, csv = false, output, ...options }: Options) => {
      const api = await session.api();
      const path = apiPath`/saas/${await softwareId(api, typed)}/users`;
      if (csv) {
        await writeExport(
          session,
          await api.csv(path, { status, role, q: options.search, sort: options.sort }),
          output,
        );
        return;
      }
      await printListing(
        session,
        api,
        {
          path,
          query: { status, role },
          answer: listOf(saasUserSchema),
          noun: "users",
          empty: "The application has no such users.",
          columns: [
            { title: "id", value: ({ id }) => id, whole: true },
            { title: "name", value: ({ name }) => name },
            { title: "e-mail", value: ({ email }) => email },
            { title: "role", value: (user) => user.role },
            { title: "last activity", value: ({ lastActivity }) => lastActivityText(lastActivity) },
            {
              title: "status",
              value: (user) => user.status,
              style: (user) => (user.status === "deactivated" ? "dim" : undefined),
            },
            { title: "source", value: ({ integrationName }) => integrationName },
          ],
        },
        options,
      );
    });
}
