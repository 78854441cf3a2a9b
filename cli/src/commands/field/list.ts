import { fieldEntities, fieldSchema } from "@rollcall/core/contract/fields.ts";
import { listOf } from "@rollcall/core/contract/listing.ts";
import type { Command } from "commander";
import type { Session } from "../../session.ts";
import { formatTable, yesNo } from "../../terminal/table.ts";
import { oneOf, verb } from "../verb.ts";

export function addFieldList(field: Command, { api, out }: Session): void {
  verb(field, "list", "Lists the fields of people and SaaS users")
    .addOption(oneOf("--entity <entity>", "only those of people or of SaaS users", fieldEntities))
    .action(async ({ entity }: { entity?: string }) => {
      const request = { method: "GET", path: "/fields", query: { entity } } as const;
      const list = await (await api()).call(request, listOf(fieldSchema));
      out.result(list, () =>
        formatTable(
          out,
          [
            { title: "entity", value: (item) => item.entity },
            { title: "name", value: ({ name }) => name, whole: true },
            { title: "label", value: ({ label }) => label },
            { title: "type", value: ({ type }) => type },
            { title: "mandatory", value: ({ mandatory }) => yesNo(mandatory) },
            { title: "unique", value: ({ unique }) => yesNo(unique) },
            { title: "built in", value: ({ builtIn }) => yesNo(builtIn) },
          ],
          list.data,
        ),
      );
    });
}
