import { createdRunnerSchema } from "@rollcall/core/contract/runners.ts";
import type { Command } from "commander";
import { integrationId } from "../../api/find-by-name.ts";
import type { Session } from "../../session.ts";
import { printable } from "../../terminal/text.ts";
import { repeated, verb } from "../verb.ts";

type Options = { readonly name: string; readonly integration?: readonly string[] };

export function addRunnerCreate(runner: Command, session: Session): void {
  verb(runner, "create", "Creates a runner and shows its enrolment code, once")
    .requiredOption("--name <name>", "what to call it, such as the machine's name")
    .addOption(repeated("--integration <integration>", "id or name of a local integration it may run; all when absent"))
    .action(async ({ name, integration }: Options) => {
      const api = await session.api();
      const integrationIds =
        integration === undefined ? null : await Promise.all(integration.map((typed) => integrationId(api, typed)));
      const body = { name, integrationIds };
      const created = await api.call({ method: "POST", path: "/runners", body }, createdRunnerSchema);
      session.out.result(created, () =>
        [
          `Created the runner ${printable(created.name)}. On its machine, within 15 minutes:`,
          "",
          `  rollcall runner enroll --url ${api.url} --code ${created.code}`,
        ].join("\n"),
      );
    });
}
