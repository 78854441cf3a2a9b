import { type MappingPreview, mappingPreviewSchema } from "@rollcall/core/contract/integrations.ts";
import type { Command } from "commander";
import { apiPath } from "../../api/api-path.ts";
import { integrationId } from "../../api/find-by-name.ts";
import { readDocument } from "../../read-document.ts";
import type { Session } from "../../session.ts";
import { formatTable } from "../../terminal/table.ts";
import { counted, valueText } from "../../terminal/text.ts";
import { verb } from "../verb.ts";

export function addIntegrationPreview(integration: Command, session: Session): void {
  verb(integration, "preview <integration>", "Shows the vendor's newest records through the mapping; writes nothing")
    .option("--file <file>", 'a JSON document with another "mapping" or "filter" to try; - is the standard input')
    .action(async (typed: string, { file }: { file?: string }) => {
      const { out, input } = session;
      const api = await session.api();
      const body = file === undefined ? {} : await readDocument(file, input);
      const path = apiPath`/integrations/${await integrationId(api, typed)}/preview-mapping`;
      const preview = await api.call({ method: "POST", path, body }, mappingPreviewSchema);
      out.result(preview, () => [formatTable(out, columns, preview.records), ...problems(preview)].join("\n"));
      out.hint(`${preview.passing} of ${counted(preview.fetched, "fetched record")} pass the filter.`);
    });
}

type PreviewRecord = MappingPreview["records"][number];

const columns = [
  { title: "key", value: ({ key }: PreviewRecord) => key ?? "(unreadable)" },
  { title: "outcome", value: ({ outcome }: PreviewRecord) => outcome },
  { title: "username", value: ({ person }: PreviewRecord) => cell(person.username) },
  { title: "e-mail", value: ({ person }: PreviewRecord) => cell(person.email) },
  { title: "name", value: ({ person }: PreviewRecord) => cell(person.fullName) },
  { title: "role", value: ({ person }: PreviewRecord) => cell(person.role) },
  { title: "SaaS role", value: ({ saas }: PreviewRecord) => cell(saas.role) },
];

function cell(value: unknown): string {
  return value === null || value === undefined ? "" : valueText(value);
}

function problems({ records }: MappingPreview): readonly string[] {
  return records.flatMap(({ key, problems: found }) =>
    found.map(({ target, message }) => `  ${key ?? "(unreadable)"} ${target}: ${message}`),
  );
}
