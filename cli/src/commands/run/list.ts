import { listOf } from "@rollcall/core/contract/listing.ts";
import { runSchema, runStatuses } from "@rollcall/core/contract/runs.ts";
import type { Command } from "commander";
import { integrationId } from "../../api/find-by-name.ts";
import { countsText } from "../../runs/describe-run.ts";
import { runEnding } from "../../runs/run-ending.ts";
import type { Session } from "../../session.ts";
import { instant } from "../../terminal/text.ts";
import { type ListOptions, listVerb, printListing } from "../listing.ts";
import { oneOf } from "../verb.ts";

type Options = ListOptions & { integration?: string; status?: string };

export function addRunList(run: Command, session: Session): void {
  listVerb(run, "list", "Lists runs, the newest first")
    .option("--integration <integration>", "only those of one integration (id or name)")
    .addOption(oneOf("--status <status>", "only those with this status", runStatuses))
    .action(async ({ integration, status, ...options }: Options) => {
      const api = await session.api();
      const query = {
        status,
        integrationId: integration === undefined ? undefined : await integrationId(api, integration),
      };
      await printListing(
        session,
        api,
        {
          path: "/runs",
          query,
          answer: listOf(runSchema),
          noun: "runs",
          empty: "There are no such runs: rollcall run start <integration> --wait",
          columns: [
            { title: "id", value: ({ id }) => id, whole: true },
            { title: "integration", value: ({ integrationName }) => integrationName },
            { title: "kind", value: ({ kind, dryRun }) => (dryRun ? "preview" : kind) },
            { title: "status", value: (item) => item.status, style: (item) => runEnding(item.status).style },
            { title: "queued", value: ({ queuedAt }) => instant(queuedAt) },
            { title: "counts", value: ({ counts }) => countsText(counts) },
          ],
        },
        options,
      );
    });
}
