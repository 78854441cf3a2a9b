import { join, relative, sep } from "node:path";
import { manifestJsonSchema } from "@rollcall/core/connector/manifest.ts";
import { loadConnectorCatalog } from "@rollcall/server/features/integrations/connector-catalog.ts";
import { makeSchemaFiles } from "@rollcall/server/test/schema-files.ts";
import { readSources } from "../house-rules/source.ts";
import { readMeasured } from "../record-measured.ts";
import { connectorsPage } from "./connectors-page.ts";
import { errorsPage } from "./errors-page.ts";
import { formatJson } from "./format-json.ts";
import { openapiDocument } from "./openapi-document.ts";
import { reliabilityPage, type TestText } from "./reliability-page.ts";

/** A committed file that is made from the sources; `path` is relative to the repository, with `/`. */
export type GeneratedFile = { readonly path: string; readonly text: string };

const root = join(import.meta.dirname, "../..");

/** All generated files with the text they should have. Starts a throw-away PostgreSQL; writes nothing. */
export async function makeGeneratedFiles(): Promise<readonly GeneratedFile[]> {
  const connectors = await loadConnectorCatalog(join(root, "connectors"));
  const schemaFiles = await makeSchemaFiles();
  return [
    ...schemaFiles.map(({ path, text }) => ({ path: relative(root, path).replaceAll(sep, "/"), text })),
    { path: "connectors/connector.schema.json", text: formatJson(manifestJsonSchema()) },
    { path: "docs/errors.md", text: errorsPage() },
    { path: "docs/connectors.md", text: connectorsPage(connectors.list()) },
    { path: "docs/openapi.json", text: await openapiDocument(connectors) },
    { path: "docs/reliability.md", text: reliabilityPage(await readTests(), await readMeasured()) },
  ];
}

/** Files that declare tests, or laws that become tests. */
async function readTests(): Promise<readonly TestText[]> {
  const sources = await readSources(root);
  return sources
    .filter(({ path }) => /(\.test|-laws)\.ts$/.test(path) && !path.startsWith("test/generated/"))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
}
