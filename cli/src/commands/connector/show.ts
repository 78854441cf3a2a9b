import { type Connector, connectorSchema } from "@rollcall/core/contract/connectors.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import type { Session } from "../../session.ts";
import type { Output } from "../../terminal/output.ts";
import { formatPairs, formatTable } from "../../terminal/table.ts";
import { valueText } from "../../terminal/text.ts";
import { verb } from "../verb.ts";

export function addConnectorShow(connector: Command, { api, out }: Session): void {
  verb(connector, "show <id>", "Shows what a connector asks for and what it reads").action(async (id: string) => {
    const found = await (await api()).call({ method: "GET", path: apiPath`/connectors/${id}` }, connectorSchema);
    out.result(found, () => describe(out, found));
  });
}

function describe(
  out: Output,
  { id, name, publisher, category, authorization, inputs, fields, notProvided }: Connector,
) {
  return [
    formatPairs([
      ["Connector", `${name} (${id})`],
      ["Publisher", publisher],
      ["Category", category],
      ...authorization.map(
        (form) =>
          [
            "Credential",
            `${form.label}: ${form.fields.map((field) => `${field.name}${field.secret ? " (secret)" : ""}`).join(", ")}`,
          ] as const,
      ),
      ...notProvided.map((missing) => ["Not provided", `${missing.field}: ${missing.because}`] as const),
    ]),
    formatTable(
      out,
      [
        { title: "input", value: (item) => item.name, whole: true },
        { title: "kind", value: (item) => item.input.kind },
        { title: "default", value: ({ input }) => ("default" in input ? valueText(input.default ?? null) : "") },
        { title: "meaning", value: (item) => `${item.input.label}: ${item.input.help}` },
      ],
      inputs,
    ),
    formatTable(
      out,
      [
        { title: "field", value: (field) => field.id, whole: true },
        { title: "type", value: (field) => field.type },
        { title: "label", value: (field) => field.label },
        { title: "path", value: (field) => field.path },
      ],
      fields,
    ),
  ].join("\n\n");
}
