import { stat } from "node:fs/promises";
import { checkConnector } from "@rollcall/core/connector/check-connector.ts";
import type { Command } from "commander";
import { readConnectorFolder } from "../../connector-folder.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Session } from "../../session.ts";
import { counted, printable } from "../../terminal/text.ts";
import { wrongUse } from "../../wrong-use.ts";
import { verb } from "../verb.ts";

export function addConnectorCheck(connector: Command, { out, endWith }: Session): void {
  verb(connector, "check <folder>", "Checks a connector's folder over its recordings, without a server").action(
    async (path: string) => {
      if (!(await isFolder(path))) throw wrongUse(`There is no folder ${path}.`);
      const folder = await readConnectorFolder(path);
      const checks = checkConnector(folder);
      const failed = checks.filter(({ ok }) => !ok).length;
      out.result({ connector: folder.id, ok: failed === 0, checks }, () =>
        [
          ...checks.map(({ name, ok, detail }) =>
            ok
              ? `${out.paint("ok", "green")}    ${printable(name)}`
              : `${out.paint("fails", "red")} ${printable(name)}\n${indented(detail)}`,
          ),
          "",
          failed === 0
            ? `${folder.id} keeps the contract: ${counted(checks.length, "check")}.`
            : `${folder.id} fails ${counted(failed, "check")} of ${checks.length}.`,
        ].join("\n"),
      );
      if (failed > 0) endWith(exitCodes.failed);
    },
  );
}

function indented(detail: string): string {
  return printable(detail, { lines: true }).replace(/^/gm, "        ");
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
