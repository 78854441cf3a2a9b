import type { Command } from "commander";
import { findEnrolment } from "../../runner/find-enrolment.ts";
import { createRunnerApi } from "../../runner/runner-api.ts";
import type { Session } from "../../session.ts";
import { formatTable } from "../../terminal/table.ts";
import { instant, printable } from "../../terminal/text.ts";
import { verb } from "../verb.ts";

export function addRunnerStatus(runner: Command, { environment, out }: Session): void {
  verb(runner, "status", "Shows whose runner this machine is and what it may run").action(async () => {
    const enrolment = await findEnrolment(environment);
    const status = await createRunnerApi(enrolment, out.note).status();
    out.result({ url: enrolment.url, ...status }, () =>
      [
        `${printable(status.name)}, a runner of ${enrolment.url} (Rollcall ${status.serverVersion})`,
        ...(status.integrations.length === 0
          ? ["There are no local integrations for it."]
          : ["", formatTable(out, columns, status.integrations)]),
      ].join("\n"),
    );
  });
}

type Integration = Awaited<ReturnType<ReturnType<typeof createRunnerApi>["status"]>>["integrations"][number];

const columns = [
  { title: "integration", value: ({ name }: Integration) => name },
  { title: "connector", value: ({ connector }: Integration) => connector },
  { title: "status", value: ({ status }: Integration) => status },
  { title: "last run", value: ({ lastRun }: Integration) => lastRun?.status ?? "none" },
  { title: "ended", value: ({ lastRun }: Integration) => instant(lastRun?.finishedAt ?? null) },
] as const;
