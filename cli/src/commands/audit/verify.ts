import { type HistoryCheck, historyCheckSchema } from "@rollcall/core/contract/access.ts";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import type { Session } from "../../session.ts";
import { type Column, formatTable } from "../../terminal/table.ts";
import { counted } from "../../terminal/text.ts";
import { verb } from "../verb.ts";

export function addAuditVerify(audit: Command, { api, out, endWith }: Session): void {
  verb(audit, "verify", "Checks that history is as it was written; ends with 1 when it is not").action(async () => {
    const server = await api();
    const check = await server.call({ method: "GET", path: "/audit/history-check" }, historyCheckSchema);
    out.result(check, () => {
      if (check.ok) return `${out.paint("ok", "green")}  History is as it was written.`;
      const places = [
        ...(check.broken.length > 0 ? [counted(check.broken.length, "run")] : []),
        ...(check.brokenEdits.length > 0 ? [counted(check.brokenEdits.length, "edit by hand", "edits by hand")] : []),
      ];
      return [
        `${out.paint("broken", "red")}  History is not as it was written in ${places.join(" and ")}.`,
        ...(check.broken.length > 0 ? ["", formatTable(out, columns, check.broken)] : []),
        ...(check.brokenEdits.length > 0 ? ["", formatTable(out, editColumns, check.brokenEdits)] : []),
      ].join("\n");
    });
    if (check.ok) return;
    out.hint("Compare these runs with a backup from before. The check itself changes nothing.");
    endWith(exitCodes.failed);
  });
}

type Broken = HistoryCheck["broken"][number];

const columns: readonly Column<Broken>[] = [
  { title: "run", value: ({ runId }) => runId, whole: true },
  { title: "integration", value: ({ integrationId }) => integrationId, whole: true },
  { title: "what is wrong", value: ({ broken }) => meanings[broken] },
];

const editColumns: readonly Column<HistoryCheck["brokenEdits"][number]>[] = [
  { title: "entry", value: ({ changeId }) => changeId, whole: true },
  { title: "person", value: ({ personId }) => personId ?? "", whole: true },
];

const meanings: Readonly<Record<Broken["broken"], string>> = {
  change: "an entry was edited",
  chain: "an entry was added or removed, or an earlier run was changed",
};
