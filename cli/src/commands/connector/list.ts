import { connectorListSchema } from "@rollcall/core/contract/connectors.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { formatTable } from "../../terminal/table.ts";
import { verb } from "../verb.ts";

export function addConnectorList(connector: Command, { api, out }: Session): void {
  verb(connector, "list", "Lists the vendors that can be read")
    .option("--search <text>", "only what contains the text in name, publisher or category")
    .action(async ({ search: q }: { search?: string }) => {
      const list = await (await api()).call({ method: "GET", path: "/connectors", query: { q } }, connectorListSchema);
      out.result(list, () =>
        list.data.length === 0
          ? ""
          : formatTable(
              out,
              [
                { title: "id", value: ({ id }) => id, whole: true },
                { title: "name", value: ({ name }) => name },
                { title: "publisher", value: ({ publisher }) => publisher },
                { title: "category", value: ({ category }) => category },
                { title: "reads", value: ({ kind }) => kind },
              ],
              list.data,
            ),
      );
      if (list.data.length === 0) {
        out.hint("No connector matches. A vendor of your own is a folder: see connectors/README.md.");
      }
    });
}
